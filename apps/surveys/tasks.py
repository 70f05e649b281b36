"""Wake-ups: they may come twice, late or never."""

from celery import shared_task

from apps.core import clock


@shared_task
def close_overdue() -> None:
    from apps.surveys.services.editing import close_overdue as close

    close(today=clock.today())
