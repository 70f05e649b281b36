"""Which broker carries the wake-ups, and how it is set. Standard library only; settings import it."""

from collections.abc import Mapping
from typing import Any

EMBEDDED = "pgmq://localhost"  # where exactly stands in the transport options: a socket has no URL
SCHEMA = "pgmq"
LEASE_SECONDS = 120  # a message whose worker died is handed out again after this long


def connection_string(database: Mapping[str, Any]) -> str:
    """The keywords libpq reads, from Django's settings of a database."""
    options = {key: value for key, value in database.get("OPTIONS", {}).items() if key.startswith("ssl")}
    given = {
        "host": database.get("HOST"),
        "port": database.get("PORT"),
        "user": database.get("USER"),
        "password": database.get("PASSWORD"),
        "dbname": database["NAME"],
        **options,
    }

    def quoted(value: object) -> str:
        return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"

    return " ".join(f"{key}={quoted(value)}" for key, value in given.items() if value)


def transport_options(url: str, database: Mapping[str, Any]) -> dict[str, Any]:
    if url == EMBEDDED:
        return {
            "conn_string": connection_string(database),
            "init_extension": False,  # installed as plain SQL by `manage.py prepare`
            "visibility_timeout": LEASE_SECONDS,
            "wait_time_seconds": 0,
            "polling_interval": 0.5,
            "use_notify": True,
            "pool_size": 4,
            "pool_timeout": 5,
        }
    if url.startswith(("redis", "sentinel")):
        # By default Redis looks for orphaned messages every hundred seconds; one look in five is enough for wake-ups.
        return {
            "visibility_timeout": LEASE_SECONDS,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
        }
    return {}


def prefetch_multiplier(url: str) -> int:
    """One, so that a long task holds up no other; on pgmq a full window costs a polling interval, hence four."""
    return 4 if url == EMBEDDED else 1


def queue_type(url: str) -> str:
    return "quorum" if url.startswith("amqp") else "classic"
