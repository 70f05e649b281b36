"""Practical help, and what changed because someone spoke."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from apps.branches.models import Organization
from apps.core import related
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.voices.forms import HelpDoneForm, HelpForm
from apps.voices.models import PracticalHelp, Suggestion
from apps.voices.people import line_of
from apps.voices.services import helping
from apps.voices.views import around, place

MOST = 50


def _branch(request: HtmxRequest, public_id: str) -> Organization:
    """Where the reader sits on the committee."""
    here = place(request, public_id)
    if not here.is_branch or here.pk not in request.user.reach.committee_of:
        raise Http404
    return here


@never_cache
@require_GET
def help_list(request: HtmxRequest, organization: str) -> HttpResponse:
    here = _branch(request, organization)
    rows = PracticalHelp.objects.filter(organization=here).select_related("owner").order_by("-asked_on", "-pk")[:MOST]
    named = [{"row": row, "need": helping.help_read(row)["need"]} for row in rows]
    return render(request, "voices/help_list.html", around(request, here, "help") | {"rows": named})


@sensitive_post_parameters("need")
@never_cache
@require_http_methods(["GET", "POST"])
def help_add(request: HtmxRequest, organization: str) -> HttpResponse:
    """`?from=` names the suggestion it comes from."""
    here = _branch(request, organization)
    told = Suggestion.objects.filter(organization=here, public_id=request.GET.get("from", "")[:12]).first()
    offered = {"committee": line_of(here, request.today).committee}
    form, status = HelpForm(initial={"submission": uuid4()}, **offered), 200
    if request.method == "POST":
        form, status = HelpForm(request.POST, **offered), 422
        if form.is_valid():
            try:
                row = helping.help_start(
                    organization=here, by=request.user, today=request.today, suggestion=told, **form.cleaned_data
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                if told:
                    related.made(request, "help", row.public_id, origin=f"suggestion:{told.public_id}")
                messages.success(request, _("Noted."))
                return redirect("voices:help-detail", organization, row.public_id)
    return render(request, "voices/help_add.html", around(request, here, "help") | {"form": form}, status=status)


@sensitive_post_parameters("result")
@never_cache
@require_http_methods(["GET", "POST"])
def help_detail(request: HtmxRequest, organization: str, help: str) -> HttpResponse:
    """The need; while it is open, the form for its result."""
    place(request, organization, members=True)
    rows = PracticalHelp.objects.visible_to(request.user).select_related("organization", "owner", "suggestion")
    row = get_object_or_404(rows, organization__public_id=organization, public_id=help)
    may_finish = helping.can_finish(request.user, row) and row.done_on is None and row.erased_on is None
    form, status = HelpDoneForm(initial={"version": row.version, "done_on": request.today}), 200
    if request.method == "POST":
        if not helping.can_finish(request.user, row):
            raise Http404
        form, status = HelpDoneForm(request.POST), 422
        if form.is_valid():
            try:
                helping.help_finish(row=row, by=request.user, today=request.today, **form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("Noted."))
                return redirect("voices:help-detail", organization, help)
    context = around(request, row.organization, "help") | {
        "row": row, "read": helping.help_read(row), "form": form, "may_finish": may_finish,
    }  # fmt: skip
    return render(request, "voices/help_detail.html", context, status=status)


@require_GET
def changed(request: HtmxRequest, organization: str) -> HttpResponse:
    """What changed because someone spoke, by month: lines written for everyone, a year a page."""
    here = place(request, organization, members=True)
    if not here.is_branch:
        raise Http404
    year = _year(request)
    said = Suggestion.objects.published().filter(organization=here, answered_on__year=year).exclude(public_change="")
    done = PracticalHelp.objects.published().filter(organization=here, done_on__year=year)
    lines = [(one.answered_on, one.public_words, one.public_change) for one in said]
    lines += [(one.done_on, "", one.public_line) for one in done]
    months: dict[date, list[dict[str, Any]]] = {}
    for day, asked, change in sorted(lines, key=lambda line: line[0], reverse=True):
        months.setdefault(day.replace(day=1), []).append({"day": day, "asked": asked, "change": change})
    context = around(request, here, "changed") | {
        "months": list(months.items()), "year": year, "older": f"?year={year - 1}",
        "newer": f"?year={year + 1}" if year < request.today.year else "",
    }  # fmt: skip
    return render(request, "voices/changed.html", context)


def _year(request: HtmxRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else request.today.year
    return min(max(year, 2000), request.today.year)
