"""Signs of life: each loop says when it came round, and the address `/healthz` turns red when one falls silent."""

import logging
import time
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

# How old a sign may be. The worker gives one before and after every task, and ticks come every minute, so that it is silent for
# longer only if it, the broker or beat has stopped; a task is stopped after 110 seconds at the latest.
LIMITS = {
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
    """Before and after each task. A database that is away is the task's own problem, not the sign's."""
    moment = time.monotonic()
    if moment - _said.get("worker", -SELDOM) < SELDOM:
        return
    try:
        beat("worker")
        _said["worker"] = moment
    except DatabaseError as problem:
        logger.warning("No sign of life could be written: %s", type(problem).__name__)


def silent() -> list[str]:
    """Names of the loops whose last sign is too old, or that never gave one. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, clock_timestamp() - at FROM reminders_heartbeat")
        ages: dict[str, timedelta] = dict(cursor.fetchall())
    return sorted(name for name, limit in LIMITS.items() if ages.get(name, limit) >= limit)
