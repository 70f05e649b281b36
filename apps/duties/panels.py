"""Boxes of the home page: this quarter at a glance for the branch, who needs help for staff."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Min
from django.urls import reverse

from apps.branches.models import Organization
from apps.core.home import Panel
from apps.core.http import HtmxRequest
from apps.duties.explaining import status_of
from apps.duties.models import DutyPeriod
from apps.duties.schedule import State, span_containing
from apps.duties.words import title_of

MOST_BRANCHES = 8


@dataclass(slots=True)
class Line:
    """One duty of the branch, or of one group, with the marks of its periods in this quarter."""

    name: str
    marks: list[tuple[str, str, str]] = field(default_factory=list)  # status, words for a reader, address


def panels(request: HtmxRequest, place: str) -> Iterator[Panel]:
    here = next((one for one in request.user.reach.places if one.public_id == place), None)
    if here is None:
        return
    if here.organization_id in request.user.reach.committee_of:
        yield _quarter(request, here.organization_id, place)
    if here.organization_id in request.user.reach.staff_of:
        yield _needs_help(request, here.path, place)


def _quarter(request: HtmxRequest, organization: int, place: str) -> Panel:
    """Every period that touches the quarter of today; yearly ones only while their window runs."""
    span = span_containing(request.today, 3)
    periods = (
        DutyPeriod.objects.filter(
            organization=organization, starts_on__lt=span.ends_before, ends_before__gt=span.starts_on
        )
        .exclude(closed_as=DutyPeriod.Closed.NOT_APPLICABLE)
        .with_state(request.today)
        .select_related("rule", "group")
        .order_by("rule__order", "group__order", "starts_on")
    )
    lines: dict[tuple[int, int | None], Line] = {}
    for period in periods:
        line = lines.setdefault(
            (period.rule_id, period.group_id), Line(f"{period.rule.name} {period.group or ''}".strip())
        )
        url = reverse("duties:period-detail", args=[place, period.pk])
        line.marks.append((status_of(period, period.state), title_of(period, request.today), url))
    board = reverse("duties:board-detail", args=[place])
    context = {"lines": list(lines.values()), "url": board}
    return Panel("duties/_quarter_panel.html", context, order=60, stylesheet="css/pages/home.css")


def _needs_help(request: HtmxRequest, path: str, place: str) -> Panel:
    """Branches with something overdue, the longest waiting first: help, not blame; no figure compares them."""
    overdue = DutyPeriod.objects.under(path).overdue(request.today)
    rows = list(
        overdue.values("organization_id")
        .annotate(open=Count("pk"), since=Min("due_on"))
        .order_by("since")[:MOST_BRANCHES]
    )
    branches = Organization.objects.in_bulk([row["organization_id"] for row in rows])
    items = [
        {
            "name": str(branches[row["organization_id"]]),
            "open": row["open"],
            "since": row["since"],
            "url": reverse("duties:board-detail", args=[branches[row["organization_id"]].public_id]),
            "status": State.OVERDUE,
        }
        for row in rows
        if row["organization_id"] in branches
    ]
    return Panel(
        "duties/_help_panel.html", {"items": items, "url": reverse("duties:subtree-list", args=[place])}, order=40
    )
