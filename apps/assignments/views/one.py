"""One assignment: what it says, what may be done with it, and the files handed in with it."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, Exists, OuterRef, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.activities.views.files import sent
from apps.assignments import rules, services, words
from apps.assignments.forms import ActForm
from apps.assignments.models import Assignment, Evidence
from apps.assignments.people import assignable
from apps.assignments.rules import Act
from apps.assignments.services.acting import has_account
from apps.branches.querysets import nearest_staff
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

MOST_FILES = 10
BY_GIVER = (Act.GIVE, Act.ACCEPT, Act.RETURN, Act.POSTPONE, Act.REFUSE, Act.NUDGE, Act.CANCEL)


def _one(request: HtmxRequest, organization: str, assignment: str) -> Assignment:
    """`is_near`: the reader works for the nearest committee above; `is_here`: who is to do it is still in the branch."""
    near = nearest_staff(request.user, request.today)
    here = assignable(OuterRef("organization"), request.today).order_by().filter(pk=OuterRef("assignee"))
    rows = (
        Assignment.objects.visible_to(request.user)
        .annotate(is_near=Case(When(near, then=Value(True)), default=Value(False)), is_here=Exists(here))
        .select_related(
            "assignee__user", "organization", "activity__kind", "given_by_organization", "batch", "substitute"
        )
    )
    return get_object_or_404(rows, organization__public_id=organization, public_id=assignment)


def _context(request: HtmxRequest, one: Assignment) -> dict[str, Any]:
    """Levels above the nearest staff read that the branch does it, not who in the branch."""
    reach = request.user.reach
    held = rules.roles(request.user, one, has_account=has_account(one))
    names_people = one.is_near or one.organization_id in reach.branches
    steps = list(one.events.select_related("by__person"))
    for step in steps:
        step.word = words.DONE[step.act]
        step.by_name = (
            step.by.person.name if step.by and step.by.person and (names_people or step.act in BY_GIVER) else ""
        )
        if not names_people and step.act in (Act.DELEGATE, Act.LEFT):
            step.text = ""
    acts = rules.acts(one, held)
    return {
        "one": one, "organization": one.organization, "whose": words.whose(one) if names_people else _("The branch"),
        "due_text": words.due(one, request.today), "steps": steps, "names_people": names_people,
        "acts": sorted(map(_asked, acts), key=lambda item: not item["primary"]),
        "evidence": list(one.evidence.all()), "files_at_once": MOST_FILES,
        "people": list(assignable(one.organization, request.today)) if {Act.DELEGATE, Act.DECLINE} & set(acts) else [],
        "keeps": one.organization_id in reach.committee_of, "asks_staff": one.given_by_organization_id in reach.staff_of,
        "reads_record": one.activity_id and one.organization_id in reach.committee_of,
        "has_left": bool(one.assignee_id and not one.is_here and one.is_open),
        "named": next((step.text for step in steps if step.act == Act.LEFT and not one.assignee_id), ""),
        "on_behalf": rules.acts_on_behalf(request.user, one, has_account=has_account(one)) and one.is_open,
        "was_on_behalf": any(step.on_behalf for step in steps),
    }  # fmt: skip


def _asked(act: Act) -> dict[str, Any]:
    """What the form of the act asks for; empty means that a button is enough."""
    text = "required" if act in rules.NEEDS_TEXT else "optional"
    needs_none = act in (Act.BEGIN, Act.ACCEPT, Act.NUDGE)
    return {
        "name": act.value, "verb": words.VERBS[act], "text": "" if needs_none else text, "files": act in rules.TAKES_FILES,
        "day": act in rules.TAKES_DAY, "person": act in rules.TAKES_PERSON, "must_name": act == Act.DELEGATE,
        "primary": act in (Act.ACCEPT, Act.SUBMIT, Act.FINISH),
    }  # fmt: skip


@require_GET
def assignment_detail(request: HtmxRequest, organization: str, assignment: str) -> HttpResponse:
    one = _one(request, organization, assignment)
    return render(request, "assignments/assignment_detail.html", _context(request, one))


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
        files = [
            services.Upload(file.name or "", file, file.size or 0)
            for file in request.FILES.getlist("files")[:MOST_FILES]
        ]
        try:
            services.assignment_act(
                one=one, act=act, by=request.user, now=request.now, files=files, **form.cleaned_data
            )
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
            one = _one(request, organization, assignment)
        else:
            messages.success(request, _("Noted."))
            return redirect("assignments:assignment-detail", organization, assignment)
    else:
        _said_above(form)
    context = _context(request, one) | {"form": form, "act": act, "typed": _typed(request)}
    return render(request, "assignments/assignment_detail.html", context, status=status)


def _typed(request: HtmxRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "")[:2000] for name in ("text", "due_on")}


def _said_above(form: ActForm) -> None:
    """The form stands open further down under names of its own: its faults are said at the top of the page."""
    said = [str(error) for errors in form.errors.values() for error in errors]
    form.errors.clear()
    for error in said:
        form.add_error(None, error)


@require_GET
def evidence_detail(request: HtmxRequest, organization: str, assignment: str, evidence: str) -> HttpResponse:
    """A picture is shown, anything else downloaded."""
    seen = Assignment.objects.visible_to(request.user).filter(
        organization__public_id=organization, public_id=assignment
    )  # fmt: skip
    one = get_object_or_404(Evidence.objects.filter(assignment__in=seen), public_id=evidence)
    return sent(one.file, one.content_type, one.name, download=not one.content_type.startswith("image/"))
