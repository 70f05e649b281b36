"""Wake-ups of imports."""

from celery import shared_task


@shared_task
def prepare_import(batch_id: int) -> None:
    """Compare a large file with the roster."""
    from apps.core import clock
    from apps.members.importing import batches

    batches.background(batch_id, "prepare", clock.now())


@shared_task
def run_import(batch_id: int) -> None:
    """Write a large batch that was confirmed."""
    from apps.core import clock
    from apps.members.importing import batches

    batches.background(batch_id, "run", clock.now())


@shared_task
def tend_imports() -> None:
    """Uploads are gone after a day; what a lost message left lying goes on."""
    from apps.core import clock
    from apps.members.importing import batches

    now = clock.now()
    batches.purge(now=now)
    batches.resume(now=now)
