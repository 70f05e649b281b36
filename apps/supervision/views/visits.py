"""Visits: the plan of a year, the form on the spot, the check before it is sent, the record, the letter."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.activities.views.files import sent
from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.duties.words import year_label
from apps.supervision import checklist, visit_draft
from apps.supervision.forms import SentenceForm
from apps.supervision.models import Rectification, Visit, VisitMember, VisitPhoto
from apps.supervision.services import proofs, visits
from apps.supervision.views import DOCX, file_answer, ledger_place
from apps.supervision.visit_forms import PlanForm

RELATED = ("organization", "branch", "saved_by__person", "closed_by__person")
MOST = 200


@require_GET
def visit_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """The plan of a year: what a committee looks at, or what was looked at in a branch, by itself and from above."""
    at = ledger_place(request, organization)
    year = _year(request.GET.get("year", "")) or request.today.year
    mine = Visit.objects.visible_to(request.user, request.today)
    mine = mine.filter(branch=at) if at.is_branch else mine.filter(organization=at)
    rows = mine.filter(starts_on__range=(date(year, 1, 1), date(year, 12, 31))).select_related("organization", "branch")
    people = Prefetch("members", VisitMember.objects.select_related("person"))
    return render(request, "supervision/visit_list.html", {
        "organization": at, "visits": list(rows.prefetch_related(people).order_by("starts_on", "pk")[:MOST]), "year": year,
        "year_words": year_label(year), "earlier": year - 1, "later": year + 1,
        "can_plan": visits.may_plan(request.user, at, request.today),
    })  # fmt: skip


def _year(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 2000 <= int(text[:5]) <= 2100 else 0


@require_http_methods(["GET", "POST"])
def visit_plan(request: HtmxRequest, organization: str) -> HttpResponse:
    at = get_object_or_404(Organization, public_id=organization)
    if not visits.may_plan(request.user, at, request.today):
        raise Http404
    initial = {"starts_on": request.today, "request_key": uuid.uuid4()}
    form = PlanForm(request.POST or None, organization=at, today=request.today, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                planned = visits.visit_plan(
                    organization=at, branches=data["branches"], topic=data["topic"], starts_on=data["starts_on"],
                    ends_on=data["ends_on"], team=data["team"], by=request.user, today=request.today,
                    request_key=data["request_key"],
                )  # fmt: skip
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("Planned."))
                if len(planned) == 1 and planned[0].starts_on <= request.today:
                    return redirect("supervision:visit-fill", at.public_id, planned[0].public_id)
                return redirect("supervision:visit-list", at.public_id)
    return render(request, "supervision/visit_plan.html", {"organization": at, "form": form}, status=status)


def _visit(request: HtmxRequest, organization: str, visit: str, *, team: bool = True) -> Visit:
    """With `can_work`: the reader writes on it; with its `team` where the page names it."""
    rows, user, today = Visit.objects, request.user, request.today
    work = Exists(rows.manageable_by(user, today).filter(pk=OuterRef("pk")))
    seen = rows.visible_to(user, today).select_related(*RELATED).annotate(can_work=work)
    if team:
        seen = seen.prefetch_related(Prefetch("members", VisitMember.objects.select_related("person")))
    return get_object_or_404(seen, organization__public_id=organization, public_id=visit)


def _mine(request: HtmxRequest, organization: str, visit: str, *, team: bool = True) -> Visit:
    one = _visit(request, organization, visit, team=team)
    if not one.can_work:
        raise Http404
    return one


def _follows_links(request: HtmxRequest, branch: Organization) -> bool:
    """Whether the counts may lead to the rows behind them: a team member without a post reads the numbers alone."""
    reach = request.user.reach
    return branch.pk in reach.committee_of or any(branch.path.startswith(path) for path in reach.staff_paths)


@require_GET
def visit_detail(request: HtmxRequest, organization: str, visit: str) -> HttpResponse:
    """Closed: the record and what became of its findings. Before: what is known, and the way to the form."""
    one = _visit(request, organization, visit)
    context: dict[str, Any] = {
        "organization": one.organization, "visit": one, "links": _follows_links(request, one.branch),
        "is_planned": one.state == Visit.State.PLANNED, "team": [member.person for member in one.members.all()],
        "sees_list": _follows_links(request, one.organization), "cancel_form": None, "step": "", "photos": list(one.photos.all()),
    }  # fmt: skip
    if one.state == Visit.State.CLOSED:
        context["findings"] = list(one.findings.select_related("row"))
        context["answers"] = _said(one)
    elif one.state == Visit.State.PLANNED and one.can_work:
        context["picture"] = checklist.picture(one, request.today)
    return render(request, "supervision/visit_detail.html", context)


def _said(one: Visit) -> list[tuple[str, str, str]]:
    """Question, state, note: of questions that are asked no more the key stands for the words."""
    questions = checklist.BY_KEY
    return [(str(questions[key].text) if key in questions else key, state, note) for key, state, note in one.answers]


@require_http_methods(["GET", "POST"])
def visit_fill(request: HtmxRequest, organization: str, visit: str) -> HttpResponse:
    """The form on the spot. A POST saves; its button says where to go on. Saved by itself while one writes."""
    one = _mine(request, organization, visit, team=request.method == "GET")
    if one.state != Visit.State.PLANNED:
        if request.headers.get("X-Autosave"):
            return _text(_("This visit is closed. What came of it goes on in the ledger."), 409)
        if request.method == "POST":
            messages.error(request, _("This visit is closed. What came of it goes on in the ledger."))
        return redirect("supervision:visit-detail", organization, visit)
    if request.method == "GET":
        return _form(request, one, one.draft)
    typed = visit_draft.kept(dict(request.POST.lists()))
    try:
        version = visits.visit_save(
            visit=one, by=request.user, now=request.now, version=_number(request.POST.get("version")), typed=typed
        )
    except visits.VisitConflict as conflict:
        if request.headers.get("X-Autosave"):
            return _text(str(conflict), 409)
        one.version = conflict.version
        return _form(request, one, typed, error=str(conflict), theirs=conflict.theirs, status=409)
    except RuleBroken as error:
        if request.headers.get("X-Autosave"):
            return _text(str(error), error.status)
        return _form(request, one, typed, error=str(error), status=error.status)
    if request.headers.get("X-Autosave"):
        stamp = _("Saved %(time)s") % {"time": f"{timezone.localtime(request.now):%H:%M}"}
        return _text(stamp, 200, version)
    go = request.POST.get("go", "")
    if go == "send":
        return redirect("supervision:visit-send", organization, visit)
    if go == "more":
        return redirect(request.path + "#findings")
    messages.success(request, _("Saved."))
    return redirect("supervision:visit-detail", organization, visit)


def _text(text: str, status: int, version: int = 0) -> HttpResponse:
    headers = {"X-Version": str(version)} if version else {}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _form(
    request: HtmxRequest, one: Visit, typed: Mapping[str, list[str]], *, error: str = "",
    theirs: Mapping[str, list[str]] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    draft = visit_draft.read(typed)
    differ = {name: "\n".join(values) for name, values in (theirs or {}).items() if values != typed.get(name)}
    picture = checklist.picture(one, request.today)
    context = {
        "organization": one.organization,
        "visit": one,
        "draft": draft,
        "held_on": draft.held_on or min(request.today, one.ends_on).isoformat(),
        "picture": picture,
        "asked": _asked(picture, draft),
        "ways": Visit.Way.choices,
        "categories": Rectification.Category.choices,
        "natures": Rectification.Nature.choices,
        "fault": error,
        "theirs": differ,
        "links": _follows_links(request, one.branch),
        "first_blank": next((line.number for line in draft.findings if line.is_empty), 0),
        "team": [member.person for member in one.members.all()],
    }
    return render(request, "supervision/visit_fill.html", context, status=status)


def _asked(picture: checklist.Picture, draft: visit_draft.Draft) -> list[tuple[str, list[dict[str, str]]]]:
    return [
        (
            way,
            [
                {
                    "key": question.key,
                    "text": str(question.text),
                    "state": draft.answers[question.key][0],
                    "note": draft.answers[question.key][1],
                }
                for question in questions
            ],
        )
        for way, questions in picture.questions
    ]


@require_http_methods(["GET", "POST"])
def visit_send(request: HtmxRequest, organization: str, visit: str) -> HttpResponse:
    """What will be sent, then the one button: a closed visit is not edited."""
    one = _mine(request, organization, visit, team=False)
    if one.state != Visit.State.PLANNED:
        return redirect("supervision:visit-detail", organization, visit)
    draft = visit_draft.read(one.draft, blank=0)
    faults = visit_draft.problems(draft, starts_on=one.starts_on, today=request.today)
    status = 200
    if request.method == "POST":
        known = checklist.known_of(one, request.today)
        try:
            visits.visit_close(
                visit=one, by=request.user, now=request.now, version=_number(request.POST.get("version")), known=known
            )
        except RuleBroken as error:
            status = error.status
            faults = faults or [str(error)]
        else:
            messages.success(request, _("The visit is closed. The findings stand in the branch's ledger."))
            return redirect("supervision:visit-detail", organization, visit)
    nature, category = dict(Rectification.Nature.choices), dict(Rectification.Category.choices)
    context = {
        "organization": one.organization, "visit": one, "draft": draft, "faults": faults,
        "ways": [str(Visit.Way(way).label) for way in draft.ways],
        "lines": [(line, nature.get(line.nature, ""), category.get(line.category, "")) for line in draft.said],
        "answered": sum(bool(state) for state, _note in draft.answers.values()),
    }  # fmt: skip
    return render(request, "supervision/visit_send.html", context, status=status)


@require_POST
def visit_cancel(request: HtmxRequest, organization: str, visit: str) -> HttpResponse:
    one = _mine(request, organization, visit)
    form = SentenceForm(request.POST)
    try:
        reason = form.cleaned_data["text"] if form.is_valid() else ""
        visits.visit_cancel(visit=one, by=request.user, now=request.now, reason=reason)
    except RuleBroken as error:
        form.add_error(None, str(error))
        context = {
            "organization": one.organization, "visit": one, "links": _follows_links(request, one.branch), "step": "cancel",
            "is_planned": one.state == Visit.State.PLANNED, "team": [member.person for member in one.members.all()],
            "sees_list": _follows_links(request, one.organization), "form": form, "cancel_form": form,
            "photos": list(one.photos.all()),
        }  # fmt: skip
        return render(request, "supervision/visit_detail.html", context, status=error.status)
    messages.success(request, _("Cancelled."))
    return redirect("supervision:visit-detail", organization, visit)


@require_GET
def visit_letter(request: HtmxRequest, organization: str, visit: str) -> HttpResponse:
    """The feedback to the branch, in Word. Papers are Chinese whatever the language of the screen."""
    one = _visit(request, organization, visit)
    if one.state != Visit.State.CLOSED or one.is_own:
        raise Http404
    from apps.supervision.letter import letter_docx  # the Word library is large: loaded where a paper is made

    with translation.override("zh-hans"):
        data = letter_docx(one, list(one.findings.all()), [member.person.name for member in one.members.all()])
    return file_answer(data, DOCX, f"{one.branch.name} 督导反馈 {one.day:%Y-%m-%d}.docx")


@require_POST
def visit_photos(request: HtmxRequest, organization: str, visit: str) -> HttpResponse:
    """Add photos, or take one away; each file that fails says why."""
    one = _mine(request, organization, visit, team=False)
    if remove := request.POST.get("remove", "")[:12]:
        photo = get_object_or_404(one.photos.select_related("visit"), public_id=remove)
        _told(request, lambda: proofs.photo_remove(photo=photo, by=request.user, today=request.today))
    elif not request.FILES:
        messages.error(request, _("Choose a file first."))
    for file in request.FILES.getlist("files")[:20]:
        _told(request, partial(
            proofs.photo_add, visit=one, by=request.user, today=request.today, name=file.name or "", content=file,
            size=file.size or 0,
        ))  # fmt: skip
    return redirect(reverse("supervision:visit-detail", args=[organization, visit]) + "#photos")


def _told(request: HtmxRequest, take: Callable[[], object]) -> None:
    try:
        take()
    except RuleBroken as error:
        messages.error(request, str(error))


def _photo(request: HtmxRequest, organization: str, photo: str) -> VisitPhoto:
    seen = Visit.objects.visible_to(request.user, request.today)
    return get_object_or_404(
        VisitPhoto.objects.filter(visit__in=seen, visit__organization__public_id=organization), public_id=photo
    )


@require_GET
def photo_detail(request: HtmxRequest, organization: str, photo: str) -> HttpResponse:
    """The file itself: a picture is shown, anything else downloaded."""
    one = _photo(request, organization, photo)
    return sent(one.file, one.content_type, one.name, download=not one.content_type.startswith("image/"))


@require_GET
def photo_thumb(request: HtmxRequest, organization: str, photo: str) -> HttpResponse:
    one = _photo(request, organization, photo)
    if not one.thumbnail:
        raise Http404
    return sent(one.thumbnail, "image/jpeg")
