"""A member's boxes of the home page: the next meeting, answered in one tap, and how often one was there this year."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from apps.activities.home import answered_text, next_meeting
from apps.activities.models import Attendance
from apps.core.home import Panel
from apps.core.http import HtmxRequest


def panels(request: HtmxRequest, place: str) -> Iterator[Panel]:
    person = request.user.reach.person_id
    if person is None or not request.user.reach.member_of:
        return
    if invitation := next_meeting(request):
        sitting = invitation.sitting
        title = "、".join(row.kind.short for row in sitting.activities.all() if row.state == "scheduled")
        context = {"sitting": sitting, "invitation": invitation, "title": title, "grounds": Attendance.Ground.choices}
        context |= {"keep_url": "", "answered": ""}
        if sitting.organization_id in request.user.reach.committee_of:
            first = next(row for row in sitting.activities.all() if row.state == "scheduled")
            context["keep_url"] = reverse(
                "activities:activity-detail", args=[sitting.organization.public_id, first.public_id]
            )
            context["answered"] = answered_text(invitation)
        yield Panel("activities/_next_panel.html", context, order=10, stylesheet="css/pages/activities.css")
    yield _attendance(request, person)


def _attendance(request: HtmxRequest, person: int) -> Panel:
    """For oneself alone; nobody ranks by it."""
    mine = Attendance.objects.filter(
        person=person, is_expected=True, sitting__activities__state="filed",
        sitting__held_on__gte=date(request.today.year, 1, 1), sitting__held_on__lte=request.today,
    ).exclude(sitting__activities__kind__behaviour="talk")  # fmt: skip
    counts = mine.aggregate(
        expected=Count("sitting", distinct=True),
        present=Count("sitting", distinct=True, filter=Q(status__in=Attendance.PRESENT)),
    )
    return Panel("activities/_attendance_panel.html", counts | {"url": reverse("members:person-own")}, order=80)
