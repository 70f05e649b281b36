"""Moments, rounds and messages as the engine of reminders sees them."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.models import User
from apps.branches.models import Person
from apps.reminders.letters import Letter
from apps.reminders.models import Delivery, Digest, DigestLine
from apps.reminders.services import delivering, digesting


def at(day: date, clock: str = "08:30") -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def say(day: date, clock: str = "08:30") -> digesting.Outcome:
    """The day's round."""
    return digesting.run_round(now=at(day, clock))


def hold_is_over() -> None:
    """As if the minute in which a message is held had passed."""
    Delivery.objects.filter(state="waiting").update(next_try_at=Now())


def send(day: date, clock: str = "09:00", **options: Any) -> delivering.Outcome:
    hold_is_over()
    return delivering.deliver(now=at(day, clock), **options)


def confirmed(user: User | None, address: str = "") -> None:
    """With an address its owner has confirmed."""
    assert user is not None
    user.email = address or f"{user.username}@example.test"
    user.email_confirmed_at = timezone.now()
    user.language = "en"
    user.save()


def told(person: Person, day: date | None = None) -> list[tuple[str, str]]:
    """Source and step of each line in the person's digests."""
    rows = DigestLine.objects.filter(digest__person=person)
    if day:
        rows = rows.filter(digest__day=day)
    return sorted(rows.values_list("reminder__source", "reminder__step"))


def digest_days(person: Person) -> list[date]:
    return list(Digest.objects.filter(person=person).order_by("day", "pk").values_list("day", flat=True))


class Outbox:
    """Stands where the channels are; `problem` is raised for a delivery by what it returns."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.problem: Callable[[Delivery, Letter], Exception | None] = lambda delivery, letter: None

    def send(self, delivery: Delivery, letter: Letter) -> None:
        if problem := self.problem(delivery, letter):
            raise problem
        self.letters.append(letter)

    def to(self, person: Person) -> list[Letter]:
        return [letter for letter in self.letters if letter.person == person]
