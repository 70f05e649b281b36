"""Wake-ups of reminders. Each may come twice, late or never."""

from celery import shared_task

from apps.core import clock
from apps.reminders import heartbeat


@shared_task
def round_tick() -> None:
    """Write down what is owed and, from 08:30 on a working day, say it."""
    from apps.reminders.services import digesting

    now = clock.now()
    digesting.say_urgent(now=now)
    digesting.run_round(now=now)
    heartbeat.beat("round")


@shared_task
def deliver_tick() -> None:
    """Send what is waiting."""
    from apps.reminders.services import delivering

    delivering.deliver(now=clock.now())
    heartbeat.beat("deliver")


@shared_task
def settle_tick() -> None:
    """Once a night: what is done falls silent for good, and rows that nobody needs any more go."""
    from apps.reminders.services import owing, tidying

    today = clock.today()
    owing.settle(today=today)
    tidying.tidy(today=today)
