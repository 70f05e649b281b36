"""What reminders ask of surveys: two days before the last day and on it, of those who have not answered."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.branches.models import Membership
from apps.core.days import near_day
from apps.core.ladder import with_step
from apps.core.sources import Line, steps
from apps.surveys.models import Participation, Survey

LADDER = (-2, 0)
EARLIEST, CATCH_UP = timedelta(days=14), timedelta(days=14)
NEVER = date(9999, 12, 31)


class Surveys:
    """Of those who were asked. Whether one has answered says nothing about the answer."""

    slug = "survey"
    label = gettext_lazy("Surveys to answer")
    topic = "meeting"

    def owed(self, until: date) -> Iterator[QuerySet]:
        """Never once it is over: a survey nobody needs to answer late is not overdue."""
        asked = Participation.objects.filter(
            has_answered=False, survey__state="open", survey__due_on__gt=until - CATCH_UP, survey__due_on__lte=until + EARLIEST
        )  # fmt: skip
        here = Membership.objects.filter(
            Q(ends_before=None) | Q(ends_before__gt=until), person=OuterRef("person"), starts_on__lte=until,
            organization=OuterRef("survey__organization"),
        )  # fmt: skip
        rows = asked.filter(Exists(here)).alias(never=Value(NEVER))
        yield steps(
            with_step(rows, until, ladder=LADDER, due="survey__due_on", overdue="never"),
            source_id="pk",
            step="ladder_step",
            step_on="ladder_on",
            due_on="survey__due_on",
            place="survey__organization__path",
            branch="survey__organization_id",
            person="person_id",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        asked = Participation.objects.filter(pk__in=ids, has_answered=False, survey__state="open")
        return set(asked.filter(survey__due_on__gte=today).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set()

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = Participation.objects.filter(pk__in=ids).select_related("survey")
        return {one.pk: _line(one.survey, today) for one in rows}


def _line(survey: Survey, today: date) -> Line:
    return Line(
        _("Survey: %(title)s") % {"title": survey.title},
        _("until %(day)s") % {"day": near_day(survey.due_on, today)},
        reverse("surveys:survey-answer", args=[survey.public_id]),
        survey.due_on,
    )
