"""What reminders ask of voices. Titles carry a number and a day, nothing else."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

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


class Matters:
    """The handler alone; people who may not know of it are no handlers."""

    slug = "matter"
    label = gettext_lazy("Visitors' matters")
    topic = "assignment"
    is_private = True

    def owed(self, until: date) -> Iterator[QuerySet]:
        rows = Matter.objects.owed().filter(handler__isnull=False, due_on__gt=until - CATCH_UP)
        yield steps(
            with_step(rows, until, ladder=LADDER, due="due_on"),
            source_id="pk",
            step=Concat("ladder_step", Value("@"), Cast("due_on", CharField())),  # each day promised has its own ladder
            step_on="ladder_on",
            due_on="due_on",
            place="organization__path",
            branch="organization_id",
            person="handler_id",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        return set(Matter.objects.owed().filter(pk__in=ids).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set(Matter.objects.owed().filter(pk__in=ids, due_on__lt=today).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = Matter.objects.filter(pk__in=ids, due_on__isnull=False).select_related("organization")
        return {
            row.pk: Line(
                title=_("Visitor's matter %(number)s") % {"number": row.number},
                when=distance(row.due_on, today),
                url=reverse("voices:matter-detail", args=[row.organization.public_id, row.public_id]),
                due_on=row.due_on,
                is_late=row.due_on < today,
            )
            for row in rows
        }


class Situations:
    """Each recipient alone: nobody else at the level, and nobody who is concerned."""

    slug = "situation"
    label = gettext_lazy("Situation reports to answer")
    topic = "assignment"
    is_private = True

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

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        return set(SituationReport.objects.owed().filter(pk__in=ids).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set(SituationReport.objects.owed().filter(pk__in=ids, due_on__lt=today).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = SituationReport.objects.owed().filter(pk__in=ids).select_related("organization")
        return {
            row.pk: Line(
                title=_("Situation report"),
                when=distance(row.due_on, today),
                url=reverse("voices:report-detail", args=[row.organization.public_id, row.public_id]),
                due_on=row.due_on,
                is_late=row.due_on < today,
            )
            for row in rows
        }


class Suggestions:
    """The branch answers: the secretary hears, as with every duty of the branch."""

    slug = "suggestion"
    label = gettext_lazy("Suggestions to answer")
    topic = "duty"

    def owed(self, until: date) -> Iterator[QuerySet]:
        rows = Suggestion.objects.owed().filter(due_on__gt=until - CATCH_UP)
        yield steps(
            with_step(rows, until, ladder=LADDER, due="due_on"),
            source_id="pk",
            step="ladder_step",
            step_on="ladder_on",
            due_on="due_on",
            place="organization__path",
            branch="organization_id",
            organization="organization_id",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        return set(Suggestion.objects.owed().filter(pk__in=ids).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set(Suggestion.objects.owed().filter(pk__in=ids, due_on__lt=today).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = Suggestion.objects.owed().filter(pk__in=ids).select_related("organization")
        return {
            row.pk: Line(
                title=_("Suggestion of %(day)s") % {"day": short_day(row.said_on)},
                when=distance(row.due_on, today),
                url=reverse("voices:suggestion-detail", args=[row.organization.public_id, row.public_id]),
                due_on=row.due_on,
                is_late=row.due_on < today,
            )
            for row in rows
        }


class Needs:
    """Whoever does it."""

    slug = "practical_help"
    label = gettext_lazy("Practical help to give")
    topic = "assignment"
    is_private = True

    def owed(self, until: date) -> Iterator[QuerySet]:
        rows = PracticalHelp.objects.owed().filter(owner__isnull=False, due_on__gt=until - CATCH_UP)
        yield steps(
            with_step(rows, until, ladder=LADDER, due="due_on"),
            source_id="pk",
            step="ladder_step",
            step_on="ladder_on",
            due_on="due_on",
            place="organization__path",
            branch="organization_id",
            person="owner_id",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        return set(PracticalHelp.objects.owed().filter(pk__in=ids).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set(PracticalHelp.objects.owed().filter(pk__in=ids, due_on__lt=today).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = PracticalHelp.objects.owed().filter(pk__in=ids).select_related("organization")
        return {
            row.pk: Line(
                title=_("Practical help of %(day)s") % {"day": short_day(row.asked_on)},
                when=distance(row.due_on, today),
                url=reverse("voices:help-detail", args=[row.organization.public_id, row.public_id]),
                due_on=row.due_on,
                is_late=row.due_on < today,
            )
            for row in rows
        }
