"""How far branches have come in the quarter, in words; in the order of names, never of figures."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.branches.models import Organization
from apps.branches.names import stroke_key
from apps.duties.models import DutyPeriod
from apps.duties.schedule import span_containing


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the duties that fall due in the quarter: how many there are, are done, were waived or explained."""

    organization: Organization
    due: int
    done: int
    closed: int


def _number(periods: QuerySet[DutyPeriod]) -> Coalesce:
    counted = periods.filter(organization=OuterRef("pk")).order_by().values("organization").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def of_quarter(path: str, today: date, follows: frozenset[int] | None, most: int) -> tuple[list[Progress], bool]:
    """The first `most` branches of the tree, sorted by the strokes of their names, and whether there are more. One query."""
    span = span_containing(today, 3)
    due = DutyPeriod.objects.due_in(span.starts_on, span.ends_before)
    branches = Organization.objects.under(path).active(today).filter(kind=Organization.Kind.BRANCH).order_by("path")
    if follows is not None:
        branches = branches.filter(pk__in=follows)
    rows = list(
        branches.annotate(
            due=_number(due), done=_number(due.fulfilled()), closed=_number(due.filter(closed_as__in=("waived", "explained")))
        )[: most + 1]
    )  # fmt: skip
    shown = sorted(rows[:most], key=lambda row: (stroke_key(str(row)), row.path))
    return [Progress(row, row.due, row.done, row.closed) for row in shown], len(rows) > most
