"""What reminders ask of duties: which steps are owed by a day, whether something still is, and how to say it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Length, Substr
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.branches.models import Organization, Post
from apps.core.ladder import with_step
from apps.core.paths import AFTER_END, PathField
from apps.core.sources import Line, steps
from apps.duties import words
from apps.duties.models import DutyPeriod
from apps.duties.querysets import DutyPeriodQuerySet
from apps.duties.schedule import days_late, help_days

CATCH_UP = timedelta(days=366)
EARLIEST = timedelta(days=120)  # before it is overdue: 60 days before it is due, and the longest grace
MOST_COUNTED = 100


class Duties:
    """A duty period asks its branch, or its group; what a committee owes falls to the secretary, as branch."""

    slug = "duty"
    label = gettext_lazy("Duties due soon or overdue")
    topic = "duty"

    def owed(self, until: date) -> Iterator[QuerySet]:
        """`overdue_from` bounds the set, so that the index of what is open serves."""
        open_now = DutyPeriod.objects.unfulfilled().filter(
            overdue_from__gt=until - CATCH_UP, overdue_from__lte=until + EARLIEST, starts_on__lte=until, required__gt=0
        )
        yield steps(
            with_step(open_now, until, ladder=F("rule__ladder"), due="due_on", overdue="overdue_from"),
            source_id="pk",
            step="ladder_step",
            step_on="ladder_on",
            due_on="due_on",
            place="path",
            branch="organization_id",
            organization=Case(When(group=None, then=F("organization_id"))),
            group="group_id",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        return set(_open(ids).values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set(DutyPeriod.objects.filter(pk__in=ids).awaiting_waiver().values_list("pk", flat=True))

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set(_open(ids).filter(overdue_from__lte=today).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = DutyPeriod.objects.filter(pk__in=ids).with_request().select_related("rule", "organization", "group")
        return {period.pk: _line(period, today) for period in rows}


class Help:
    """Once a week the staff of a committee hear that branches below need help: help, not blame, and no figures side by side.

    What counts is overdue for as long as its rule says. The committee's staff at their page see which branches.
    """

    slug = "help"
    label = gettext_lazy("Branches that need help")
    topic = "duty"

    def owed(self, until: date) -> Iterator[QuerySet]:
        """One step a week, from its Monday on."""
        year, week, _day = until.isocalendar()
        staff = Post.objects.on(until).filter(kind=Post.Kind.AFFAIRS_WORKER, organization=OuterRef("pk"))
        rows = Organization.objects.active(until).filter(Exists(staff), Exists(_below_outer(until)))
        yield steps(
            rows,
            source_id="pk",
            step=Value(f"{year}-W{week:02}"),
            step_on=Value(date.fromisocalendar(year, week, 1)),
            place="path",
            branch="pk",
            organization="pk",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        rows = Organization.objects.filter(Exists(_below_outer(today)), pk__in=ids)
        return set(rows.values_list("pk", flat=True))

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set()

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        said = {}
        for organization in Organization.objects.filter(pk__in=ids):
            below = needing_help(DutyPeriod.objects.under(organization.path), today)
            count = len(below.values("organization_id").distinct()[: MOST_COUNTED + 1])
            if not count:
                continue
            if count > MOST_COUNTED:
                title = _("More than %(count)d branches need help") % {"count": MOST_COUNTED}
            else:
                title = ngettext("%(count)d branch needs help", "%(count)d branches need help", count) % {
                    "count": count
                }
            said[organization.pk] = Line(title, "", reverse("core:place-home", args=[organization.public_id]))
        return said


def needing_help(periods: DutyPeriodQuerySet, today: date) -> DutyPeriodQuerySet:
    """Those overdue for so long that their rule calls for the level above."""
    since = ExpressionWrapper(F("overdue_from") + F("rule__help_days"), output_field=DateField())
    return periods.overdue(today - timedelta(days=help_days(1))).alias(help_from=since).filter(help_from__lte=today)


def _below_outer(today: date) -> DutyPeriodQuerySet:
    """Periods below the organization of the outer query."""
    top = Cast(OuterRef("path"), PathField())
    end = Concat(Substr(OuterRef("path"), 1, Length(OuterRef("path")) - 1), Value(AFTER_END), output_field=PathField())
    return needing_help(DutyPeriod.objects.filter(path__gte=top, path__lt=end), today)


def _line(period: DutyPeriod, today: date) -> Line:
    late = days_late(today, period.due)
    when = (
        ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
        if late
        else words.until(period.due_on, today.year)
    )
    return Line(
        title=words.title_of(period, today),
        when=when,
        url=reverse("duties:period-detail", args=[period.organization.public_id, period.pk]),
        due_on=period.due_on,
        is_late=bool(late),
        is_owed=not period.closed_as and period.done < period.required,
        is_paused=period.asked,
    )


def _open(ids: Collection[int]) -> DutyPeriodQuerySet:
    return DutyPeriod.objects.unfulfilled().filter(pk__in=ids, required__gt=0)
