"""How our accounts differ from the sign-in library's defaults."""

import math
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts import services
from apps.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """No self-registration; a refusal names nobody; a new password ends the sign-ins made with the old one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "The user name or the password is not right. Try again, or set a new password."
        ),
        "enter_current_password": _("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Says when to try again; the library only says later."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise ValidationError(try_again(minutes_left(request, "login_failed", key)), code="too_many") from None

    def set_password(self, user: User, password: str) -> None:
        """This browser stays signed in, all others are signed out."""
        super().set_password(user, password)
        services.sessions_end(user=user, but=self.request.session.session_key)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """By the worker, so that the answer takes as long for an unknown address as for a known one."""
        from apps.accounts import tasks

        tasks.password_reset_mail.delay_on_commit(user.pk, self.request.build_absolute_uri("/"))


def minutes_left(request: HttpRequest, action: str, key: str, config: dict[str, str] | None = None) -> int:
    """Until the next try is let in, rounded up; at least one."""
    wait = 1.0
    for rate in ratelimit.get_rates(app="allauth.account", action=action, config=config):
        history = cache.get(
            ratelimit.get_cache_key(request, app="allauth.account", action=action, rate=rate, key=key), []
        )
        if len(history) >= rate.amount:
            wait = max(wait, history[-1] + rate.duration - time.time())
    return math.ceil(wait / 60)


def try_again(minutes: int) -> str:
    """A refusal that says how long it lasts."""
    return ngettext(
        "Too many wrong tries. Try again in %(minutes)d minute.",
        "Too many wrong tries. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
