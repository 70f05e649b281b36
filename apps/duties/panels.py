"""Boxes of the home page: this quarter at a glance for the branch, who needs help for staff."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import get_language

from apps.branches import liaisons
from apps.core.home import Panel
from apps.core.http import HtmxRequest
from apps.duties.explaining import status_of
from apps.duties.models import DutyPeriod
from apps.duties.schedule import State, span_containing
from apps.duties.words import title_of

MOST_BRANCHES = 20
MOST_PERIODS = 1000


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
    """Branches with something long overdue, what was due first on top: help, not blame; no figure compares them.

    One query over at most a year's open index; grouped here, so that a large tree is read no further than the list is long.
    """
    whose, follows = liaisons.whose(request)
    late = DutyPeriod.objects.under(path).needing_help(request.today)
    if follows is not None:
        late = late.filter(organization__in=follows)
    name = "rule__name_en" if get_language() == "en" else "rule__name_zh"
    rows = late.order_by("overdue_from", "path", "pk").values_list(
        "organization__public_id", "organization__short_name", "organization__name", name, "rule__name_zh", "due_on"
    )[:MOST_PERIODS]
    found: dict[str, dict] = {}
    more = False
    for public_id, short, full, duty, duty_zh, due_on in rows:
        item = found.get(public_id)
        if item is None and len(found) == MOST_BRANCHES:
            more = True
        elif item is None:
            url = reverse("duties:board-detail", args=[public_id])
            found[public_id] = {
                "name": short or full, "duty": duty or duty_zh, "due_on": due_on, "others": 0, "url": url,
                "status": State.OVERDUE,
            }  # fmt: skip
        else:
            item["others"] += 1
            if due_on < item["due_on"]:
                item |= {"due_on": due_on, "duty": duty or duty_zh}
    items = sorted(found.values(), key=lambda item: (item["due_on"], item["name"]))
    table = reverse("duties:subtree-list", args=[place])
    context = {"items": items, "more": more, "whose": whose, "is_mine": whose == "mine", "is_all": whose == "all",
               "url": f"{table}?state=overdue&whose={whose}" if whose else f"{table}?state=overdue"}  # fmt: skip
    return Panel("duties/_help_panel.html", context, order=40)
