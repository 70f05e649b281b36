"""Wake-ups: they may come twice, late or never."""

from datetime import date

from celery import shared_task

from apps.core import clock


@shared_task
def erase_due(today: str | None = None) -> None:  # an ISO date by hand: to catch up
    from apps.voices.services.erasing import erase_due

    erase_due(today=date.fromisoformat(today) if today else clock.today())


@shared_task
def follow_reports(today: str | None = None) -> None:
    from apps.voices.services.reports import reports_follow

    reports_follow(today=date.fromisoformat(today) if today else clock.today())
