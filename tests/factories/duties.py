"""Records as the duties see them, filed through the registry that a real filing calls."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.activities import registry
from apps.activities.models import Activity, ActivityKind, ActivityVersion, Attendance, Sitting
from apps.branches.models import Organization, PartyGroup, Person
from apps.duties.models import DutyPeriod


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(20)))


def plan(
    branch: Organization,
    kind: str,
    held_on: date,
    *,
    state: str = "scheduled",
    group: PartyGroup | None = None,
    **fields: Any,
) -> Activity:
    """A meeting that is scheduled, a draft, or held and not filed."""
    sitting = Sitting.objects.create(organization=branch, group=group, held_on=held_on)
    return Activity.objects.create(
        sitting=sitting, organization=branch, group=group, kind=ActivityKind.objects.get(slug=kind), held_on=held_on, state=state,
        **fields,
    )  # fmt: skip


def file(
    branch: Organization, kind: str, held_on: date, *, filed_on: date | None = None, group: PartyGroup | None = None,
    people: Iterable[Person] = (), **fields: Any,
) -> Activity:  # fmt: skip
    """A filed record; `filed_on` defaults to the day it was held."""
    activity = plan(branch, kind, held_on, state="filed", group=group, filed_at=moment(filed_on or held_on), **fields)
    for person in people:
        Attendance.objects.create(sitting=activity.sitting, person=person, status="present")
    _version(activity, None, activity.filed_at)
    return activity


def correct(activity: Activity, on: date, **fields: Any) -> None:
    """A further version with other content: kind, date, group, branch, or the period it counts for."""
    old = activity.versions.order_by("number").last()
    Activity.objects.filter(pk=activity.pk).update(version=activity.version + 1, **fields)
    activity.refresh_from_db()
    _version(activity, old, moment(on))


def withdraw(activity: Activity, on: date) -> None:
    correct(activity, on, state="withdrawn")


@transaction.atomic  # as in service: whoever listens may lock
def _version(activity: Activity, old: ActivityVersion | None, at: datetime) -> None:
    new = ActivityVersion.objects.create(
        activity=activity, number=old.number + 1 if old else 1, state=activity.state, kind=activity.kind,
        organization=activity.organization, group=activity.group, held_on=activity.held_on, counts_for=activity.counts_for,
        for_year=activity.for_year, snapshot={}, reason="日期写错" if old else "", filed_at=at,
    )  # fmt: skip
    registry.on_filed(activity, old, new)


def period(branch: Organization, slug: str, starts_on: date, group: PartyGroup | None = None) -> DutyPeriod:
    rows = DutyPeriod.objects.select_related("rule__set_by", "organization", "group")
    return rows.get(organization=branch, rule__slug=slug, starts_on=starts_on, group=group)


def owed(branch: Organization) -> set[tuple[str, date]]:
    """Which duties the branch has a period of, and from when."""
    return set(DutyPeriod.objects.filter(organization=branch).values_list("rule__slug", "starts_on"))
