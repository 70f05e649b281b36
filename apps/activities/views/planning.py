"""Meetings ahead: the branch's schedule, planning, moving, cancelling; one's own schedule and answers."""

import uuid

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.activities import prefill, rules, services
from apps.activities.expected import expected_people
from apps.activities.forms import AnswerForm, MoveForm, PlanForm
from apps.activities.models import Activity, Attendance, Behaviour, Invitation, Sitting
from apps.activities.scopes import Desk, desk, logged_by
from apps.branches.models import Membership
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

State = Activity.State
WITH_KINDS = Prefetch("sitting__activities", Activity.objects.select_related("kind").order_by("pk"))


@require_GET
def sitting_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """The branch's schedule: what waits for its minutes, then what is to come."""
    at = get_object_or_404(logged_by(request), public_id=organization)
    rows = Activity.objects.manageable_by(request.user).filter(
        organization=at, state__in=(State.SCHEDULED, State.MINUTES_DUE)
    )  # fmt: skip
    page = list(rows.select_related("kind", "group", "sitting").order_by("held_on", "sitting__starts_at", "pk")[:100])
    for one in page:
        one.shown_state, one.near_text = rules.shown_state(one, request.today), one.sitting.near_text(request.today)
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


def _kept_sitting(request: HtmxRequest, organization: str, sitting: str) -> Sitting:
    rows = Sitting.objects.manageable_by(request.user).select_related("organization", "group")
    return get_object_or_404(rows, organization__public_id=organization, public_id=sitting)


@require_http_methods(["GET", "POST"])
def sitting_move(request: HtmxRequest, organization: str, sitting: str) -> HttpResponse:
    one = _kept_sitting(request, organization, sitting)
    first = _first(one)
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


def _first(sitting: Sitting) -> Activity:
    rows = sitting.activities.filter(state__in=(State.SCHEDULED, State.MINUTES_DUE)).select_related("kind", "group")
    return get_object_or_404(rows.order_by("pk")[:1])


@require_POST
def sitting_cancel(request: HtmxRequest, organization: str, sitting: str) -> HttpResponse:
    one = _kept_sitting(request, organization, sitting)
    first = _first(one)
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


@require_http_methods(["GET", "POST"])
def sitting_invite(request: HtmxRequest, organization: str, sitting: str) -> HttpResponse:
    """Ask further people, and note answers told in person."""
    one = _kept_sitting(request, organization, sitting)
    first = _first(one)
    roster = (
        Membership.objects.of_branch(one.organization, one.held_on)
        .select_related("person")
        .in_roster_order(one.held_on)
    )
    people = {row.person.public_id: row.person for row in roster}
    if request.method == "POST":
        chosen = [people[public_id] for public_id in request.POST.getlist("people") if public_id in people]
        try:
            fresh = services.sitting_invite(sitting=one, by=request.user, kind=first.kind, people=chosen)
            messages.success(request, _("%(count)d more people are invited.") % {"count": len(fresh)})
        except RuleBroken as error:
            messages.error(request, str(error))
        return redirect("activities:activity-detail", organization, first.public_id)
    asked = set(one.invitations.values_list("person", flat=True))
    return render(request, "activities/sitting_invite.html", {
        "organization": one.organization, "activity": first, "sitting": one,
        "people": [person for person in people.values() if person.pk not in asked],
    })  # fmt: skip


@require_GET
def schedule(request: HtmxRequest) -> HttpResponse:
    """One's own: what one is invited to, a cancelled one until its day is over, and what one attended this year."""
    mine = request.user.reach.person_id or 0
    asked = (
        Invitation.objects.filter(person=mine, sitting__held_on__gte=request.today)
        .select_related("sitting__organization", "sitting__group")
        .prefetch_related(WITH_KINDS)
        .order_by("sitting__held_on", "sitting__starts_at", "pk")[:50]
    )
    asked = list(asked)
    past = (
        Attendance.objects.filter(
            person=mine, sitting__activities__state=State.FILED, sitting__held_on__year=request.today.year
        )
        .select_related("sitting__organization")
        .prefetch_related(WITH_KINDS)
        .distinct()
        .order_by("-sitting__held_on", "-pk")[:60]
    )
    past = list(past)
    for row in [*asked, *past]:
        row.near_text = row.sitting.near_text(request.today)
    return render(request, "activities/schedule.html", {"asked": asked, "past": past})


def _event(request: HtmxRequest, sitting: str) -> Sitting:
    rows = Sitting.objects.visible_to(request.user).select_related("organization", "group", "chair")
    return get_object_or_404(rows, public_id=sitting)


@require_GET
def sitting_detail(request: HtmxRequest, sitting: str) -> HttpResponse:
    """The page behind the link in the chat: when, where, and two buttons."""
    one = _event(request, sitting)
    activities = list(one.activities.select_related("kind", "group").order_by("pk"))
    mine = one.invitations.filter(person=request.user.reach.person_id or 0).first()
    is_cancelled = all(row.state == State.CANCELLED for row in activities)
    return render(request, "activities/sitting_detail.html", {
        "sitting": one, "organization": one.organization, "activities": activities, "invitation": mine,
        "is_cancelled": is_cancelled, "grounds": Attendance.Ground.choices,
        "is_open": mine is not None and one.held_on >= request.today and any(row.state == State.SCHEDULED for row in activities),
        "keeps": one.organization_id in request.user.reach.committee_of or one.group_id in request.user.reach.leads_groups,
    })  # fmt: skip


@require_POST
def sitting_answer(request: HtmxRequest, sitting: str) -> HttpResponse:
    """Come or cannot: one tap each."""
    one = _event(request, sitting)
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken(_("Choose “Coming” or “Cannot come”."))
        services.invitation_answer(
            sitting=one, person=request.user.reach.person_id or 0, by=request.user, now=request.now, **form.cleaned_data
        )
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("activities:sitting-detail", sitting)


@require_GET
def sitting_calendar(request: HtmxRequest, sitting: str) -> HttpResponse:
    """The event as a file for the phone's calendar."""
    from apps.activities.calendar import event_ics

    one = _event(request, sitting)
    activities = list(one.activities.select_related("kind").order_by("pk"))
    live = [row for row in activities if row.state != State.CANCELLED]
    title = "、".join(row.kind.short for row in live or activities)
    url = request.build_absolute_uri(reverse("activities:sitting-detail", args=[sitting]))
    data = event_ics(one, title=f"{title} · {one.organization}", is_cancelled=not live, now=request.now, url=url)
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{one.held_on:%Y-%m-%d}.ics"'
    return response
