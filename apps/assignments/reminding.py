"""What reminders ask of assignments: which steps are owed by a day, whether something still is, and how to say it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy

from apps.assignments import words
from apps.assignments.models import Assignment
from apps.assignments.people import assignable
from apps.core.ladder import with_step
from apps.core.sources import Line, steps

CATCH_UP = timedelta(days=366)
LADDER = (-3, 0)


class Assignments:
    """Three days before, on the day, when it is late, and once more; silent once handed in, accepted or declined.

    Whoever is to do it hears it; without an account the branch's secretary does. What nobody is named for, or somebody who has
    left the branch, is the branch's.
    """

    slug = "assignment"
    label = gettext_lazy("Assignments due soon or overdue")
    topic = "assignment"

    def owed(self, until: date) -> Iterator[QuerySet]:
        still_here = Exists(
            assignable(OuterRef("organization"), until).order_by().filter(pk=OuterRef("assignee"))
        )  # fmt: skip
        rows = Assignment.objects.at_work().filter(
            due_on__gt=until - CATCH_UP, due_on__lte=until - timedelta(LADDER[0])
        )
        rows = with_step(rows, until, ladder=LADDER, due="due_on").alias(still_here=still_here)
        yield steps(
            rows,
            source_id="pk",
            step="ladder_step",
            step_on="ladder_on",
            due_on="due_on",
            place="organization__path",
            branch="organization_id",
            organization=Case(When(~Q(still_here=True), then=F("organization_id"))),
            person=Case(When(still_here=True, then=F("assignee_id"))),
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        return set(Assignment.objects.at_work().filter(pk__in=ids).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set(Assignment.objects.overdue(today).filter(pk__in=ids).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = Assignment.objects.filter(pk__in=ids).select_related("organization")
        return {
            one.pk: Line(
                one.title, words.due(one, today),
                reverse("assignments:assignment-detail", args=[one.organization.public_id, one.public_id]),
                one.due_on, one.is_overdue(today),
            )
            for one in rows
        }  # fmt: skip
