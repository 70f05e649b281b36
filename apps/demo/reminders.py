"""What the people of the demonstration were told on the last working day. Nobody there has a mail address: nothing goes out."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from apps.reminders.schedule import MORNING
from apps.reminders.services import digesting
from apps.reminders.working_days import working_days


def remind(today: date) -> None:
    day = working_days(today).on_or_before(today - timedelta(days=1))
    digesting.run_round(now=timezone.make_aware(datetime.combine(day, MORNING)))
