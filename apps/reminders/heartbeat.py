"""Signs of life: each loop says when it came round, and the address `/healthz` turns red when one falls silent."""

import logging
import time
from datetime import timedelta
from typing import Any

from celery.signals import after_task_publish
from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

# How old a sign may be. Beat gives one for every tick the broker took, and one is due each minute. The worker gives one before
# and after every task, whoever asked for it; a task is stopped after 110 seconds at the latest. So either's stop is seen in time.
LIMITS = {
    "beat": timedelta(seconds=115),
    "worker": timedelta(seconds=115),
    "deliver": timedelta(minutes=6),  # a long task before it may keep a tick waiting
    "round": timedelta(minutes=6),
}
_said: dict[str, float] = {}
SELDOM = 5  # seconds between two signs of the worker: many small tasks cost one row


def beat(name: str) -> None:
    """By the database's clock, so that all machines agree."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reminders_heartbeat (name, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [name],
        )


def worker_is_alive(**signal: Any) -> None:
    """Before and after each task."""
    _say("worker")


def beat_begins(**signal: Any) -> None:
    """In the process of beat alone: web and worker publish too, and that says nothing of it."""
    after_task_publish.connect(beat_is_alive, dispatch_uid="reminders-beat-alive")


def beat_is_alive(**signal: Any) -> None:
    """After each message that the broker took. Here nothing else gives a connection back."""
    _say("beat")
    connection.close()


def _say(name: str) -> None:
    """A database that is away is the task's own problem, not the sign's."""
    moment = time.monotonic()
    if moment - _said.get(name, -SELDOM) < SELDOM:
        return
    try:
        beat(name)
        _said[name] = moment
    except DatabaseError as problem:
        logger.warning("No sign of life could be written: %s", type(problem).__name__)


def silent() -> list[str]:
    """Names of the loops whose last sign is too old, or that never gave one. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, clock_timestamp() - at FROM reminders_heartbeat")
        ages: dict[str, timedelta] = dict(cursor.fetchall())
    return sorted(name for name, limit in LIMITS.items() if ages.get(name, limit) >= limit)
