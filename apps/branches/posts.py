"""Entering a post from the page: from the list, by user name, or with a person who is in no books yet."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.branches import names, rules, services
from apps.branches.models import Membership, Organization, PartyGroup, Person, Post
from apps.branches.querysets import PersonQuerySet
from apps.core.errors import RuleBroken

if TYPE_CHECKING:
    from apps.accounts.models import User

NEW_PEOPLE = (
    *rules.BY_SUPERIOR,
    Post.Kind.ACTING_SECRETARY,
    Post.Kind.AFFAIRS_WORKER,
)  # whom the level above may add by name


def candidates(user: "User", organization: Organization, today: date) -> PersonQuerySet:
    """People of the organization the user may see; the administrator, who sees nobody, those kept at a committee itself."""
    here = Q(organization=organization) | Exists(
        Membership.objects.on(today).filter(person=OuterRef("pk"), organization=organization)
    )
    people = Person.objects.visible_to(user, today)
    if user.reach.is_administrator and not organization.is_branch:
        people = Person.objects.all()
    return people.filter(here).exclude(pk=user.reach.person_id or 0).order_by("stroke_key", "pk")


def may_add(kinds: tuple[str, ...]) -> bool:
    return any(kind in NEW_PEOPLE for kind in kinds)


def may_name(kinds: tuple[str, ...]) -> bool:
    """Staff are often members of a branch elsewhere: they are found by the account they have."""
    return Post.Kind.AFFAIRS_WORKER in kinds


@transaction.atomic
def post_enter(
    *, organization: Organization, kind: str, starts_on: date, by: "User", today: date, person: Person | None = None,
    new_name: str = "", username: str = "", group: PartyGroup | None = None,
) -> Post:  # fmt: skip
    """Exactly one of `person`, `new_name`, `username`. All of it or nothing.

    Raises RuleBroken as post_start does, for a user name nobody has, and for a new name that is in the list already.
    """
    if new_name and kind not in NEW_PEOPLE:
        raise RuleBroken(_("Committee members and group leaders are chosen from the roster."))
    if username and kind != Post.Kind.AFFAIRS_WORKER:
        raise RuleBroken(_("Choose the person from the list."))
    if username:
        person = Person.objects.filter(user__username=username.strip().lower(), user__is_active=True).first()
        if person is None:
            raise RuleBroken(_("No person has this user name."))
    elif new_name:
        name = names.clean_name(new_name)
        if not name:
            raise RuleBroken(_("Write the name."))
        if kind not in rules.enterable_posts(by, organization, today):
            raise RuleBroken(_("You cannot enter this post. %(who)s") % {"who": services.who_enters(kind)})
        # Also what a second press of the button runs into.
        if Person.objects.filter(organization=organization, name=name).exists():
            raise RuleBroken(_("“%(name)s” is in the list already. Choose the person there.") % {"name": name})
        person = services.person_create(organization=organization, name=name, by=by)
    return services.post_start(
        person=person, organization=organization, kind=kind, starts_on=starts_on, by=by, today=today, group=group
    )
