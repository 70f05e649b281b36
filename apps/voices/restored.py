"""A backup is older than the last erasures: before a restored system opens, what was due since is erased again."""

from datetime import datetime

from apps.core import clock
from apps.voices.services.erasing import erase_due
from apps.voices.services.reports import reports_follow


def again(now: datetime) -> None:
    """And open situation reports leave whoever left the post meanwhile, before anybody signs in."""
    today = clock.local_day(now)
    erase_due(today=today)
    reports_follow(today=today)
