"""The roster as a list, on screen and on paper, and as a workbook."""

from datetime import date
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from apps.branches.models import Membership
from apps.core.days import long_day
from apps.core.http import HtmxRequest
from apps.members import exporting, listing
from apps.members.forms import ExportForm
from apps.members.rules import Sight
from apps.members.views.scope import branch_of, sent

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filters_of(request: HtmxRequest) -> listing.Filters:
    """A filter that means nothing is no filter; a day to come is today."""
    asked = request.GET
    try:
        day = parse_date(asked.get("on", "")) or request.today
    except ValueError:
        day = request.today
    return listing.Filters(
        on=min(day, request.today),
        q=asked.get("q", "").strip()[:40],
        group=asked.get("group", ""),
        category=asked.get("category", ""),
        standing=asked.get("standing", ""),
        left=asked.get("left") == "1",
    )


@require_GET
def roster_list(request: HtmxRequest, organization: str) -> HttpResponse:
    branch, sight = branch_of(request, organization, Sight.COUNTS)
    filters = filters_of(request)
    context = {
        "organization": branch,
        "filters": filters,
        "counts": listing.counts(branch, filters.on),
        "show_more": filters.narrow or filters.on != request.today,
        "is_past": filters.on != request.today,
        "can_keep": sight == Sight.KEEPER,
        "can_export": sight >= Sight.PERSONS,
        "sees_people": sight >= Sight.GROUP,
        "sees_details": sight >= Sight.PERSONS,
        "printed_at": f"{long_day(request.now)} {request.now:%H:%M}",
    }
    if sight >= Sight.GROUP:
        rows = listing.memberships(branch, filters, sight, request.user.reach.leads_groups)
        page = listing.page_of(rows, branch, filters.on, page_number(request))
        context |= {
            "page": page,
            "lines": page.lines,
            "groups": listing.groups(branch, filters.on),
            "categories": [*Membership.Category.choices, ("hosted", _("Takes part here"))],
            "standings": [
                *Membership.Standing.choices,
                ("lost_contact", pgettext("member", "Out of contact")),
                ("mobile", pgettext("member", "Mobile")),
            ],
            "query": without_page(request),
        }
    return render(request, "members/roster_list.html", context)


def page_number(request: HtmxRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def without_page(request: HtmxRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@require_http_methods(["GET", "POST"])
def roster_export(request: HtmxRequest, organization: str) -> HttpResponse:
    branch, __ = branch_of(request, organization, Sight.PERSONS)
    form = ExportForm(sent(request))
    if request.method == "POST" and form.is_valid():
        day = min(form.cleaned_data["on"] or request.today, request.today)
        name, data = exporting.export(
            branch=branch,
            by=request.user,
            now=request.now,
            day=day,
            layout=form.cleaned_data["layout"],
            with_id_numbers=form.cleaned_data["with_id_numbers"],
        )
        return download(name, data)
    status = 422 if request.method == "POST" else 200
    return render(request, "members/roster_export.html", {"organization": branch, "form": form}, status=status)


def download(name: str, data: bytes) -> HttpResponse:
    """`name` may hold Chinese: browsers take the second form, others the plain one."""
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=roster.xlsx; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


def last_day(ends_before: date) -> date:
    return date.fromordinal(ends_before.toordinal() - 1)
