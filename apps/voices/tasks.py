"""Wake-ups: they may come twice, late or never."""

from datetime import date

from celery import shared_task

from apps.core import clock


@shared_task
def erase_due(today: str | None = None) -> None:  # an ISO date by hand: to catch up
    from apps.voices.services.erasing import erase_due

    erase_due(today=date.fromisoformat(today) if today else clock.today())
