"""What can be made of one thing, and what was made of it: apps offer themselves on its page without knowing each other."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from apps.core.navigation import MenuLink

if TYPE_CHECKING:
    from apps.branches.models import Organization
    from apps.core.http import HtmxRequest

FIELD = "origin"  # in the address of a form and among what it sends
KEY = re.compile(r"[a-z]{1,20}:[a-z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Thing:
    """`kind` is a domain of `core.status`; `organization` is where it belongs."""

    kind: str
    public_id: str
    organization: "Organization"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.public_id}"


# Buttons on the page of a thing; no query, since every such page asks them. Whoever follows one is checked there again.
offers: list[Callable[["HtmxRequest", Thing], Iterable[MenuLink]]] = []
# Called inside the request that made something: the key it came from, as it was sent, and the key of what was made.
listeners: list[Callable[["HtmxRequest", str, str], None]] = []


def origin_of(request: HttpRequest) -> str:
    """The key of what a form comes from; empty where it comes from nothing, or from nonsense."""
    given = request.POST.get(FIELD) or request.GET.get(FIELD) or ""
    return given if KEY.fullmatch(given) else ""


def made(request: "HtmxRequest", kind: str, public_id: str, *, origin: str = "") -> None:
    """Say that something new is there; `origin` where the form itself does not carry it."""
    if origin := origin or origin_of(request):
        for listener in listeners:
            listener(request, origin, f"{kind}:{public_id}")
