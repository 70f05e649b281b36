"""Wake-ups: they may come twice, late or never."""

from datetime import date

from celery import shared_task

from apps.core import clock


@shared_task
def materialise(today: str | None = None) -> None:  # an ISO date by hand: to catch up
    from apps.duties.services.laying_out import materialise

    materialise(today=date.fromisoformat(today) if today else clock.today())


@shared_task
def reconcile(today: str | None = None) -> None:
    from apps.duties.services.reconciling import reconcile

    reconcile(today=date.fromisoformat(today) if today else clock.today())


@shared_task
def reconcile_everything(today: str | None = None) -> None:
    from apps.duties.services.reconciling import reconcile

    reconcile(today=date.fromisoformat(today) if today else clock.today(), full=True)


@shared_task
def follow_tree(organization: int) -> None:
    from apps.duties.services.following import follow_tree

    follow_tree(organization)
