"""Rows of the home page: what somebody owes a voice. Numbers and days only."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy

from apps.core.days import distance, near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Section, Todo
from apps.voices.models import Matter, PracticalHelp, SituationReport, Suggestion

AT_MOST = 20
AHEAD = timedelta(days=30)  # what is promised for later stands on its own page
NOTHING, STATE = Value(""), F("state")
PAGES = {
    "matter": ("voices:matter-detail", gettext_lazy("Visitor's matter")),
    "situation": ("voices:report-detail", gettext_lazy("Situation report")),
    "suggestion": ("voices:suggestion-detail", gettext_lazy("Suggestion in the box")),
    "help": ("voices:help-detail", gettext_lazy("Practical help")),
}


def todos(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Only committee members and staff can be asked to handle a matter or to answer a report. One query."""
    reach, today = request.user.reach, request.today
    if not (reach.committee_of or reach.staff_of):
        return
    until = today + AHEAD
    rows = _columns(Matter.objects.handled_by(request.user).owed(), "matter", until, F("number"))
    others = [_columns(SituationReport.objects.received_by(request.user).owed(), "situation", until)]
    if reach.leader_of:
        others.append(_columns(Suggestion.objects.owed().filter(organization__in=reach.leader_of), "suggestion", until))
    if reach.committee_of:
        doing = PracticalHelp.objects.owed().filter(owner=reach.person_id)
        others.append(_columns(doing, "help", until, state=Value("doing")))
    for sort, key, at, number, standing, due in rows.union(*others, all=True).order_by("due")[:AT_MOST]:
        page, title = PAGES[sort]
        yield Todo(
            section=Section.MINE,
            title=f"{title} {number}".strip(),
            url=reverse(page, args=[at, key]),
            due_on=due,
            when=near_day(due, today),
            detail=distance(due, today),
            domain=sort,
            status=standing,
        )


def _columns(rows: QuerySet, sort: str, until: date, number: Any = NOTHING, state: Any = STATE) -> QuerySet:
    """Four kinds of rows, the same six columns."""
    return (
        rows.order_by()
        .filter(due_on__lte=until)
        .annotate(
            sort=Value(sort, output_field=CharField()),
            key=F("public_id"),
            at=F("organization__public_id"),
            number_=Concat(number, NOTHING, output_field=CharField()),
            standing=Concat(state, NOTHING, output_field=CharField()),
            due=F("due_on"),
        )
        .values_list("sort", "key", "at", "number_", "standing", "due")
    )
