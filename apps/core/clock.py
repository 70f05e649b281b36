"""The edge asks the time here, once per request or tick; everything below takes `today` as an argument."""

import os
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The database's clock, in the zone of business dates (Asia/Shanghai), so that all machines agree.

    ZHIBU_NOW (an ISO date or instant, for tests only) sets it where the settings allow; production refuses to start with it.
    """
    if (fixed := os.environ.get("ZHIBU_NOW")) and settings.CLOCK_MAY_BE_SET:
        instant = datetime.fromisoformat(fixed)
        return timezone.localtime(instant if timezone.is_aware(instant) else timezone.make_aware(instant))
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return timezone.localtime(cursor.fetchone()[0])


def today() -> date:
    """The business date."""
    return now().date()
