"""Wake-ups: they may come twice, late or never."""

from datetime import date

from celery import shared_task

from apps.core import clock


@shared_task
def lay_out(today: str | None = None) -> None:  # an ISO date by hand: to catch up
    from apps.reports.services.laying_out import lay_out

    lay_out(today=date.fromisoformat(today) if today else clock.today())
