"""Which branches a staff member follows (分片联系): the filter that lists of the committee open with."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.branches import rules
from apps.branches.models import Liaison, Organization, Person, Post
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.core.models import audit

if TYPE_CHECKING:
    from apps.accounts.models import User


def whose(request: HtmxRequest) -> tuple[str, frozenset[int] | None]:
    """ "mine" or "all" as the address says, and the ids of "mine"; without branches that one follows there is no choice."""
    follows = request.user.reach.follows
    if not follows:
        return "", None
    return ("all", None) if request.GET.get("whose") == "all" else ("mine", follows)


def staff_of(organization: Organization, today: date) -> list[Person]:
    """Who works for the committee today, by surname strokes."""
    held = Post.objects.on(today).filter(organization=organization, kind=Post.Kind.AFFAIRS_WORKER)
    return list(Person.objects.filter(pk__in=held.values("person")).order_by("stroke_key", "pk"))


@transaction.atomic
def liaisons_set(
    *,
    organization: Organization,
    person: Person,
    shown: Collection[int],
    chosen: Collection[int],
    by: "User",
    today: date,
) -> tuple[int, int]:
    """Of the branches `shown` (ids below the committee), `person` follows `chosen` from today on and no other.

    Branches that were not shown stay as they are. Returns how many began and ended; the same again changes nothing.
    """
    if not rules.can_assign_liaisons(by, organization):
        raise RuleBroken(_("The staff of this committee and the administrator say who follows which branch."))
    if (
        not Post.objects.on(today)
        .filter(organization=organization, person=person, kind=Post.Kind.AFFAIRS_WORKER)
        .exists()
    ):
        raise RuleBroken(_("%(name)s does not work for this committee.") % {"name": person})
    branches = Organization.objects.under(organization.path).filter(kind=Organization.Kind.BRANCH, pk__in=set(shown))
    known = {row.pk for row in branches.select_for_update().order_by("pk")}  # two at the same page: one after the other
    open_rows = Liaison.objects.filter(person=person, organization__in=known, ends_before=None)
    followed = set(open_rows.values_list("organization_id", flat=True))
    begin, end = (known & set(chosen)) - followed, (known & followed) - set(chosen)
    Liaison.objects.bulk_create(
        Liaison(organization_id=pk, person=person, starts_on=today, entered_by=by) for pk in sorted(begin)
    )
    ending = open_rows.filter(organization__in=end)
    ending.filter(starts_on__gte=today).delete()  # chosen by mistake: it never was
    ending.update(ends_before=today)
    if begin or end:
        audit(
            by=by, action="liaisons_set", subject=person, organization_id=organization.pk, note=f"+{len(begin)} -{len(end)}"
        )  # fmt: skip
    return len(begin), len(end)
