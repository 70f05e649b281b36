"""The suggestion box."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.voices.forms import ChangeForm, SuggestionAnswerForm, SuggestionForm
from apps.voices.models import Suggestion
from apps.voices.services import suggestions
from apps.voices.views import around, place

MOST = 30


@require_GET
def suggestion_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """Public answers for everyone, one's own, and the open ones for the committee."""
    here = place(request, organization, members=True)
    rows = Suggestion.objects.filter(organization=here)
    opens = here.pk in request.user.reach.committee_of
    context = around(request, here, "box") | {
        "open": list(rows.owed().order_by("due_on", "pk")[:MOST]) if opens else [],
        "own": list(rows.written_by(request.user).order_by("-said_on", "-pk")[:MOST]),
        "answered": list(rows.published().order_by("-answered_on", "-pk")[:MOST]),
        "opens": opens,
    }
    return render(request, "voices/suggestion_list.html", context)


@sensitive_post_parameters("words")
@never_cache
@require_http_methods(["GET", "POST"])
def suggestion_add(request: HtmxRequest, organization: str) -> HttpResponse:
    here = place(request, organization, members=True)
    if here.pk not in request.user.reach.branches:
        raise Http404
    form, status = SuggestionForm(initial={"submission": uuid4()}), 200
    if request.method == "POST":
        form, status = SuggestionForm(request.POST), 422
        if form.is_valid():
            try:
                suggestions.suggestion_make(
                    organization=here, by=request.user, today=request.today, **form.cleaned_data
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("It is in the box. The answer stands on this page."))
                return redirect("voices:suggestion-list", organization)
    return render(request, "voices/suggestion_add.html", around(request, here, "box") | {"form": form}, status=status)


def suggestion_of(request: HtmxRequest, organization: str, public_id: str) -> Suggestion:
    rows = Suggestion.objects.visible_to(request.user).select_related("organization", "answered_by")
    return get_object_or_404(rows, organization__public_id=organization, public_id=public_id)


def _detail(request: HtmxRequest, row: Suggestion, status: int = 200, **more: Any) -> HttpResponse:
    leads = suggestions.can_answer(request.user, row.organization_id)
    initial = {"version": row.version}
    context = around(request, row.organization, "box") | {
        "suggestion": row,
        "read": suggestions.suggestion_read(row),
        "may_answer": leads and row.state == "open" and row.erased_on is None,
        "may_change": leads and row.state == "public",
        "answer": SuggestionAnswerForm(initial=initial, is_anonymous=row.is_anonymous),
        "change": ChangeForm(initial=initial | {"public_change": row.public_change}, auto_id="change_%s"),
        "leads": leads,
        "form": None,
    }
    return render(request, "voices/suggestion_detail.html", context | more, status=status)


@never_cache
@require_GET
def suggestion_detail(request: HtmxRequest, organization: str, suggestion: str) -> HttpResponse:
    place(request, organization, members=True)
    return _detail(request, suggestion_of(request, organization, suggestion))


@sensitive_post_parameters("answer", "public_words")
@require_POST
def suggestion_answer(request: HtmxRequest, organization: str, suggestion: str) -> HttpResponse:
    row = _answered(request, organization, suggestion)
    form, status = SuggestionAnswerForm(request.POST, is_anonymous=row.is_anonymous), 422
    if form.is_valid():
        try:
            suggestions.suggestion_answer(suggestion=row, by=request.user, today=request.today, **form.given())
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
            row = suggestion_of(request, organization, suggestion)
        else:
            messages.success(request, _("Answered."))
            return redirect("voices:suggestion-detail", organization, suggestion)
    return _detail(request, row, status, form=form, answer=form)


@require_POST
def suggestion_change(request: HtmxRequest, organization: str, suggestion: str) -> HttpResponse:
    row = _answered(request, organization, suggestion)
    form, status = ChangeForm(request.POST, auto_id="change_%s"), 422
    if form.is_valid():
        try:
            suggestions.suggestion_change(suggestion=row, by=request.user, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
        else:
            messages.success(request, _("Saved."))
            return redirect("voices:suggestion-detail", organization, suggestion)
    return _detail(request, row, status, form=form, change=form)


def _answered(request: HtmxRequest, organization: str, public_id: str) -> Suggestion:
    here = place(request, organization, members=True)
    if not suggestions.can_answer(request.user, here.pk):
        raise Http404
    return suggestion_of(request, organization, public_id)
