"""One period: why it is in its state, and what may be decided about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from apps.activities.models import Activity
from apps.branches.rules import reviewer_of
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.duties import rules
from apps.duties.explaining import explain
from apps.duties.forms import ReasonForm
from apps.duties.models import DutyPeriod
from apps.duties.services import counting, deciding
from apps.duties.views import board_url, period_of
from apps.duties.vocabulary import Each


def panel(request: HtmxRequest, period: DutyPeriod) -> dict[str, Any]:
    """The same for the page and for the panel beside the board."""
    user, today = request.user, request.today
    explanation = explain(period, today, Activity.objects.visible_to(user))
    may_explain, leads = rules.can_explain(user, period), _leads(request, period)
    may_log, is_open = can_log(request, period), rules.is_unfulfilled(period)
    # Whoever leads the branch is told what to do, not whom to ask: the level above need not be looked up.
    reviewer = None if leads and not user.reach.staff_of else reviewer_of(period.organization, today)
    return {
        "period": period,
        "organization": period.organization,
        "explanation": explanation,
        "reviewer": reviewer,
        "is_open": is_open,
        "can_log": may_log and explanation.can_still_be_held and is_open,
        "can_log_then": may_log and not explanation.can_still_be_held and is_open,
        "people_left": people_left(request, period),
        "can_explain": may_explain,
        "can_ask": rules.can_ask_waiver(user, period) and not may_explain and not explanation.is_waiver_asked,
        "can_waive": rules.can_waive(user, period, reviewer),
        "can_refuse": explanation.is_waiver_asked and rules.can_waive(user, period, reviewer),
        "can_reopen": rules.can_reopen(user, period, reviewer),
        "back": board_url(period),
    }


def can_log(request: HtmxRequest, period: DutyPeriod) -> bool:
    """The branch committee everything, a group leader what the own group owes."""
    reach = request.user.reach
    return period.organization_id in reach.committee_of or period.group_id in reach.leads_groups


def people_left(request: HtmxRequest, period: DutyPeriod) -> list[str]:
    """Whom nobody has talked with yet: for the branch committee, which talks; levels above see the number."""
    asked_of_each = period.rule.each == Each.MEMBER and period.done < period.required
    if not asked_of_each or period.organization_id not in request.user.reach.committee_of:
        return []
    return counting.people_left(period, today=request.today)


@require_GET
@vary_on_headers("HX-Request")
def period_detail(request: HtmxRequest, organization: str, pk: int) -> HttpResponse:
    context = panel(request, period_of(request, organization, pk)) | {"form": ReasonForm()}
    template = "duties/_period.html" if request.htmx else "duties/period_detail.html"
    return render(request, template, context)


# Action: who may, what is done, what is said afterwards.
Allowed = Callable[[HtmxRequest, DutyPeriod], bool]
ACTIONS: dict[str, tuple[Allowed, Callable[..., None], Any]] = {
    "waive": (
        lambda request, period: _reviews(request, period),
        lambda request, **given: deciding.period_waive(by=request.user, today=request.today, **given),
        _("Waived. The branch sees the reason."),
    ),
    "refuse": (
        lambda request, period: _reviews(request, period),
        lambda request, **given: deciding.waiver_refuse(by=request.user, today=request.today, **given),
        _("Answered. The branch sees the reason."),
    ),
    "ask": (
        lambda request, period: _leads(request, period),
        lambda request, **given: deciding.waiver_ask(by=request.user, **given),
        _("Asked. The committee above will answer."),
    ),
    "explain": (
        lambda request, period: _leads(request, period),
        lambda request, **given: deciding.period_explain(by=request.user, **given),
        _("Noted. It no longer counts as overdue."),
    ),
    "reopen": (
        lambda request, period: _leads(request, period) or _reviews(request, period),
        lambda request, **given: deciding.period_reopen(by=request.user, today=request.today, **given),
        _("Open again."),
    ),
}


def _reviews(request: HtmxRequest, period: DutyPeriod) -> bool:
    return rules.reviews(request.user, reviewer_of(period.organization, request.today))


def _leads(request: HtmxRequest, period: DutyPeriod) -> bool:
    return period.organization_id in request.user.reach.leader_of


@require_POST
def period_decide(request: HtmxRequest, organization: str, pk: int, action: str) -> HttpResponse:
    """One address for each decision; they differ in who may and in what is done."""
    period = period_of(request, organization, pk)
    allowed, decide, done = ACTIONS[action]
    if not allowed(request, period):
        return HttpResponse(status=404)
    form, status = ReasonForm(request.POST), 422
    if form.is_valid():
        try:
            decide(request, period=period, reason=form.cleaned_data["reason"])
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
            period = period_of(request, organization, pk)
        else:
            messages.success(request, done)
            return redirect("duties:period-detail", organization, pk)
    context = panel(request, period) | {"form": form, "action": action}
    return render(request, "duties/period_detail.html", context, status=status)
