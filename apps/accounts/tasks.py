"""Mail that nobody has to wait for."""

from celery import shared_task


@shared_task
def password_reset_mail(user_id: int, site: str) -> None:
    """`site` is the address under which the page was asked for, with its slash."""
    from apps.accounts import mail

    mail.password_reset(user_id=user_id, site=site)
