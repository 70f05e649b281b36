"""The year of one branch."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from apps.core.http import HtmxRequest
from apps.duties import board
from apps.duties.models import DutyPeriod
from apps.duties.views import LEGEND, groups_only, place

YEARS = range(1990, 2100)
VIEWS = ("month", "quarter", "list")


def number(text: str, allowed: range, default: int) -> int:
    """From a query string; anything else is the default."""
    return int(text) if text.isascii() and text.isdigit() and int(text) in allowed else default


@require_GET
def board_detail(request: HtmxRequest, organization: str) -> HttpResponse:
    """A committee has no duties of its own: its board is that of the branches below."""
    branch = place(request, organization)
    if not branch.is_branch:
        return redirect("duties:subtree-list", branch.public_id)
    today = request.today
    year = number(request.GET.get("year", ""), YEARS, today.year)
    month = number(request.GET.get("month", ""), range(1, 13), today.month if year == today.year else 1)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "month"
    periods = DutyPeriod.objects.visible_to(request.user)
    shown = board.build(branch, periods, year, today, groups_only(request, branch))
    before, after = (
        (year, month - 1) if month > 1 else (year - 1, 12),
        (year, month + 1) if month < 12 else (year + 1, 1),
    )
    open_rows, closed_rows = shown.of_year() if view == "list" else ([], [])
    context = {
        "organization": branch,
        "board": shown,
        "keep": "" if view == "month" else f"&view={view}",
        "year_text": str(year),
        "is_month": view == "month",
        "is_quarter": view == "quarter",
        "is_list": view == "list",
        "month_rows": shown.of_month(month) if view == "month" else [],
        "open_rows": open_rows,
        "closed_rows": closed_rows,
        "quarter_rows": shown.of_quarters() if view == "quarter" else [],
        "year": year,
        "month": month,
        "months": range(1, 13),
        "current_month": today.month if year == today.year else 0,
        "before": before,
        "after": after,
        "legend": LEGEND,
        "is_staff": any(branch.path.startswith(path) for path in request.user.reach.staff_paths),
    }
    return render(request, "duties/board_detail.html", context)
