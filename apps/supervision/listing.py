"""The ledger as lists show it: filters, pages by keyset, and each row's measures and last progress in the same query."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.db.models import Count, OuterRef, Q, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization
from apps.supervision import rules
from apps.supervision.models import Measure, Proof, Rectification, Step
from apps.supervision.querysets import RectificationQuerySet

PAGE = 50


class Shown(TextChoices):
    """Which rows: what people ask for."""

    UNFINISHED = "unfinished", pgettext_lazy("rectification", "Not closed")
    ASKED = "asked", pgettext_lazy("rectification", "Closing asked for")
    DUE = "due", _("Due within 10 days")
    OVERDUE = "overdue", pgettext_lazy("rectification", "Overdue")
    ONGOING = "ongoing", pgettext_lazy("rectification", "Kept up")
    CLOSED = "closed", pgettext_lazy("rectification", "Closed")
    ALL = "all", _("All")


@dataclass(frozen=True, slots=True)
class Filters:
    """`branch`: part of a name; `year`: found in it (0: any)."""

    state: str = Shown.UNFINISHED
    branch: str = ""
    source: str = ""
    year: int = 0

    @classmethod
    def of(cls, given: QueryDict, default: str = Shown.UNFINISHED) -> Self:
        state, source, year = given.get("state", ""), given.get("source", ""), given.get("year", "")
        branch = " ".join(given.get("branch", "").split())[:40]
        return cls(
            state=state if state in Shown.values else default,
            branch=branch if branch.isprintable() else "",
            source=source if source in Rectification.Source.values else "",
            year=int(year) if year.isdecimal() and year.isascii() and 2000 <= int(year[:5]) <= 2100 else 0,
        )

    def query(self, **more: str) -> str:
        from urllib.parse import urlencode

        parts = {"state": self.state, "branch": self.branch, "source": self.source, "year": str(self.year or "")} | more
        return urlencode({name: value for name, value in parts.items() if value})

    def apply(self, rows: RectificationQuerySet, today: date) -> RectificationQuerySet:
        if self.state == Shown.UNFINISHED:
            rows = rows.exclude(state=Rectification.State.CLOSED)
        elif self.state == Shown.ASKED:
            rows = rows.filter(state=Rectification.State.CLOSURE_REQUESTED)
        elif self.state == Shown.DUE:
            until = today + timedelta(days=rules.DUE_SOON_DAYS)
            rows = rows.working().filter(due_on__range=(today, until))
        elif self.state == Shown.OVERDUE:
            rows = rows.overdue(today)
        elif self.state in (Shown.ONGOING, Shown.CLOSED):
            rows = rows.filter(state=self.state)
        if self.branch:
            rows = rows.filter(
                Q(organization__name__icontains=self.branch) | Q(organization__short_name__icontains=self.branch)
            )
        if self.source:
            rows = rows.filter(source=self.source)
        if self.year:
            rows = rows.filter(found_on__range=(date(self.year, 1, 1), date(self.year, 12, 31)))
        return rows


def with_digest(rows: RectificationQuerySet) -> RectificationQuerySet:
    """`measure_count`, `measures_done`, `proof_count`, `last_on`, `last_text`."""

    def number(inner: object) -> Coalesce:
        counted = inner.filter(rectification=OuterRef("pk")).order_by().values("rectification").values(n=Count("*"))
        return Coalesce(Subquery(counted), 0)

    said = Step.objects.filter(
        rectification=OuterRef("pk"), kind__in=(Step.Kind.PROGRESS, Step.Kind.ASKED, Step.Kind.MEASURE_DONE)
    ).order_by("-pk")[:1]
    return rows.annotate(
        measure_count=number(Measure.objects.all()),
        measures_done=number(Measure.objects.exclude(done_on=None)),
        proof_count=number(Proof.objects.all()),
        last_on=Subquery(said.values("on")),
        last_text=Subquery(said.values("text")),
    ).select_related("organization", "owner")


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Rectification]
    next_after: str  # empty on the last


def page_of_subtree(
    rows: RectificationQuerySet, filters: Filters, today: date, *, after: str = "", size: int = PAGE
) -> Page:
    """By due day; what has none comes last. One query."""
    rows = filters.apply(rows, today)
    if cursor := _cursor(after):
        rows = rows.filter(Q(order_on__gt=cursor[0]) | Q(order_on=cursor[0], pk__gt=cursor[1]))
    found = list(with_digest(rows).order_by("order_on", "pk")[: size + 1])
    shown = found[:size]
    last = f"{shown[-1].order_on}_{shown[-1].pk}" if len(found) > size else ""
    return Page(shown, last)


def _cursor(text: str) -> tuple[date, int] | None:
    day, _line, pk = text[:40].partition("_")
    try:
        on = parse_date(day)
    except ValueError:
        return None
    return (on, int(pk)) if on and pk.isascii() and pk.isdecimal() and len(pk) < 19 else None


def ledger_of_branch(
    rows: RectificationQuerySet, organization: Organization, year: int, filters: Filters, today: date, most: int = 200
) -> list[Rectification]:
    """What was found in `year`, and on top what earlier years left unfinished."""
    wanted = Q(found_on__range=(date(year, 1, 1), date(year, 12, 31)))
    wanted |= Q(found_on__lt=date(year, 1, 1)) & ~Q(state=Rectification.State.CLOSED)
    rows = filters.apply(rows.filter(wanted, organization=organization), today)
    return list(with_digest(rows).in_ledger_order(year)[:most])
