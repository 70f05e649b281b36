"""What reminders ask of voices. Titles carry a number and a day, nothing else."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.days import distance, short_day
from apps.core.ladder import with_step
from apps.core.sources import Line, steps
from apps.voices.models import Matter, PracticalHelp, ReportRecipient, SituationReport, Suggestion

CATCH_UP = timedelta(days=366)
LADDER = (-7, -2)
SHORT_LADDER = (-2, 0)


class Voice:
    """What all four have alike: something is owed as long as its manager says so, by `due_on`."""

    model: Any
    page: str  # where it is done
    is_private = True  # said to the owing person alone

    def title(self, row: Any) -> str:
        raise NotImplementedError

    def _steps(self, rows: QuerySet, until: date, **columns: Any) -> QuerySet:
        columns = {
            "source_id": "pk",
            "step": "ladder_step",
            "place": "organization__path",
            "branch": "organization_id",
        } | columns
        return steps(
            with_step(rows, until, ladder=LADDER, due="due_on"), step_on="ladder_on", due_on="due_on", **columns
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        return set(self.model.objects.owed().filter(pk__in=ids).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set(self.model.objects.owed().filter(pk__in=ids, due_on__lt=today).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = self.model.objects.owed().filter(pk__in=ids).select_related("organization")
        return {
            row.pk: Line(
                title=self.title(row),
                when=distance(row.due_on, today),
                url=reverse(self.page, args=[row.organization.public_id, row.public_id]),
                due_on=row.due_on,
                is_late=row.due_on < today,
                is_owed=True,
            )
            for row in rows
        }


class Matters(Voice):
    """The handler alone; people who may not know of it are no handlers."""

    slug, label, topic = "matter", gettext_lazy("Visitors' matters"), "assignment"
    model, page = Matter, "voices:matter-detail"

    def title(self, row: Matter) -> str:
        return _("Visitor's matter %(number)s") % {"number": row.number}

    def owed(self, until: date) -> Iterator[QuerySet]:
        rows = Matter.objects.owed().filter(handler__isnull=False, due_on__gt=until - CATCH_UP)
        # Each day promised has its own ladder.
        step = Concat("ladder_step", Value("@"), Cast("due_on", CharField()))
        yield self._steps(rows, until, step=step, person="handler_id")


class Situations(Voice):
    """Each recipient alone: nobody else at the level, and nobody who is concerned."""

    slug, label, topic = "situation", gettext_lazy("Situation reports to answer"), "assignment"
    model, page = SituationReport, "voices:report-detail"

    def title(self, row: SituationReport) -> str:
        return _("Situation report")

    def owed(self, until: date) -> Iterator[QuerySet]:
        rows = ReportRecipient.objects.filter(report__due_on__gt=until - CATCH_UP, report__erased_on=None)
        yield steps(
            with_step(rows, until, ladder=SHORT_LADDER, due="report__due_on"),
            source_id="report_id",
            step=Concat("ladder_step", Value("@"), Cast("report__due_on", CharField())),
            step_on="ladder_on",
            due_on="report__due_on",
            place="report__routed_to__path",
            branch="report__routed_to_id",
            person="person_id",
        )


class Suggestions(Voice):
    """The branch answers: the secretary hears, as with every duty of the branch."""

    slug, label, topic = "suggestion", gettext_lazy("Suggestions to answer"), "duty"
    model, page, is_private = Suggestion, "voices:suggestion-detail", False

    def title(self, row: Suggestion) -> str:
        return _("Suggestion of %(day)s") % {"day": short_day(row.said_on)}

    def owed(self, until: date) -> Iterator[QuerySet]:
        rows = Suggestion.objects.owed().filter(due_on__gt=until - CATCH_UP)
        yield self._steps(rows, until, organization="organization_id")


class Needs(Voice):
    """Whoever does it."""

    slug, label, topic = "practical_help", gettext_lazy("Practical help to give"), "assignment"
    model, page = PracticalHelp, "voices:help-detail"

    def title(self, row: PracticalHelp) -> str:
        return _("Practical help of %(day)s") % {"day": short_day(row.asked_on)}

    def owed(self, until: date) -> Iterator[QuerySet]:
        rows = PracticalHelp.objects.owed().filter(owner__isnull=False, due_on__gt=until - CATCH_UP)
        yield self._steps(rows, until, person="owner_id")
