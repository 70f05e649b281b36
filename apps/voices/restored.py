"""A backup is older than the last erasures: before a restored system opens, what was due since is erased again."""

from datetime import datetime

from django.utils import timezone

from apps.voices.services.erasing import erase_due
from apps.voices.services.reports import reports_follow


def again(now: datetime) -> None:
    """And open situation reports leave whoever left the post meanwhile, before anybody signs in."""
    today = timezone.localdate(now)
    erase_due(today=today)
    reports_follow(today=today)
