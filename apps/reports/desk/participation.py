"""Who took part: how many of those expected came to what was filed. Whoever has no mark is unknown and in neither figure.

Percentages stand on a branch's own page alone; where branches stand next to each other it is figures in words, in the order of
the tree.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from apps.activities.models import Activity, ActivityKind, Attendance, Behaviour

CAME = Q(status__in=Attendance.PRESENT)


@dataclass(frozen=True, slots=True)
class Turnout:
    """`meetings` sittings, `expected` marks of people who ought to have come, `came` those who did."""

    meetings: int = 0
    expected: int = 0
    came: int = 0

    @property
    def percent(self) -> int:
        return round(100 * self.came / self.expected) if self.expected else 0


def _marks(organizations: Collection[int], first: date, last: date):  # noqa: ANN202
    """Of sittings held in these days, both included, with a filed record that is no talk and expects somebody."""
    counts = Activity.objects.filter(sitting=OuterRef("sitting"), state=Activity.State.FILED).exclude(
        kind__behaviour__in=(Behaviour.TALK, Behaviour.INVITED, Behaviour.PAPER)
    )
    return Attendance.objects.filter(
        Exists(counts), is_expected=True, sitting__organization__in=organizations, sitting__held_on__range=(first, last)
    )


def by_branch(organizations: Collection[int], first: date, last: date) -> dict[int, Turnout]:
    """Keyed by branch; one without marks is not there. One query."""
    rows = (
        _marks(organizations, first, last)
        .values_list("sitting__organization")
        .annotate(meetings=Count("sitting", distinct=True), expected=Count("pk"), came=Count("pk", filter=CAME))
    )
    return {pk: Turnout(*figures) for pk, *figures in rows}


def by_kind(organization: int, first: date, last: date) -> list[tuple[ActivityKind, Turnout]]:
    """In the order of kinds; a sitting of two kinds counts for both. Two queries."""
    rows = (
        _marks([organization], first, last)
        .filter(sitting__activities__state=Activity.State.FILED)
        .values_list("sitting__activities__kind")
        .annotate(meetings=Count("sitting", distinct=True), expected=Count("pk"), came=Count("pk", filter=CAME))
    )
    found = {kind: Turnout(*figures) for kind, *figures in rows}
    return [(kind, found[kind.pk]) for kind in ActivityKind.objects.filter(pk__in=found)]
