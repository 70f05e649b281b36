"""Rows of reminders that have served: longer kept than anything can be owed again."""

from datetime import date, timedelta

from apps.reminders.models import Delivery, Digest, Reminder, Round

# A yearly duty is reminded of from 60 days before, and caught up for a year after: no step that could be owed is forgotten.
KEEP = timedelta(days=450)
KEEP_DELIVERIES = timedelta(days=90)  # with their state and code; the longest an outside message can be asked about


def tidy(*, today: date) -> int:
    """Returns how many rows went."""
    gone = Delivery.objects.filter(ended_at__date__lt=today - KEEP_DELIVERIES).exclude(state="parked").delete()[0]
    gone += Digest.objects.filter(day__lt=today - KEEP).delete()[0]
    gone += Reminder.objects.filter(created_at__date__lt=today - KEEP, lines=None).delete()[0]
    return gone + Round.objects.filter(day__lt=today - KEEP).delete()[0]
