"""Figures about reminders for whoever runs the system: counts and codes, no content, no names."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Min, Q

from apps.reminders import heartbeat, working_days
from apps.reminders.models import Delivery, Digest, Reminder, Round
from apps.reminders.services import switching


@dataclass(frozen=True, slots=True)
class Status:
    """As of `today`; six queries."""

    waiting: int
    digests_today: int
    deliveries: dict[str, int]
    oldest_waiting: datetime | None
    codes: dict[str, int] = field(default_factory=dict)  # of what is parked or tried again
    is_closed: bool = False  # the round of the day
    is_held: bool = False
    silent: list[str] = field(default_factory=list)
    unknown_years: list[int] = field(default_factory=list)


def status(today: date) -> Status:
    deliveries = Delivery.objects.filter(Q(ended_at=None) | Q(ended_at__date__gte=today) | Q(state="parked"))
    failing = Delivery.objects.filter(state__in=("waiting", "parked")).exclude(last_error="")
    by_state = deliveries.order_by().values_list("state").annotate(count=Count("pk"), first=Min("created_at"))
    rows = {state: (count, first) for state, count, first in by_state}
    return Status(
        waiting=Reminder.objects.waiting().count(),
        digests_today=Digest.objects.filter(day=today).count(),
        deliveries={state: count for state, (count, _first) in rows.items()},
        oldest_waiting=min((rows[state][1] for state in ("waiting", "sending") if state in rows), default=None),
        codes=dict(failing.order_by().values_list("last_error").annotate(count=Count("pk"))),
        is_closed=Round.objects.filter(day=today, closed_at__isnull=False).exists(),
        is_held=switching.is_held(),
        silent=heartbeat.silent(),
        unknown_years=working_days.unknown_years(today),
    )
