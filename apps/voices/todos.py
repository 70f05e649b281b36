"""Rows of the home page: what somebody owes a voice. Numbers and days only."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.days import distance, near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Section, Todo
from apps.voices.models import Matter

AT_MOST = 20


def todos(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Only committee members and staff can be asked to handle a matter."""
    reach, today = request.user.reach, request.today
    if not (reach.committee_of or reach.staff_of):
        return
    rows = Matter.objects.handled_by(request.user).owed().order_by("due_on", "pk")
    columns = ("public_id", "organization__public_id", "number", "state", "due_on")
    for key, at, number, state, due_on in rows.values_list(*columns)[:AT_MOST]:
        yield Todo(
            section=Section.MINE,
            title=_("Visitor's matter %(number)s") % {"number": number},
            url=reverse("voices:matter-detail", args=[at, key]),
            due_on=due_on,
            when=near_day(due_on, today),
            detail=distance(due_on, today),
            domain="matter",
            status=state,
        )
