"""Which rules hold where, which periods a person may see, and their state in SQL."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from apps.activities.models import Activity
from apps.branches.querysets import within_any
from apps.core.paths import ancestors
from apps.duties.schedule import State

if TYPE_CHECKING:
    from apps.accounts.models import User


# After so long a staff member asks whether the branch needs help; nothing is sent for it.
MONTHLY_HELP, OTHER_HELP, HELP_UNTIL = timedelta(days=10), timedelta(days=14), timedelta(days=366)


class DutyRuleQuerySet(models.QuerySet):
    """Rules."""

    def over(self, path: str) -> Self:
        """Those that could hold for the organization at `path`: from everywhere, from the levels above, and its own."""
        return self.filter(Q(set_by=None) | Q(set_by__path__in=[*ancestors(path), path])).select_related("set_by")

    def in_force(self, day: date) -> Self:
        return self.filter(Q(valid_before=None) | Q(valid_before__gt=day), valid_from__lte=day)

    def periodic(self) -> Self:
        """Owed by the calendar."""
        return self.filter(anchor="")


class EqualsAny(Func):
    """`value = ANY(array)`."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


def activities_of_period() -> models.QuerySet:
    """Records of whatever state that count, or would once filed, for the period in the outer query.

    A filer may have said for which year a meeting of a yearly window is; else the chosen period decides, else the date.
    """
    day = Coalesce("counts_for", "held_on")
    in_span = Q(day__gte=OuterRef("starts_on"), day__lt=OuterRef("ends_before"))
    windowed = ~Q(window="")
    return (
        Activity.objects.alias(
            day=day,
            window=ExpressionWrapper(OuterRef("rule__window"), models.CharField()),
            period_group=ExpressionWrapper(OuterRef("group_id"), models.BigIntegerField()),
        )
        .filter(EqualsAny(F("kind__slug"), OuterRef("rule__fulfilled_by")), organization=OuterRef("organization_id"))
        .filter(Q(period_group__isnull=True) | Q(group_id=F("period_group")))
        .filter((windowed & Q(for_year=OuterRef("for_year"))) | ((Q(window="") | Q(for_year__isnull=True)) & in_span))
    )


def pending_requests() -> models.QuerySet:
    """Requests for a waiver after which nothing was decided: the last note of their period."""
    from apps.duties.models import DutyNote

    later = DutyNote.objects.filter(period=OuterRef("period"), pk__gt=OuterRef("pk"))
    return DutyNote.objects.filter(~Exists(later), kind=DutyNote.Kind.WAIVER_ASKED)


class DutyPeriodQuerySet(models.QuerySet):
    """Periods."""

    def visible_to(self, user: "User") -> Self:
        """The committee its branch, a group leader the own group, staff their subtree."""
        reach = user.reach
        scope = Q(organization__in=reach.committee_of) | Q(group__in=reach.leads_groups)
        return self.filter(scope | within_any(reach.staff_paths))

    def manageable_by(self, user: "User") -> Self:
        """Where the user leads: explains, asks for a waiver."""
        return self.filter(organization__in=user.reach.leader_of)

    def under(self, path: str) -> Self:
        return self.filter(path__within=path)

    def unfulfilled(self) -> Self:
        """Still asked of somebody: neither done nor closed. Has its own index."""
        return self.filter(closed_as="", done__lt=F("required"))

    def overdue(self, today: date) -> Self:
        return self.unfulfilled().filter(overdue_from__lte=today)

    def needing_help(self, today: date) -> Self:
        """Overdue for longer than a reminder can mend: ten days for monthly duties, fourteen for the others; a year at most."""
        monthly = Q(rule__months=1)
        return self.overdue(today - MONTHLY_HELP).filter(
            monthly | Q(overdue_from__lte=today - OTHER_HELP), overdue_from__gt=today - HELP_UNTIL
        )

    def awaiting_waiver(self) -> Self:
        """A waiver is asked for and nobody has answered."""
        return self.unfulfilled().filter(pk__in=pending_requests().values("period"))

    def with_request(self) -> Self:
        """`asked`: whether `awaiting_waiver` holds."""
        pending = Exists(pending_requests().filter(period=OuterRef("pk")))
        asked = Case(When(closed_as="", done__lt=F("required"), then=pending), default=Value(False))
        return self.annotate(asked=asked)

    def with_state(self, today: date) -> Self:
        """`state`: what `schedule.state_on` says, in SQL. The look at planned meetings runs only where it decides."""
        begun = Exists(activities_of_period().filter(state__in=Activity.OPEN))
        state = Case(
            When(Q(closed_as="not_applicable") | Q(required=0), then=Value(State.NOT_APPLICABLE)),
            When(closed_as="waived", then=Value(State.WAIVED)),
            When(closed_as="explained", then=Value(State.EXPLAINED)),
            When(done__gte=F("required"), then=Value(State.DONE)),
            When(overdue_from__lte=today, then=Value(State.OVERDUE)),
            When(begun, then=Value(State.IN_PROGRESS)),
            When(soon_from__lte=today, then=Value(State.DUE_SOON)),
            default=Value(State.NOT_DUE),
            output_field=models.CharField(),
        )
        return self.annotate(state=state)
