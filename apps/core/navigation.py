"""What stands in the menus. Later apps add to these lists in their `AppConfig.ready()`; the shell reads them once a page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the left menu and the phone's tab bar.

    `primary`: the one thing people come to do; centre of the tab bar, button above the left menu.
    `order`: smaller first; the first entries are the ones that stay on the tab bar, the rest go under "More".
    `extra`: a ledger or setting: below the line in the left menu, always under "More" on the phone.
    """

    label: str | Promise
    url: str
    icon: str
    active: bool
    primary: bool = False
    order: int = 100
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An organization the person works in. Several make the name in the top bar a switch."""

    label: str | Promise
    url: str
    active: bool = False


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A line of the menu under the person's name."""

    label: str | Promise
    url: str
    icon: str = "chevron-right"


providers: list[Callable[[HttpRequest], Iterable[NavItem]]] = []
places: list[Callable[[HttpRequest], Iterable[Place]]] = []
menu_links: list[Callable[[HttpRequest], Iterable[MenuLink]]] = []
# Each answers the address of a search page that reads `?q=`, or None; the first answer counts.
searches: list[Callable[[HttpRequest], str | None]] = []

# Thumb-sized entries that fit on the narrowest phone in the largest text.
TABS = 5


@dataclass(frozen=True, slots=True)
class Navigation:
    """`tabs_before`, `primary` and `tabs_after` fill the tab bar from left to right; `more` is what did not fit."""

    main: list[NavItem]
    extra: list[NavItem]
    primary: NavItem | None
    tabs_before: list[NavItem]
    tabs_after: list[NavItem]
    more: list[NavItem]

    @property
    def more_active(self) -> bool:
        return any(item.active for item in self.more)


def navigation(request: HttpRequest) -> Navigation:
    items = sorted((item for provider in providers for item in provider(request)), key=lambda item: item.order)
    primary = next((item for item in items if item.primary), None)
    main = [item for item in items if not item.primary and not item.extra]
    extra = [item for item in items if not item.primary and item.extra]
    room = TABS - (primary is not None)
    if len(main) > room or extra:
        room -= 1  # the last one is "More"
    tabs, more = main[:room], main[room:] + extra
    half = (len(tabs) + bool(more)) // 2 if primary else len(tabs)
    return Navigation(main, extra, primary, tabs[:half], tabs[half:], more)
