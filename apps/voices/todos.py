"""Rows of the home page: what somebody owes a voice. Numbers and days only."""

from collections.abc import Iterator

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.days import distance, near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Section, Todo
from apps.voices.models import Matter, SituationReport

AT_MOST = 20


def todos(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Only committee members and staff can be asked to handle a matter or to answer a report. One query."""
    reach, today = request.user.reach, request.today
    if not (reach.committee_of or reach.staff_of):
        return
    matters = _columns(Matter.objects.handled_by(request.user).owed(), "matter", F("number"))
    reports = _columns(SituationReport.objects.received_by(request.user).owed(), "situation", Value(""))
    for sort, key, at, number, standing, due in matters.union(reports, all=True).order_by("due")[:AT_MOST]:
        title = _("Visitor's matter %(number)s") % {"number": number} if sort == "matter" else _("Situation report")
        yield Todo(
            section=Section.MINE,
            title=title,
            url=reverse("voices:matter-detail" if sort == "matter" else "voices:report-detail", args=[at, key]),
            due_on=due,
            when=near_day(due, today),
            detail=distance(due, today),
            domain=sort,
            status=standing,
        )


def _columns(rows, sort, number):  # noqa: ANN001, ANN202 - two kinds of rows, the same six columns
    return (
        rows.order_by()
        .annotate(
            sort=Value(sort, output_field=CharField()), key=F("public_id"), at=F("organization__public_id"),
            number_=Concat(number, Value(""), output_field=CharField()), standing=F("state"), due=F("due_on"),
        )
        .values_list("sort", "key", "at", "number_", "standing", "due")
    )  # fmt: skip
