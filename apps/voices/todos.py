"""Rows of the home page: what somebody owes a voice. Numbers and days only."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.core.days import distance, near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Question, Section, Todo
from apps.core.together import Row, Set
from apps.voices.models import Matter, PracticalHelp, SituationReport, Suggestion

AHEAD = timedelta(days=30)  # what is promised for later stands on its own page


def _matters(request: HtmxRequest) -> QuerySet | None:
    """Only committee members and staff can be asked to handle a matter or to answer a report."""
    reach = request.user.reach
    return Matter.objects.handled_by(request.user).owed() if reach.committee_of or reach.staff_of else None


def _situations(request: HtmxRequest) -> QuerySet | None:
    reach = request.user.reach
    return SituationReport.objects.received_by(request.user).owed() if reach.committee_of or reach.staff_of else None


def _suggestions(request: HtmxRequest) -> QuerySet | None:
    led = request.user.reach.leader_of
    return Suggestion.objects.owed().filter(organization__in=led) if led else None


def _needs(request: HtmxRequest) -> QuerySet | None:
    reach = request.user.reach
    return PracticalHelp.objects.owed().filter(owner=reach.person_id) if reach.committee_of else None


def _question(
    sort: str, rows: Callable[[HtmxRequest], QuerySet | None], title: Promise, page: str, **values: str | Combinable
) -> Question:
    named = {"key": "public_id", "at": "organization__public_id", "state": "state", "number": Value("")} | values
    return Question(partial(_sets, rows, named), partial(_say, sort, title, page))


def _sets(
    rows: Callable[[HtmxRequest], QuerySet | None], values: dict, request: HtmxRequest, place: str
) -> Iterator[Set]:
    if (owed := rows(request)) is not None:
        yield Set(owed.filter(due_on__lte=request.today + AHEAD), values=values)


def _say(sort: str, title: Promise, page: str, request: HtmxRequest, row: Row) -> Todo:
    return Todo(
        section=Section.MINE,
        title=f"{title} {row.values['number']}".strip(),
        url=reverse(page, args=[row.values["at"], row.values["key"]]),
        due_on=row.due_on,
        when=near_day(row.due_on, request.today) if row.due_on else "",
        detail=distance(row.due_on, request.today) if row.due_on else "",
        domain=sort,
        status=row.values["state"],
    )


QUESTIONS = {
    "matter": _question(
        "matter", _matters, gettext_lazy("Visitor's matter"), "voices:matter-detail", number=F("number")
    ),
    "situation": _question("situation", _situations, gettext_lazy("Situation report"), "voices:report-detail"),
    "suggestion": _question(
        "suggestion", _suggestions, gettext_lazy("Suggestion in the box"), "voices:suggestion-detail"
    ),
    "help": _question("help", _needs, gettext_lazy("Practical help"), "voices:help-detail", state=Value("doing")),
}
