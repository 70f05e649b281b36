"""What a message says, put together right before it leaves."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from apps.core.sources import Line

if TYPE_CHECKING:
    from apps.branches.models import Person
    from apps.reminders.models import Robot


@dataclass(frozen=True, slots=True)
class Said:
    """A line and why this person hears it (`DigestLine.Reason`). `place` is the branch concerned, as people call it."""

    line: Line
    reason: str
    place: str = ""
    topic: str = ""
    nudged: bool = False  # a person asked for it, not the calendar


@dataclass(frozen=True, slots=True)
class Letter:
    """`key` is the same at every attempt: Message-ID, Idempotency-Key. Exactly one of `person`, `robot` is set.

    `language` is the reader's and active while `send` runs. `address` is the confirmed one of a person's mail.
    """

    key: str
    language: str
    day: date
    said: tuple[Said, ...]
    person: "Person | None" = None
    robot: "Robot | None" = None
    address: str = ""
