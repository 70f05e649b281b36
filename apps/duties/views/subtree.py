"""A committee looks at its branches, and waives one duty for all of them at once."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from apps.branches import liaisons
from apps.branches.models import Organization
from apps.core import paths
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.duties import exporting, rules, words
from apps.duties.forms import ReasonForm, month_of
from apps.duties.models import DutyRule
from apps.duties.schedule import span_containing
from apps.duties.services import deciding
from apps.duties.subtree import Filters, Shown, month_of_subtree
from apps.duties.views import LEGEND, place

SAMPLE = 20


def _staffed(request: HtmxRequest, public_id: str) -> Organization:
    """A committee or general branch below which the reader works."""
    organization = place(request, public_id)
    if organization.is_branch:
        raise Http404
    return organization


def _asked_for(request: HtmxRequest) -> tuple[date, Filters, str]:
    """Month, filters and which of "mine" and "all" holds. Staff who follow branches begin with these."""
    given = request.GET
    month = month_of(given.get("month", "")) or request.today.replace(day=1)
    whose, follows = liaisons.whose(request)
    duty = given.get("duty", "")[:40]
    state, branch_type = given.get("state", ""), given.get("type", "")
    return (
        month,
        Filters(
            duty=duty if duty.isprintable() else "",
            state=state if state in Shown.values else "",
            branch_type=branch_type if branch_type in Organization.BranchType.values else "",
            follows=follows,
        ),
        whose,
    )


@require_GET
def subtree_list(request: HtmxRequest, organization: str) -> HttpResponse:
    top = _staffed(request, organization)
    month, filters, whose = _asked_for(request)
    after = paths.typed(request.GET.get("after", ""))
    page = month_of_subtree(top, month, request.today, filters, after=after)
    span = span_containing(month, 1)
    before = (month - date.resolution).replace(day=1)
    lines = [(line.organization, line.shown(rule.slug for rule in page.rules)) for line in page.lines]

    def query(other: date = month, **more: str) -> str:
        return _query(top, other, filters, more.pop("whose", whose), **more)

    context = {
        "organization": top,
        "page": page,
        "lines": lines,
        "month": month,
        "earlier_url": query(before),
        "later_url": query(span.ends_before),
        "filters": filters,
        "states": Shown.choices,
        "types": Organization.BranchType.choices,
        "whose": whose,
        "is_mine": whose == "mine",
        "is_all": whose == "all",
        "show_all_url": _query(top, month, Filters(), "all" if whose else ""),
        "mine_url": query(whose="mine"),
        "all_url": query(whose="all"),
        "rules": DutyRule.objects.periodic().filter(is_active=True, set_by=None),
        "next_url": query(after=page.next_after) if page.next_after else "",
        "legend": LEGEND,
        "first_url": query() if after else "",
        "excel_url": query(name="duties:subtree-export"),
        "excel_most": exporting.MOST_BRANCHES,
        "can_waive": rules.can_tailor(request.user, top),
    }
    return render(request, "duties/subtree_list.html", context)


@require_GET
def subtree_export(request: HtmxRequest, organization: str) -> HttpResponse:
    """The same table, all pages of it, as a workbook."""
    top = _staffed(request, organization)
    month, filters, _whose = _asked_for(request)
    name, data = exporting.month_workbook(top, month, request.today, filters)
    response = HttpResponse(data, content_type=exporting.XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _query(
    top: Organization, month: date, filters: Filters, whose: str, *, after: str = "", name: str = "duties:subtree-list"
) -> str:
    parts = {
        "month": f"{month:%Y-%m}", "duty": filters.duty, "state": filters.state, "type": filters.branch_type, "whose": whose,
        "after": after,
    }  # fmt: skip
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"{reverse(name, args=[top.public_id])}?{query}"


@require_http_methods(["GET", "POST"])
def subtree_waive(request: HtmxRequest, organization: str) -> HttpResponse:
    """A check page: whom it hits, then the reason."""
    top = _staffed(request, organization)
    if not rules.can_tailor(request.user, top):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    month = month_of(given.get("month", ""))
    rule = DutyRule.objects.periodic().filter(slug=given.get("duty", "")[:40], set_by=None, is_active=True).first()
    period = rule.cadence.containing(month) if rule and month else None
    if rule is None or month is None or period is None:
        return redirect("duties:subtree-list", top.public_id) if request.method == "GET" else HttpResponse(status=422)
    form, status = ReasonForm(request.POST or None), 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            waived = deciding.subtree_waive(
                organization=top, slug=rule.slug, starts_on=period.starts_on, by=request.user, today=request.today,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            text = ngettext("Waived for %(count)d duty.", "Waived for %(count)d duties.", len(waived))
            messages.success(request, text % {"count": len(waived)})
            return redirect(_query(top, month, Filters(), ""))
    hit = deciding.waivable_at_once(top, request.user, request.today, rule.slug, period.starts_on)
    context = {
        "organization": top,
        "form": form,
        "month": month,
        "rule": rule,
        "title": words.duty_title(rule, period.starts_on, period.for_year, request.today),
        "count": hit.count(),
        "sample": hit.select_related("organization", "group")[:SAMPLE],
        "back": _query(top, month, Filters(), ""),
    }
    return render(request, "duties/subtree_waive.html", context, status=status)
