"""What later apps want to be told, inside the same transaction."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from apps.core.navigation import MenuLink

if TYPE_CHECKING:
    from apps.branches.models import Organization
    from apps.core.http import HtmxRequest

# A subtree has moved: called with the old and the new path of its top. Tables that copy a path follow it (by organization, not
# by the old path alone: a place in the tree that has become free may be given to another).
move_listeners: list[Callable[[str, str], None]] = []


def on_moved(old: str, new: str) -> None:
    for listener in move_listeners:
        listener(old, new)


# Something has changed that decides what an organization owes: set up, changed, moved or dissolved, a group or post begun or
# ended. Called with the id of the organization, inside the transaction of the change.
structure_listeners: list[Callable[[int], None]] = []


def on_structure(organization: int) -> None:
    for listener in structure_listeners:
        listener(organization)


# Buttons that later apps put on the page of an organization. Called with the request, the organization, and whether the reader
# is staff of the nearest level above it; no queries.
page_links: "list[Callable[[HtmxRequest, Organization, bool], Iterable[MenuLink]]]" = []
