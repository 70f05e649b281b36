"""Lists of assignments, and giving one by hand."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.assignments import rules, services, words
from apps.assignments.forms import GiveForm
from apps.assignments.models import Assignment
from apps.branches.models import Organization
from apps.core import related
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
                related.made(request, "assignment", one.public_id)
                messages.success(request, _("The assignment is given."))
                return redirect("assignments:assignment-detail", at.public_id, one.public_id)
    return render(request, "assignments/assignment_new.html", {"organization": at, "form": form}, status=status)
