"""The side of those who are asked: one's own surveys, the questions, the link without an account, a sheet of paper."""

from collections.abc import Callable

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from apps.core import keyring
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.surveys import results, rules
from apps.surveys.forms import AnswerForm
from apps.surveys.models import Survey
from apps.surveys.rules import Answer
from apps.surveys.services import answering
from apps.surveys.views.keeping import survey_of

MOST_SHOWN = 50
# A works or a school may stand behind one address; a script is through with this in seconds, and fills no survey overnight.
LINK_RATE = {"survey": "60/h/key,200/d/key"}


@require_GET
def survey_own(request: HtmxRequest) -> HttpResponse:
    """What asks this person, and what was replied to."""
    rows = Survey.objects.visible_to(request.user).with_answered(request.user).select_related("organization")
    rows = list(rows.exclude(audience="link").exclude(state="draft")[:MOST_SHOWN])
    return render(request, "surveys/survey_own.html", {
        "asking": [one for one in rows if one.is_answerable(request.today) and not one.has_answered],
        "others": [one for one in rows if not one.is_answerable(request.today) or one.has_answered],
    })  # fmt: skip


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def survey_answer(request: HtmxRequest, survey: str) -> HttpResponse:
    """All questions in one form; the browser shows them one by one."""
    rows = Survey.objects.visible_to(request.user).with_answered(request.user).exclude(audience="link")
    one = get_object_or_404(rows.exclude(state="draft").select_related("organization"), public_id=survey)
    if request.method == "POST":
        take = lambda answers: answering.answer(survey=one, by=request.user, today=request.today, answers=answers)  # noqa: E731
        return _take(request, one, take, done=request.path)
    if one.is_answerable(request.today) and not one.has_answered:
        can = Survey.objects.answerable_by(request.user, request.today).filter(pk=one.pk).exists()
        if can:
            return _ask(request, one, AnswerForm(one.questions.all()))
    return _thanks(request, one)


@login_not_required  # the people around the Party have no accounts
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def survey_link(request: HtmxRequest, token: str) -> HttpResponse:
    """A wrong or an ended link is answered alike."""
    one = get_object_or_404(Survey.objects.filter(state="open").select_related("organization"), link_token=token)
    if request.method == "GET":
        if "done" in request.GET or not one.is_answerable(request.today):
            return _thanks(request, one, is_new="done" in request.GET)
        return _ask(request, one, AnswerForm(one.questions.all()))
    # get_ip takes a network for an IPv6 address: its owner has as many of them as a script could wish for.
    key = keyring.fingerprint(f"{one.pk}:{ratelimit.get_ip(request)}", purpose="survey-link").hex()
    if not ratelimit.consume(request, app="surveys", action="survey", key=key, config=LINK_RATE):
        form = AnswerForm(one.questions.all(), request.POST)
        form.is_valid()
        form.add_error(
            None, _("Many answers came from here within an hour. What you wrote is kept on this page: send it later.")
        )
        return _ask(request, one, form, status=429)
    take = lambda answers: answering.answer_by_link(survey=one, today=request.today, answers=answers)  # noqa: E731
    return _take(request, one, take, done=f"{request.path}?done=1")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def survey_paper(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    """One sheet after the other; each goes in with the rest and cannot be told from them."""
    one = survey_of(request, organization, survey)
    if one.state != Survey.State.OPEN:
        messages.error(request, _("Paper answers are entered while the survey is open."))
        return redirect("surveys:survey-detail", organization, survey)
    form, status = AnswerForm(one.questions.all(), request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answering.answer_on_paper(
                    survey=one, by=request.user, today=request.today, answers=form.answers(), sheet=_sheet(request)
                )
                messages.success(request, _("The sheet is entered. Here is the next one."))
                return redirect("surveys:survey-paper", organization, survey)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
                one.refresh_from_db(fields=["papers"])
    context = {"survey": one, "form": form, "organization": one.organization, "sheet": one.papers + 1}
    return render(request, "surveys/survey_paper.html", context, status=status)


def _sheet(request: HtmxRequest) -> int:
    given = request.POST.get("sheet", "")
    return int(given) if given.isdecimal() and len(given) < 7 else 0


def _take(request: HtmxRequest, one: Survey, keep: Callable[[list[Answer]], None], *, done: str) -> HttpResponse:
    """Where it is taken, the browser goes to `done`: loading that page again answers nothing twice."""
    form, status = AnswerForm(one.questions.all(), request.POST), 422
    if form.is_valid():
        try:
            keep(form.answers())
            return redirect(done)
        except RuleBroken as error:
            form.add_error(None, str(error))
    return _ask(request, one, form, status=status)


def _ask(request: HtmxRequest, one: Survey, form: AnswerForm, status: int = 200) -> HttpResponse:
    return render(request, "surveys/survey_answer.html", {
        "survey": one, "form": form, "steps": form.steps(), "minutes": rules.minutes(form.questions),
        "threshold": rules.THRESHOLD, "base": "base.html" if request.user.is_authenticated else "base_bare.html",
    }, status=status)  # fmt: skip


def _thanks(request: HtmxRequest, one: Survey, *, is_new: bool = False) -> HttpResponse:
    """Answered, over, or replied to; with the numbers where the branch has replied."""
    replied = one.replied_on is not None
    result = results.read(one, list(one.questions.all()), with_texts=False) if replied else None
    return render(request, "surveys/survey_thanks.html", {
        "survey": one, "result": result, "threshold": rules.THRESHOLD,
        "has_answered": is_new or getattr(one, "has_answered", False),
        "is_open": one.is_answerable(request.today),
        "base": "base.html" if request.user.is_authenticated else "base_bare.html",
    })  # fmt: skip
