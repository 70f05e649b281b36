"""The committee's side: write, open, look who has answered, close."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Membership, Organization, PartyGroup
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.surveys import results, rules, starters
from apps.surveys.forms import AnswerForm, QuestionFormSet, ReplyForm, SurveyForm
from apps.surveys.models import Survey
from apps.surveys.services import editing

OPEN_FOR = timedelta(days=7)
MOST_SHOWN = 100


def _kept(request: HtmxRequest, public_id: str) -> Organization:
    return get_object_or_404(
        Organization.objects.filter(pk__in=request.user.reach.committee_of, kind="branch"), public_id=public_id
    )


def survey_of(request: HtmxRequest, organization: str, survey: str) -> Survey:
    rows = Survey.objects.manageable_by(request.user).select_related("organization", "group")
    return get_object_or_404(rows, organization__public_id=organization, public_id=survey)


def _groups(request: HtmxRequest, organization: Organization) -> list[PartyGroup]:
    return list(PartyGroup.objects.on(request.today).filter(organization=organization))


@require_GET
def survey_list(request: HtmxRequest, organization: str) -> HttpResponse:
    at = _kept(request, organization)
    rows = Survey.objects.manageable_by(request.user).filter(organization=at).with_answers()[:MOST_SHOWN]
    return render(request, "surveys/survey_list.html", {
        "organization": at, "surveys": list(rows), "starters": starters.STARTERS,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def survey_create(request: HtmxRequest, organization: str) -> HttpResponse:
    at = _kept(request, organization)
    starter = starters.BY_SLUG.get(request.GET.get("from", ""))
    head = {
        "audience": "members", "secrecy": "anonymous", "due_on": request.today + OPEN_FOR, "request_key": str(uuid.uuid4()),
        "title": starter.title if starter else "",
    }  # fmt: skip
    questions = [_typed(line) for line in starter.lines] if starter else [{"kind": "single"}]
    return _write(request, at, None, head, questions)


@require_http_methods(["GET", "POST"])
def survey_edit(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    one = survey_of(request, organization, survey)
    if one.state != Survey.State.DRAFT:
        messages.error(request, _("It is open already. Make a copy to change its questions."))
        return redirect("surveys:survey-detail", organization, survey)
    head = {
        "title": one.title, "intro": one.intro, "due_on": one.due_on, "audience": one.audience, "version": one.version,
        "group": one.group.public_id if one.group else "", "secrecy": "anonymous" if one.is_anonymous else "named",
    }  # fmt: skip
    return _write(request, one.organization, one, head, [_typed(question) for question in one.questions.all()])


def _typed(line) -> dict:  # noqa: ANN001 - a Question or a starter's Line
    return {
        "kind": line.kind, "text": line.text, "is_required": line.is_required,
        "choices": "\n".join(map(str, line.choices)), "rows": "\n".join(map(str, line.rows)),
    }  # fmt: skip


def _write(
    request: HtmxRequest, at: Organization, one: Survey | None, head: dict, questions: list[dict]
) -> HttpResponse:
    groups, status = _groups(request, at), 200
    if request.method == "POST":
        data = request.POST
        if "add" in data:
            form = SurveyForm(initial=data.dict(), today=request.today, groups=groups)
            lines = QuestionFormSet(initial=[*_lines_typed(data), {"kind": "single"}][: rules.MOST_QUESTIONS])
        else:
            form = SurveyForm(data, today=request.today, groups=groups)
            lines, status = QuestionFormSet(data), 422
            if form.is_valid() & lines.is_valid():
                try:
                    saved = _saved(request, at, one, form.cleaned_data, lines.asked())
                    return redirect("surveys:survey-detail", at.public_id, saved.public_id)
                except RuleBroken as error:
                    form.add_error(None, str(error))
                    status = error.status
    else:
        form = SurveyForm(initial=head, today=request.today, groups=groups)
        lines = QuestionFormSet(initial=questions)
    return render(request, "surveys/survey_write.html", {
        "organization": at, "survey": one, "form": form, "lines": lines, "groups": groups,
        "can_add": len(lines.forms) < rules.MOST_QUESTIONS,
    }, status=status)  # fmt: skip


def _lines_typed(data: QueryDict) -> list[dict]:
    """The questions as they were typed, in the order of their numbers, without those to be deleted. Nothing is judged."""
    lines = []
    for place in range(rules.MOST_QUESTIONS):
        typed = {name: data.get(f"form-{place}-{name}", "") for name in ("kind", "text", "choices", "rows", "ORDER")}
        if f"form-{place}-kind" in data and f"form-{place}-DELETE" not in data:
            order = int(typed["ORDER"]) if typed["ORDER"].isdigit() else place + 1
            lines.append((order, place, typed | {"is_required": f"form-{place}-is_required" in data}))
    return [typed for _order, _place, typed in sorted(lines, key=lambda line: line[:2])]


def _saved(request: HtmxRequest, at: Organization, one: Survey | None, said: dict, questions: list[dict]) -> Survey:
    names = ("title", "intro", "due_on", "audience", "group", "is_anonymous")
    return editing.survey_save(
        organization=at, by=request.user, today=request.today, head={name: said[name] for name in names},
        questions=questions, survey=one, version=said["version"] or 0, request_key=said["request_key"],
    )  # fmt: skip


@require_GET
def survey_detail(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    """A draft with what will be asked; an open one with who has not answered; a closed one with its result."""
    return detail_page(request, survey_of(request, organization, survey))


def detail_page(
    request: HtmxRequest, one: Survey, *, reply: ReplyForm | None = None, status: int = 200
) -> HttpResponse:
    questions = list(one.questions.all())
    context = {
        "organization": one.organization, "survey": one, "questions": questions, "minutes": rules.minutes(questions),
        "threshold": rules.THRESHOLD, "waiting": [], "answered": 0, "ask": "", "link": "",
        "result": None, "reply": None, "preview": None, "is_over": request.today > one.due_on,
    }  # fmt: skip
    if one.state == Survey.State.OPEN:
        context |= _progress(request, one)
    if one.state == Survey.State.CLOSED:
        context["result"] = results.read(one, questions, with_texts=True)
        context["reply"] = reply or ReplyForm(initial={"reply": one.reply, "version": one.version})
    if one.state == Survey.State.DRAFT:
        context["preview"] = AnswerForm(questions)
    return render(request, "surveys/survey_detail.html", context, status=status)


def _progress(request: HtmxRequest, one: Survey) -> dict:
    if one.audience == Survey.Audience.LINK:
        link = request.build_absolute_uri(reverse("surveys:survey-link", args=[one.link_token]))
        return {"answered": results.answers_so_far(one), "link": link}
    roster = Membership.objects.of_branch(one.organization, request.today)
    if one.group_id:
        roster = roster.filter(group=one.group_id)
    done = set(one.participations.filter(has_answered=True).values_list("person", flat=True))
    people = [row.person for row in roster.select_related("person").in_roster_order(request.today)]
    waiting = [person for person in people if person.pk not in done]
    link = request.build_absolute_uri(reverse("surveys:survey-answer", args=[one.public_id]))
    names = pgettext("between names", ", ").join(person.name for person in waiting)
    ask = _("Not answered yet: %(names)s. About %(minutes)d min, please use the link.") % {
        "names": names, "minutes": rules.minutes(list(one.questions.all())),
    }  # fmt: skip
    return {
        "waiting": waiting, "answered": len(done), "link": link,
        "ask": "\n".join([one.title, ask, link]) if waiting else "",
    }  # fmt: skip


def _done(request: HtmxRequest, one: Survey, act, message: str) -> HttpResponse:  # noqa: ANN001
    try:
        act()
        messages.success(request, message)
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("surveys:survey-detail", one.organization.public_id, one.public_id)


@require_POST
def survey_open(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    one = survey_of(request, organization, survey)
    act = lambda: editing.survey_open(survey=one, by=request.user, today=request.today)  # noqa: E731
    return _done(request, one, act, _("The survey is open. Those asked see it on their home page."))


@require_POST
def survey_close(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    one = survey_of(request, organization, survey)
    act = lambda: editing.survey_close(survey=one, by=request.user, today=request.today)  # noqa: E731
    return _done(request, one, act, _("The survey is closed and counted."))


@require_POST
def survey_copy(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    one = survey_of(request, organization, survey)
    copy = editing.survey_copy(survey=one, by=request.user, due_on=request.today + OPEN_FOR)
    return redirect("surveys:survey-edit", organization, copy.public_id)


@require_POST
def survey_delete(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    one = survey_of(request, organization, survey)
    try:
        editing.survey_delete(survey=one, by=request.user)
        messages.success(request, _("The draft is deleted."))
    except RuleBroken as error:
        messages.error(request, str(error))
        return redirect("surveys:survey-detail", organization, survey)
    return redirect("surveys:survey-list", organization)


@require_GET
def survey_sheet(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    """The questions on paper, to print."""
    one = survey_of(request, organization, survey)
    questions = [(question, rules.choices_of(question)) for question in one.questions.all()]
    return render(request, "surveys/survey_sheet.html", {
        "organization": one.organization, "survey": one, "questions": questions,
    })  # fmt: skip
