"""A worker that hears nothing although the broker is given ticks ends itself, so that what started it starts it anew.

Celery is known to fall deaf now and then after Redis was away: connected again, it is given no message any more.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings

from apps.core.stack.broker import connection_string
from apps.reminders.heartbeat import LIMITS

logger = logging.getLogger(__name__)
DEAF = timedelta(seconds=180)  # three ticks, and longer than any task may run
EVERY = 30  # seconds between two looks
GRACE = 20  # for the task at work


def watch(**signal_values: Any) -> None:
    """From when the worker is ready; in its main process, which runs no task itself."""
    threading.Thread(target=_watch, daemon=True, name="watching").start()


def is_deaf() -> bool:
    """Beat's messages are taken and no worker at all has begun a task: where there are several, one that works is enough.

    By a connection of its own: the pool of this process must not be inherited by the children.
    """
    with psycopg.connect(connection_string(settings.DATABASES["default"]), connect_timeout=5) as connection:
        rows = connection.execute("SELECT name, clock_timestamp() - at FROM reminders_heartbeat").fetchall()
    ages = dict(rows)
    return "beat" in ages and ages["beat"] < LIMITS["beat"] and ages.get("worker", DEAF) >= DEAF


def _watch(
    *,
    asked: Callable[[], bool] = is_deaf,
    sleep: Callable[[float], object] = time.sleep,
    end: Callable[[], None] | None = None,
) -> None:
    sleep(DEAF.total_seconds())  # whoever has just begun has heard nothing yet
    while True:
        sleep(EVERY)
        try:
            deaf = asked()
        except psycopg.Error as problem:
            logger.warning("Whether the worker hears could not be asked: %s", type(problem).__name__)
            continue
        if deaf:
            logger.error("No task for %s although ticks are sent: the worker ends and should be started anew", DEAF)
            (end or _end)()
            return


def _end() -> None:
    """As if asked to from outside; one that does not even hear that is ended the hard way."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(os.EX_UNAVAILABLE)
