"""Meetings ahead: the branch's schedule; planning, moving, cancelling."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.activities import prefill, rules, services
from apps.activities.expected import expected_people
from apps.activities.forms import MoveForm, PlanForm
from apps.activities.home import answered_text
from apps.activities.models import Activity, Behaviour, Sitting
from apps.activities.scopes import Desk, desk, logged_by
from apps.branches.models import Membership
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

State = Activity.State


@require_GET
def sitting_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """The branch's schedule: what waits for its minutes, then what is to come."""
    at = get_object_or_404(logged_by(request), public_id=organization)
    rows = Activity.objects.manageable_by(request.user).filter(
        organization=at, state__in=(State.SCHEDULED, State.MINUTES_DUE)
    )  # fmt: skip
    page = list(
        rows.with_answers()
        .select_related("kind", "group", "sitting")
        .order_by("held_on", "sitting__starts_at", "pk")[:100]
    )
    for one in page:
        one.shown_state, one.near_text = rules.shown_state(one, request.today), one.sitting.near_text(request.today)
        one.meta = " · ".join(filter(None, [one.sitting.place, answered_text(one)]))
    return render(request, "activities/sitting_list.html", {
        "organization": at, "waiting": [one for one in page if one.held_on < request.today],
        "coming": [one for one in page if one.held_on >= request.today],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def sitting_plan(request: HtmxRequest, organization: str) -> HttpResponse:
    """Schedule a meeting; the expected people are invited unless the box is cleared."""
    at = desk(request, get_object_or_404(logged_by(request), public_id=organization))
    status = 200
    if request.method == "POST":
        form, status = PlanForm(request.POST, today=request.today, kinds=at.kinds, groups=at.groups), 422
        if form.is_valid():
            try:
                sitting = _planned(request, at, form.cleaned_data)
                first = sitting.activities.order_by("pk").first()
                messages.success(request, _("The meeting is scheduled."))
                return redirect("activities:activity-detail", organization, first.public_id)
            except RuleBroken as error:
                form.add_error(None, str(error))
    else:
        form = PlanForm(
            initial=_plan_proposed(request, at), today=request.today, kinds=at.kinds, groups=at.groups
        )  # fmt: skip
    return render(
        request,
        "activities/sitting_plan.html",
        {"form": form, "organization": at.organization, "groups": at.groups},
        status=status,
    )


def _plan_proposed(request: HtmxRequest, at: Desk) -> dict:
    kind = at.kind(request.GET.get("kind", "")) or (at.kinds[0] if at.kinds else None)
    group = at.group(request.GET.get("group", "")) or (at.groups[0] if at.groups and not at.is_committee else None)
    counts_for = parse_date(request.GET["counts_for"][:10]) if request.GET.get("counts_for") else None
    proposal = {
        "request_key": str(uuid.uuid4()), "place": at.organization.usual_place, "counts_for": counts_for,
        "kind": kind.slug if kind else "", "group": group.public_id if group else "",
    }  # fmt: skip
    if kind is not None:
        last = prefill.last_of_kind(at.organization, group, kind)
        if last is not None:
            proposal |= {"starts_at": last.sitting.starts_at, "ends_at": last.sitting.ends_at}
            proposal["place"] = last.sitting.place or proposal["place"]
        if kind.slug == "theme_day" and at.organization.theme_day:
            proposal["held_on"] = prefill.next_theme_day(request.today, at.organization.theme_day)
    return proposal


def _planned(request: HtmxRequest, at: Desk, said: dict) -> Sitting:
    kind = at.kind(said["kind"])
    group = at.group(said["group"]) if kind.behaviour == Behaviour.GROUP else None
    if kind.behaviour == Behaviour.GROUP and group is None and len(at.groups) == 1:
        group = at.groups[0]
    also = [
        one for one in at.kinds if one.slug in said["also"] and one.pk != kind.pk and one.behaviour == kind.behaviour
    ]
    invite = []
    if request.POST.get("invite") == "on":
        invite = [one.person for one in expected_people(at.organization, group, kind, said["held_on"])]
        if not invite and kind.behaviour == Behaviour.INVITED:
            roster = Membership.objects.of_branch(at.organization, said["held_on"]).select_related("person")
            invite = [row.person for row in roster]
    return services.sitting_plan(
        organization=at.organization, kinds=[kind, *also], by=request.user, now=request.now, held_on=said["held_on"],
        group=group, starts_at=said["starts_at"], ends_at=said["ends_at"], place=said["place"], note=said["note"],
        chair=prefill.chair_of(at.organization, group, kind, said["held_on"]), invite=invite, counts_for=said["counts_for"],
        request_key=said["request_key"],
    )  # fmt: skip


def kept_sitting(request: HtmxRequest, organization: str, sitting: str) -> Sitting:
    rows = Sitting.objects.manageable_by(request.user).select_related("organization", "group")
    return get_object_or_404(rows, organization__public_id=organization, public_id=sitting)


@require_http_methods(["GET", "POST"])
def sitting_move(request: HtmxRequest, organization: str, sitting: str) -> HttpResponse:
    one = kept_sitting(request, organization, sitting)
    first = first_of(one)
    status = 200
    if request.method == "POST":
        form, status = MoveForm(request.POST, today=request.today), 422
        if form.is_valid():
            try:
                services.sitting_move(sitting=one, by=request.user, now=request.now, **form.cleaned_data)
                messages.success(
                    request,
                    _("The meeting is changed. Those invited see it on their home page; tell them in your group too."),
                )
                return redirect("activities:activity-detail", organization, first.public_id)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
    else:
        fields = ("held_on", "starts_at", "ends_at", "place", "version")
        form = MoveForm(initial={name: getattr(one, name) for name in fields}, today=request.today)
    context = {"form": form, "organization": one.organization, "activity": first, "sitting": one}
    return render(request, "activities/sitting_move.html", context, status=status)


def first_of(sitting: Sitting) -> Activity:
    rows = sitting.activities.filter(state__in=(State.SCHEDULED, State.MINUTES_DUE)).select_related("kind", "group")
    return get_object_or_404(rows.order_by("pk")[:1])


@require_POST
def sitting_cancel(request: HtmxRequest, organization: str, sitting: str) -> HttpResponse:
    one = kept_sitting(request, organization, sitting)
    first = first_of(one)
    version = request.POST.get("version", "")
    try:
        services.sitting_cancel(sitting=one, by=request.user, version=int(version) if version.isdigit() else 0)
        messages.success(
            request,
            _("The meeting is cancelled. Those invited see it on their home page; tell them in your group too."),
        )
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("activities:activity-detail", organization, first.public_id)
