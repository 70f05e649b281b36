"""Wake-ups of the branches app."""

from datetime import date

from celery import shared_task

from apps.core import clock


@shared_task
def close_departed(today: str | None = None) -> None:  # an ISO date by hand: to catch up, to look ahead
    from apps.branches import accounts

    accounts.close_departed(today=date.fromisoformat(today) if today else clock.today())
