"""The two mails about the account itself: a link that works once, no password, no code, no content."""

from urllib.parse import urljoin

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts import services
from apps.accounts.models import User


def _send(*, to: str, subject: str, template: str, context: dict[str, object]) -> None:
    send_mail(subject, render_to_string(template, context), None, [to])


def password_reset(*, user_id: int, site: str) -> None:
    """Only to an address that its owner confirmed; the account may have changed since the page was asked."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email_confirmed_at=None).first()
    if user is None:
        return
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    with translation.override(user.language or settings.LANGUAGE_CODE):
        context = {
            "username": user.username,
            "link": urljoin(site, path),
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        }
        _send(
            to=user.email, subject=_("Set a new password"), template="account/mail/password_reset.txt", context=context
        )


def email_confirmation(*, user: User, email: str, language: str, site: str) -> None:
    """Raises what the mail server raises: the person is waiting."""
    path = reverse("accounts:email-confirm", args=[services.email_token(user=user, email=email)])
    with translation.override(language):
        context = {"link": urljoin(site, path), "days": services.EMAIL_DAYS}
        _send(
            to=email, subject=_("Confirm this address"), template="account/mail/email_confirmation.txt", context=context
        )
