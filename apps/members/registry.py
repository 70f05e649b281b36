"""What later apps add to a person's page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.branches.models import Person


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and its context; `template` shows one section with its own heading."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


# Called with the person and today, for the person's own page only: attendance and the like are nobody else's list.
own_panels: list[Callable[[Person, date], Panel | None]] = []
