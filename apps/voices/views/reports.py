"""Situation reports: the author's side, and the level that answers."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core import related
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.voices import sealing
from apps.voices.forms import AnswerForm, PassUpForm, ReportForm, VersionForm
from apps.voices.models import SituationReport
from apps.voices.people import line_of
from apps.voices.services import reports
from apps.voices.views import around, place

MOST = 50  # of each list, the newest
ACTIONS = {
    "acknowledge": (
        VersionForm,
        reports.report_acknowledge,
        gettext_lazy("Acknowledged. The author sees the promised day."),
    ),
    "pass-up": (PassUpForm, reports.report_pass_up, gettext_lazy("Passed up.")),
    "answer": (AnswerForm, reports.report_answer, gettext_lazy("Answered. The author reads it.")),
}


@require_GET
def report_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """One's own from here, and what has come to the reader at this level. No figure anywhere: it would tell."""
    here = place(request, organization, members=True)
    rows = SituationReport.objects.order_by("-sent_on", "-pk").select_related("organization", "routed_to")
    context = around(request, here, "reports") | {
        "own": list(rows.written_by(request.user).filter(organization=here)[:MOST]),
        "received": list(rows.received_by(request.user).filter(routed_to=here)[:MOST]),
    }
    return render(request, "voices/report_list.html", context)


@sensitive_post_parameters("words", "concerned")
@never_cache
@require_http_methods(["GET", "POST"])
def report_add(request: HtmxRequest, organization: str) -> HttpResponse:
    here = place(request, organization, members=True)
    if here.pk not in request.user.reach.branches:
        raise Http404
    offered = {"line": _others(request, here), "leads": here.pk in request.user.reach.leader_of}
    form, status = ReportForm(initial={"submission": uuid4()}, **offered), 200
    if request.method == "POST":
        form, status = ReportForm(request.POST, **offered), 422
        if form.is_valid():
            try:
                report = reports.report_send(
                    organization=here, by=request.user, today=request.today, **form.cleaned_data
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                related.made(request, "situation", report.public_id)
                messages.success(request, _("Sent. You see here where it stands."))
                return redirect("voices:report-detail", organization, report.public_id)
    return render(request, "voices/report_add.html", around(request, here, "reports") | {"form": form}, status=status)


def _others(request: HtmxRequest, here: Any) -> list:
    return [one for one in line_of(here, request.today).everyone if one.pk != request.user.reach.person_id]


def report_of(request: HtmxRequest, organization: str, public_id: str) -> SituationReport:
    rows = SituationReport.objects.visible_to(request.user).select_related("organization", "routed_to")
    return get_object_or_404(rows, organization__public_id=organization, public_id=public_id)


def _is_recipient(request: HtmxRequest, report: SituationReport) -> bool:
    return SituationReport.objects.received_by(request.user).filter(pk=report.pk).exists()


def _detail(request: HtmxRequest, report: SituationReport, status: int = 200, **more: Any) -> HttpResponse:
    receives = _is_recipient(request, report)
    history = [
        {"event": one, "said": (sealing.opened("event", one.key, one.words_sealed) or {}).get("words", "")}
        for one in report.events.select_related("level", "by")
    ]
    start = {"version": report.version}
    context = around(request, report.organization, "reports") | {
        "report": report,
        "read": reports.report_read(report=report, by=request.user, is_author=not receives),
        "history": history,
        "receives": receives,
        "may_act": receives and report.due_on is not None,
        "acknowledge": VersionForm(initial=start, auto_id="seen_%s"),
        "pass_up": PassUpForm(initial=start, auto_id="up_%s"),
        "answer": AnswerForm(initial=start, auto_id="answer_%s"),
        "form": None,
    }
    return render(request, "voices/report_detail.html", context | more, status=status)


@never_cache
@require_GET
def report_detail(request: HtmxRequest, organization: str, report: str) -> HttpResponse:
    place(request, organization, members=True)
    return _detail(request, report_of(request, organization, report))


@sensitive_post_parameters("words")
@require_POST
def report_act(request: HtmxRequest, organization: str, report: str, action: str) -> HttpResponse:
    """One address for each action of the level that has it."""
    place(request, organization, members=True)
    row = report_of(request, organization, report)
    if not _is_recipient(request, row):
        raise Http404
    sort, act, done = ACTIONS[action]
    form, status = sort(request.POST), 422
    if form.is_valid():
        try:
            act(report=row, by=request.user, today=request.today, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
            row = report_of(request, organization, report)
        else:
            messages.success(request, done)
            if action == "pass-up":
                return redirect("voices:report-list", row.routed_to.public_id)
            return redirect("voices:report-detail", organization, report)
    return _detail(request, row, status, **{"form": form, action.replace("-", "_"): form})
