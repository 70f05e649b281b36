"""A committee looks at its branches, and waives one duty for all of them at once."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.duties import rules, words
from apps.duties.forms import ReasonForm, month_of
from apps.duties.models import DutyRule
from apps.duties.schedule import span_containing
from apps.duties.services import deciding
from apps.duties.subtree import month_of_subtree
from apps.duties.views import LEGEND, place

SAMPLE = 20


def _staffed(request: HtmxRequest, public_id: str) -> Organization:
    """A committee or general branch below which the reader works."""
    organization = place(request, public_id)
    if organization.is_branch:
        raise Http404
    return organization


@require_GET
def subtree_list(request: HtmxRequest, organization: str) -> HttpResponse:
    top = _staffed(request, organization)
    month = month_of(request.GET.get("month", "")) or request.today.replace(day=1)
    slug, after, only = (
        request.GET.get("duty", "")[:40],
        request.GET.get("after", "")[:40],
        request.GET.get("only") == "overdue",
    )
    page = month_of_subtree(top, month, request.today, after=after, slug=slug, only_overdue=only)
    span = span_containing(month, 1)
    all_rules = DutyRule.objects.periodic().filter(is_active=True, set_by=None)
    context = {
        "organization": top,
        "page": page,
        "lines": [(line.organization, line.shown(rule.slug for rule in page.rules)) for line in page.lines],
        "month": month,
        "before": (month - date.resolution).replace(day=1),
        "after": span.ends_before,
        "duty": slug,
        "only": only,
        "rules": all_rules,
        "next_url": _query(top, month, slug, only, page.next_after) if page.next_after else "",
        "legend": LEGEND,
        "first_url": _query(top, month, slug, only, "") if after else "",
        "can_waive": rules.can_tailor(request.user, top),
    }
    return render(request, "duties/subtree_list.html", context)


def _query(top: Organization, month: date, slug: str, only: bool, after: str) -> str:
    parts = {"month": f"{month:%Y-%m}", "duty": slug, "only": "overdue" if only else "", "after": after}
    query = "&".join(f"{name}={value}" for name, value in parts.items() if value)
    return f"{reverse('duties:subtree-list', args=[top.public_id])}?{query}"


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
            return redirect(_query(top, month, "", False, ""))
    hit = deciding.waivable_at_once(top, request.user, request.today, rule.slug, period.starts_on)
    context = {
        "organization": top,
        "form": form,
        "month": month,
        "rule": rule,
        "title": words.duty_title(rule, period.starts_on, period.for_year, request.today),
        "count": hit.count(),
        "sample": hit.select_related("organization", "group")[:SAMPLE],
        "back": _query(top, month, "", False, ""),
    }
    return render(request, "duties/subtree_waive.html", context, status=status)
