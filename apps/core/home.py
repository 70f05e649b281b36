"""The first page after sign-in. It knows no other app: rows come from `apps.core.todo`, boxes from `panels`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.core.http import HtmxRequest
from apps.core.todo import Section, todos


@dataclass(frozen=True, slots=True)
class Panel:
    """A box of the home page: a template of its own app with what it needs, and its style sheet if it has one.

    `order`: below 50 stands above the to-dos; where there are several of those, side by side, below what one has to do.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 100
    stylesheet: str = ""


# Called like to-do providers: with the request and the public id of the branch the page is about.
panels: list[Callable[[HtmxRequest, str], Iterable[Panel]]] = []


def greeting(hour: int) -> str:
    """By the hour on the wall, 0 to 23."""
    if hour < 11:
        return _("Good morning")
    if hour < 13:
        return _("Good day")
    return _("Good afternoon") if hour < 18 else _("Good evening")


@require_GET
def home(request: HtmxRequest, place: str = "") -> HttpResponse:
    """`/` is the page of the first place a person belongs to; `/b/<place>/` the page of another one."""
    places = {item.public_id: item for item in request.user.reach.places}
    if place and place not in places:
        raise Http404
    here = places.get(place) or next(iter(places.values()), None)
    rows = todos(request, here.public_id if here else "")
    boxes = sorted(
        (panel for ask in panels for panel in ask(request, here.public_id if here else "")),
        key=lambda panel: panel.order,
    )
    return render(request, "core/home.html", {
        "greeting": greeting(request.now.hour),
        "here": here,
        "mine": rows[Section.MINE],
        "others": rows[Section.OTHERS],
        "calendar": rows[Section.CALENDAR],
        "stylesheets": sorted({panel.stylesheet for panel in boxes if panel.stylesheet}),
        "above": [panel for panel in boxes if panel.order < 50],
        "below": [panel for panel in boxes if panel.order >= 50],
    })  # fmt: skip
