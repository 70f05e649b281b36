"""What reminders ask of reports: three days before it is due, on the day, and once it is late."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from apps.core.ladder import with_step
from apps.core.sources import Line, steps
from apps.duties.words import until
from apps.reports import periods
from apps.reports.models import Report

LADDER = (-3, 0)
CATCH_UP = timedelta(days=366)
EARLIEST = timedelta(days=30)


class Reports:
    """A report asks its branch as long as it is with the branch; returned ones too."""

    slug = "report"
    label = gettext_lazy("Reports due soon or late")
    topic = "duty"

    def owed(self, until: date) -> Iterator[QuerySet]:
        """Only what can be handed in: the period has ended before any step is reached."""
        open_now = Report.objects.filter(
            state__in=Report.WITH_BRANCH,
            due_on__gt=until - CATCH_UP,
            due_on__lte=until + EARLIEST,
            ends_before__lte=until,
        )
        active = open_now.exclude(organization__dissolved_on__lte=until)
        yield steps(
            with_step(active, until, ladder=LADDER, due="due_on"),
            source_id="pk",
            step="ladder_step",
            step_on="ladder_on",
            due_on="due_on",
            place="organization__path",
            branch="organization_id",
            organization="organization_id",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        open_now = Report.objects.filter(pk__in=ids, state__in=Report.WITH_BRANCH)
        return set(open_now.exclude(organization__dissolved_on__lte=today).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        late = Report.objects.filter(pk__in=ids, state__in=Report.WITH_BRANCH, due_on__lt=today)
        return set(late.values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = Report.objects.filter(pk__in=ids).select_related("organization")
        return {report.pk: _line(report, today) for report in rows}


def _line(report: Report, today: date) -> Line:
    late = (today - report.due_on).days
    when = (
        ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
        if late > 0
        else until(report.due_on, today.year)
    )
    return Line(
        title=periods.report_title(report.months, report.starts_on, today),
        when=when,
        url=reverse("reports:report-detail", args=[report.organization.public_id, report.code]),
        due_on=report.due_on,
        is_late=late > 0,
    )
