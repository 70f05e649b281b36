"""A member's box of the home page: how often there, this year. For oneself alone; nobody ranks by it."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from apps.activities.models import Attendance
from apps.core.home import Panel
from apps.core.http import HtmxRequest


def panels(request: HtmxRequest, place: str) -> Iterator[Panel]:
    person = request.user.reach.person_id
    if person is None or not request.user.reach.member_of:
        return
    mine = Attendance.objects.filter(
        person=person, is_expected=True, sitting__activities__state="filed",
        sitting__held_on__gte=date(request.today.year, 1, 1), sitting__held_on__lte=request.today,
    ).exclude(sitting__activities__kind__behaviour="talk")  # fmt: skip
    counts = mine.aggregate(
        expected=Count("sitting", distinct=True),
        present=Count("sitting", distinct=True, filter=Q(status__in=Attendance.PRESENT)),
    )
    yield Panel("activities/_attendance_panel.html", counts | {"url": reverse("members:person-own")}, order=80)
