"""Who took part: how many of those expected came to what was filed. Whoever has no mark is unknown and in neither figure.

The rows are those of the figure "attendance". Shares stand on a branch's own page alone; where branches stand next to each other
it is said in words, in the order of the tree.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from apps.activities.models import Activity, ActivityKind, Attendance
from apps.duties.schedule import Span
from apps.reports.figures import ATTENDANCES, BY_SLUG, Scope, Value

COUNTS = {
    "meetings": Count("sitting", distinct=True),
    "expected": Count("pk"),
    "came": Count("pk", filter=Q(status__in=Attendance.PRESENT)),
}


@dataclass(frozen=True, slots=True)
class Turnout:
    """`meetings` sittings, `expected` marks of people who ought to have come, `came` those who did."""

    meetings: int
    expected: int
    came: int

    @property
    def share(self) -> Value:
        return Value(self.came, self.expected)

    @property
    def words(self) -> str:
        """For pages where other branches stand beside it."""
        if self.came == self.expected:
            return _("everyone expected came")
        return _("most of those expected came") if 2 * self.came >= self.expected else _("fewer than half came")


def until(first: date, today: date) -> Span:
    """From `first` to today, both included."""
    return Span(first, today + timedelta(days=1))


def by_branch(path: str, organizations: Collection[int], first: date, today: date) -> dict[int, Turnout]:
    """Of branches below `path`, by id; one without marks is not there. One query."""
    rows = ATTENDANCES.rows(Scope.under(path), until(first, today), today)
    rows = rows.filter(sitting__organization__in=organizations).order_by()
    found = rows.values(place=F(ATTENDANCES.at)).annotate(**COUNTS).values_list("place", *COUNTS)
    return {pk: Turnout(*figures) for pk, *figures in found}


def by_kind(organization: int, first: date, today: date) -> list[tuple[ActivityKind, Turnout]]:
    """In the order of kinds; a sitting of two kinds counts for both. Two queries."""
    rows = ATTENDANCES.rows(Scope(organization_id=organization), until(first, today), today)
    kind = F("sitting__activities__kind")
    rows = rows.filter(sitting__activities__state=Activity.State.FILED).order_by().values(kind=kind).annotate(**COUNTS)
    found = {pk: Turnout(*figures) for pk, *figures in rows.values_list("kind", *COUNTS)}
    return [(row, found[row.pk]) for row in ActivityKind.objects.filter(pk__in=found)]


def total(organization: int, first: date, today: date) -> Value:
    """As the branch's report has it: each sitting once. One query."""
    return BY_SLUG["attendance"].value(Scope(organization_id=organization), until(first, today), today)
