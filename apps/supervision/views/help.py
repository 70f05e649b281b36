"""Plans of help: for the branch's committee and its line above."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.core.widgets import DateInput
from apps.supervision.models import HelpPlan
from apps.supervision.services import help as plans
from apps.supervision.views import ledger_place
from apps.supervision.visit_forms import branches_below

MOST = 100


class PlanForm(forms.Form):
    """Causes and measures are talked over with the branch before they are written here."""

    branch = forms.ChoiceField(label=gettext_lazy("Branch"))
    causes = forms.CharField(
        label=gettext_lazy("Causes"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("As talked over with the branch"),
    )  # fmt: skip
    goal = forms.CharField(label=gettext_lazy("What it should be like"), max_length=300, required=False)
    measures = forms.CharField(
        label=gettext_lazy("Measures"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line"),
    )  # fmt: skip
    helper = forms.CharField(
        label=gettext_lazy("Who helps, from above"), max_length=60, help_text=gettext_lazy("Name and post")
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("To be reached by"), widget=DateInput())
    request_key = forms.CharField(max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, branches: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branches = {one.public_id: one for one in branches}
        self.fields["branch"].choices = [("", _("Choose")), *((key, one.name) for key, one in self.branches.items())]


@require_GET
def plan_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """In the order of the tree; what is concluded below. No figures, no order by anything else."""
    at = ledger_place(request, organization)
    rows = HelpPlan.objects.visible_to(request.user).filter(organization__path__within=at.path)
    rows = rows.select_related("organization", "set_by").order_by("organization__path", "-starts_on")
    found = list(rows.active()[:MOST]) + list(rows.exclude(lifted_on=None)[:MOST])
    context = {
        "organization": at,
        "active": [plan for plan in found if plan.lifted_on is None],
        "past": [plan for plan in found if plan.lifted_on],
        "can_set": plans.may_set(request.user, at),
    }
    return render(request, "supervision/help_list.html", context)


@require_http_methods(["GET", "POST"])
def plan_set(request: HtmxRequest, organization: str) -> HttpResponse:
    at = get_object_or_404(Organization, public_id=organization)
    if not plans.may_set(request.user, at):
        raise Http404
    initial = {"starts_on": request.today, "request_key": uuid.uuid4()}
    form = PlanForm(request.POST or None, branches=branches_below(at, request.today), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                plan = plans.plan_set(
                    committee=at, branch=form.branches[data["branch"]], by=request.user, now=request.now, causes=data["causes"],
                    goal=data["goal"], helper=data["helper"], starts_on=data["starts_on"], ends_on=data["ends_on"],
                    measures=data["measures"].splitlines(), request_key=data["request_key"],
                )  # fmt: skip
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("Saved."))
                return redirect("supervision:help-detail", plan.organization.public_id, plan.public_id)
    return render(request, "supervision/help_set.html", {"organization": at, "form": form}, status=status)


def _plan(request: HtmxRequest, organization: str, plan: str) -> HelpPlan:
    """With what the reader may do: `can_note`, `can_review`."""
    rows, one = HelpPlan.objects, OuterRef("pk")
    seen = rows.visible_to(request.user).annotate(
        can_note=Exists(rows.noted_by(request.user).filter(pk=one)),
        can_review=Exists(rows.manageable_by(request.user).filter(pk=one)),
    )
    seen = seen.select_related("organization", "set_by")
    return get_object_or_404(seen, organization__public_id=organization, public_id=plan)


@require_GET
def plan_detail(request: HtmxRequest, organization: str, plan: str) -> HttpResponse:
    return _page(request, _plan(request, organization, plan))


def _page(
    request: HtmxRequest, plan: HelpPlan, *, step: str = "", fault: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    is_open = plan.lifted_on is None
    context = {
        "organization": plan.organization,
        "plan": plan,
        "measures": list(plan.measures.all()),
        "steps": list(plan.steps.select_related("by__person")),
        "may_note": plan.can_note and is_open,
        "may_review": plan.can_review and is_open,
        "step": step,
        "fault": fault,
        "typed": request.POST.get("text", "")[:1000] if fault else "",
        "request_key": uuid.uuid4(),
    }
    return render(request, "supervision/help_detail.html", context, status=status)


@require_POST
def plan_note(request: HtmxRequest, organization: str, plan: str) -> HttpResponse:
    one = _plan(request, organization, plan)
    if not one.can_note:
        raise Http404
    done = [
        int(value)
        for value in request.POST.getlist("done")[:20]
        if value.isascii() and value.isdecimal() and len(value) < 4
    ]
    try:
        plans.plan_note(
            plan=one, by=request.user, now=request.now, text=request.POST.get("text", ""), done=done,
            request_key=request.POST.get("request_key", ""),
        )  # fmt: skip
    except RuleBroken as error:
        return _page(request, one, step="note", fault=str(error), status=error.status)
    messages.success(request, _("Noted."))
    return redirect("supervision:help-detail", organization, plan)


@require_POST
def plan_review(request: HtmxRequest, organization: str, plan: str) -> HttpResponse:
    one = _plan(request, organization, plan)
    if not one.can_review:
        raise Http404
    ends = request.POST.get("decision") == "end"
    try:
        plans.plan_review(plan=one, by=request.user, now=request.now, text=request.POST.get("text", ""), ends=ends)
    except RuleBroken as error:
        return _page(request, one, step="review", fault=str(error), status=error.status)
    messages.success(request, _("The plan is concluded.") if ends else _("Noted."))
    return redirect("supervision:help-detail", organization, plan)
