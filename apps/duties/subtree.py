"""Branches × duties of one month below a committee: who needs help. A page of branches, whatever the size of the tree.

The page, its Excel file and a branch's own board read their cells from `board.cell_of`, so they cannot differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Organization
from apps.branches.querysets import OrganizationQuerySet
from apps.duties import board
from apps.duties.board import Cell
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.querysets import DutyPeriodQuerySet
from apps.duties.schedule import State, span_containing

PAGE = 50
# Of several groups in one cell the one that most needs a look is shown: first where an answer is awaited.
URGENCY = (
    State.OVERDUE, State.DUE_SOON, State.IN_PROGRESS, State.NOT_DUE, "held_late", "recorded_late", State.DONE, State.EXPLAINED,
    State.WAIVED, State.NOT_APPLICABLE,
)  # fmt: skip


class Shown(TextChoices):
    """Which branches: by the state of what they owe in the month (of the chosen duty, if one is chosen)."""

    OVERDUE = "overdue", _("With something overdue")
    OPEN = "open", _("With something still to do")
    ASKED = "asked", _("Asking for a waiver")
    DONE = "done", _("With nothing open")


@dataclass(frozen=True, slots=True)
class Filters:
    """`follows`: only these branches (ids); None for all."""

    duty: str = ""
    state: str = ""
    branch_type: str = ""
    follows: frozenset[int] | None = None

    @property
    def is_any(self) -> bool:
        return bool(self.duty or self.state or self.branch_type or self.follows is not None)


@dataclass(slots=True)
class Line:
    organization: Organization
    cells: dict[str, list[Cell]] = field(default_factory=dict)

    def shown(self, slugs: Iterable[str]) -> list[Cell]:
        """One cell a column; an empty one where the branch does not owe it."""
        return [_worst(self.cells.get(slug, [])) for slug in slugs]


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    rules: list[DutyRule]  # one a column
    next_after: str  # the path after which the next page begins; empty on the last


def _worst(cells: list[Cell]) -> Cell:
    if not cells:
        return Cell(1)
    worst = min(cells, key=lambda cell: (not cell.asked, URGENCY.index(cell.status)))
    if len(cells) == 1:
        return worst
    done = sum(cell.status in ("done", "held_late", "recorded_late") for cell in cells)
    return Cell(
        1,
        status=worst.status,
        title=worst.title,
        text=worst.text if worst.asked else f"{done}/{len(cells)}",
        when=worst.when,
        starts_on=worst.starts_on,
        asked=worst.asked,
    )


def month_of_subtree(
    top: Organization, month: date, today: date, filters: Filters | None = None, *, after: str = "", size: int = 0
) -> Page:
    """`month` is its first day; `size` branches a page. Two queries."""
    filters, size = filters or Filters(), size or PAGE
    span = span_containing(month, 1)
    in_month = DutyPeriod.objects.under(top.path).filter(starts_on__lt=span.ends_before, ends_before__gt=span.starts_on)
    if filters.duty:
        in_month = in_month.filter(rule__slug=filters.duty)
    rows = list(_branches(top, in_month, today, filters, after)[: size + 1])
    shown = rows[:size]
    lines = {organization.pk: Line(organization) for organization in shown}
    rules: dict[str, DutyRule] = {}
    periods = (
        in_month.filter(organization__in=list(lines))
        .with_state(today)
        .with_request()
        .select_related("rule__set_by", "group")
    )
    for period in periods.order_by("rule__order", "rule__slug", "group__order", "starts_on"):
        rules.setdefault(period.rule.slug, period.rule)
        lines[period.organization_id].cells.setdefault(period.rule.slug, []).append(
            board.cell_of(period, today, 1, month.year)
        )
    return Page(
        lines=list(lines.values()),
        rules=sorted(rules.values(), key=lambda rule: (rule.order, rule.slug)),
        next_after=shown[-1].path if len(rows) > size else "",
    )


def _branches(
    top: Organization, in_month: DutyPeriodQuerySet, today: date, filters: Filters, after: str
) -> OrganizationQuerySet:
    branches = Organization.objects.under(top.path).filter(kind=Organization.Kind.BRANCH).order_by("path")
    if after:
        branches = branches.filter(path__gt=after)
    if filters.follows is not None:
        branches = branches.filter(pk__in=filters.follows)
    if filters.branch_type:
        branches = branches.filter(branch_type=filters.branch_type)
    own = in_month.filter(organization=OuterRef("pk"))
    if filters.state == Shown.OVERDUE:
        return branches.filter(Exists(own.overdue(today)))
    if filters.state == Shown.OPEN:
        return branches.filter(Exists(own.unfulfilled()))
    if filters.state == Shown.ASKED:
        return branches.filter(Exists(own.awaiting_waiver()))
    if filters.state == Shown.DONE:
        return branches.filter(Exists(own), ~Exists(own.unfulfilled()))
    return branches
