"""What later apps want to know of a filing, inside its transaction: duties recount, assignments arise."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.activities.models import Activity, ActivityVersion

Listener = Callable[["Activity", "ActivityVersion | None", "ActivityVersion"], None]

# Appended to in AppConfig.ready of later apps.
listeners: list[Listener] = []


def on_filed(activity: "Activity", old: "ActivityVersion | None", new: "ActivityVersion") -> None:
    """`old` is the version that counted before (None at the first filing); `new.state` is filed or withdrawn."""
    for listener in listeners:
        listener(activity, old, new)
