"""Who may see what of a roster. Pages show or hide by these; the services refuse on them."""

from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, QuerySet, Value, When

from apps.branches.models import Organization, Person
from apps.branches.querysets import nearest_staff

if TYPE_CHECKING:
    from apps.accounts.models import User


class Sight(IntEnum):
    """How much of a branch's people somebody sees, the least first."""

    NOTHING = 0
    COUNTS = 1  # staff of a level above the nearest one that has staff: counts and documents only
    GROUP = 2  # a group leader: names of the own group
    PERSONS = 3  # the nearest staff: reads
    KEEPER = 4  # the branch committee: reads and keeps the roster


def branches_with_sight(user: "User", today: date) -> QuerySet[Organization]:
    """Branches the user may look into, each with `is_nearest`. Start here, then ask `sight_of`."""
    nearest = Case(
        When(nearest_staff(user, today, path="path"), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return Organization.objects.visible_to(user).filter(kind=Organization.Kind.BRANCH).annotate(is_nearest=nearest)


def sight_of(user: "User", branch: Organization) -> Sight:
    """`branch` comes from `branches_with_sight`. Plain members see their own record only, which has its own address."""
    reach = user.reach
    if branch.pk in reach.committee_of:
        return Sight.KEEPER
    if getattr(branch, "is_nearest", False):
        return Sight.PERSONS
    if any(branch.path.startswith(path) for path in reach.staff_paths):
        return Sight.COUNTS
    if reach.leads_groups and branch.pk in reach.member_of:
        return Sight.GROUP
    return Sight.NOTHING


def can_keep(user: "User", person: Person) -> bool:
    """Change the record: the branch committee where it is kept."""
    return person.organization_id in user.reach.committee_of


def can_open_id_number(user: "User", person: Person, *, is_nearest: bool) -> bool:
    """Oneself, the branch committee, the nearest staff. Everybody else but oneself is noted."""
    return person.pk == user.reach.person_id or can_keep(user, person) or is_nearest
