"""The invited one's side of a meeting ahead: one's own schedule, the page behind the link, the answer, the calendar file."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.activities import services
from apps.activities.forms import AnswerForm
from apps.activities.models import Activity, Attendance, Invitation, Sitting
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

State = Activity.State
WITH_KINDS = Prefetch("sitting__activities", Activity.objects.select_related("kind").order_by("pk"))


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
