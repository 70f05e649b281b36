"""Wake-ups of core."""

from celery import shared_task


@shared_task
def purge_sessions() -> None:
    """Sessions past their end stay in the table until somebody removes them."""
    from django.core.management import call_command

    call_command("clearsessions")
