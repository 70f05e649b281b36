"""What later apps want to be told, inside the same transaction."""

from collections.abc import Callable

# A subtree has moved: called with the old and the new path of its top. Tables that copy a path follow it (by organization, not
# by the old path alone: a place in the tree that has become free may be given to another).
move_listeners: list[Callable[[str, str], None]] = []


def on_moved(old: str, new: str) -> None:
    for listener in move_listeners:
        listener(old, new)
