"""Pages about assignments."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.assignments import rules, services, words
from apps.assignments.forms import ActForm, GiveForm, members_of
from apps.assignments.models import Assignment
from apps.assignments.rules import Act
from apps.assignments.services.acting import has_account
from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

PAGE = 30


def _worded(request: HtmxRequest, rows: list[Assignment]) -> list[Assignment]:
    for one in rows:
        one.due_text, one.whose = words.due(one, request.today), words.whose(one)  # type: ignore[attr-defined]
    return rows


@require_GET
def assignment_mine(request: HtmxRequest) -> HttpResponse:
    """What is open for the person, and what is waited for; the earliest due first."""
    rows = Assignment.objects.mine(request.user).open().select_related("assignee", "organization")
    return render(
        request,
        "assignments/assignment_mine.html",
        {"rows": _worded(request, list(rows.order_by("due_on", "pk")[:100]))},
    )


@require_GET
def assignment_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """Of the branch, newest first, by keyset: `before` is the last row of the page before."""
    at = get_object_or_404(Organization.objects.filter(pk__in=request.user.reach.committee_of), public_id=organization)
    over = request.GET.get("state") == "done"
    rows = Assignment.objects.visible_to(request.user).of_branch(at.pk)
    rows = rows.exclude(state__in=rules.OPEN) if over else rows.open()
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows.select_related("assignee", "organization").order_by("-pk")[: PAGE + 1])
    older = f"?state={'done' if over else 'open'}&before={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    return render(
        request, "assignments/assignment_list.html",
        {"organization": at, "rows": _worded(request, page[:PAGE]), "over": over, "older": older,
         "gives": at.pk in request.user.reach.leader_of},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def assignment_new(request: HtmxRequest, organization: str) -> HttpResponse:
    at = get_object_or_404(Organization.objects.filter(pk__in=request.user.reach.leader_of), public_id=organization)
    form = GiveForm(request.POST or None, organization=at, today=request.today, initial={"request_key": uuid.uuid4()})
    status = 200
    if request.method == "POST":
        form, status = GiveForm(request.POST, organization=at, today=request.today), 422
        if form.is_valid():
            given = form.cleaned_data | {"request_key": str(form.cleaned_data["request_key"])}
            try:
                one = services.assignment_give(organization=at, by=request.user, now=request.now, **given)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("The assignment is given."))
                return redirect("assignments:assignment-detail", at.public_id, one.public_id)
    return render(request, "assignments/assignment_new.html", {"organization": at, "form": form}, status=status)


def _one(request: HtmxRequest, organization: str, assignment: str) -> Assignment:
    rows = Assignment.objects.visible_to(request.user).select_related(
        "assignee__user", "organization", "activity__kind"
    )
    return get_object_or_404(rows, organization__public_id=organization, public_id=assignment)


def _context(request: HtmxRequest, one: Assignment) -> dict[str, Any]:
    held = rules.roles(request.user, one, has_account=has_account(one))
    steps = list(one.events.select_related("by__person"))
    for step in steps:
        step.word = words.DONE[step.act]
    acts = rules.acts(one.state, held)
    return {
        "one": one, "organization": one.organization, "whose": words.whose(one), "due_text": words.due(one, request.today),
        "steps": steps, "acts": [{"name": act.value, "verb": words.VERBS[act], "asks": _asks(act)} for act in acts],
        "people": list(members_of(one.organization, request.today)) if Act.DELEGATE in acts else [],
        "keeps": one.organization_id in request.user.reach.committee_of,
        "reads_record": one.activity_id and one.organization_id in request.user.reach.committee_of,
    }  # fmt: skip


def _asks(act: Act) -> str:
    if act == Act.DELEGATE:
        return "person"
    if act == Act.POSTPONE:
        return "day"
    return "text" if act in rules.NEEDS_TEXT else ""


@require_GET
def assignment_detail(request: HtmxRequest, organization: str, assignment: str) -> HttpResponse:
    return render(
        request, "assignments/assignment_detail.html", _context(request, _one(request, organization, assignment))
    )


@require_POST
def assignment_act(request: HtmxRequest, organization: str, assignment: str, act: str) -> HttpResponse:
    """One address for each act; the table in rules says who may. Nobody who has no act at all learns of it."""
    one = _one(request, organization, assignment)
    held = rules.roles(request.user, one, has_account=has_account(one))
    if act not in words.VERBS or not any(
        (state, Act(act), role) in rules.TABLE for state in rules.State for role in held
    ):
        raise Http404
    form, status = ActForm(request.POST, organization=one.organization, today=request.today), 422
    if form.is_valid():
        try:
            services.assignment_act(one=one, act=act, by=request.user, now=request.now, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
            one = _one(request, organization, assignment)
        else:
            messages.success(request, _("Noted."))
            return redirect("assignments:assignment-detail", organization, assignment)
    context = _context(request, one) | {"form": form, "act": act, "typed": request.POST.get("text", "")}
    return render(request, "assignments/assignment_detail.html", context, status=status)
