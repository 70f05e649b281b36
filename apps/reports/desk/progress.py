"""How far branches have come in the quarter, in words; in the order of names, never of figures."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.branches.models import Organization
from apps.branches.names import stroke_key
from apps.duties.schedule import Span, span_containing
from apps.reports.figures import BY_SLUG, Scope


@dataclass(frozen=True, slots=True)
class Progress:
    """The figures of the branch's report under the same names, of the quarter that runs."""

    organization: Organization
    owed: int
    done: int
    explained: int


def _number(slug: str, path: str, span: Span, today: date) -> Coalesce:
    rows: QuerySet = BY_SLUG[slug].rows(Scope.under(path), span, today)
    counted = rows.filter(organization=OuterRef("pk")).order_by().values("organization").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def of_quarter(path: str, today: date, follows: frozenset[int] | None, most: int) -> tuple[list[Progress], bool]:
    """The first `most` branches of the tree, sorted by the strokes of their names, and whether there are more. One query."""
    span = span_containing(today, 3)
    branches = Organization.objects.under(path).active(today).filter(kind=Organization.Kind.BRANCH).order_by("path")
    if follows is not None:
        branches = branches.filter(pk__in=follows)
    figures = {name: _number(f"duties_{name}", path, span, today) for name in ("owed", "done", "explained")}
    rows = list(branches.annotate(**figures)[: most + 1])
    shown = sorted(rows[:most], key=lambda row: (stroke_key(str(row)), row.path))
    return [Progress(row, row.owed, row.done, row.explained) for row in shown], len(rows) > most
