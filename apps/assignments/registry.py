"""What later apps want to know of assignments. They append in their AppConfig.ready."""

from collections.abc import Callable, Collection
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.accounts.models import User

# Inside the transaction of a nudge: ids of the assignments, who nudges, the day. Reminders say it in the next digest.
nudge_listeners: list[Callable[[Collection[int], "User", date], None]] = []


def on_nudged(ids: Collection[int], by: "User", today: date) -> None:
    for listener in nudge_listeners:
        listener(ids, by, today)
