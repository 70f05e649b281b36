"""What later apps offer to do with a result. They append in their AppConfig.ready; where none did, no button is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.surveys.models import Survey


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A link below a result: “Turn into rectification”, and the page on which that is done."""

    label: str
    url: str


# None where this person cannot do it. A listener takes the survey's title and address with it, never numbers or words: these stay
# on the page of the result, with its threshold.
follow_ups: list[Callable[["Survey", "User"], FollowUp | None]] = []


def offered(survey: "Survey", by: "User") -> list[FollowUp]:
    return [found for one in follow_ups if (found := one(survey, by))]
