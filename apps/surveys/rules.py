"""What a survey may ask, what an answer may be, and from how many on anything is shown."""

from collections.abc import Sequence
from typing import Protocol

THRESHOLD = 5  # answers; below it nothing of an anonymous survey is kept or shown
MOST_QUESTIONS = 20
MOST_CHOICES = 12
LONGEST_TEXT = 500  # characters of one answer in words
MOST_BY_LINK = 1000
SCALE = ("1", "2", "3", "4", "5")
SECONDS = {
    "single": 8,
    "multiple": 15,
    "scale": 6,
    "matrix": 8,
    "text": 30,
}  # for a person with a phone; a matrix: each row

# What one answer is: the place of the choice, the places of several, a place for each row, or words; None is no answer.
Answer = int | list[int] | list[int | None] | str | None


class Asked(Protocol):
    """A question, as far as an answer to it has to know."""

    kind: str
    choices: list[str]
    rows: list[str]
    is_required: bool


def choices_of(question: Asked) -> Sequence[str]:
    return SCALE if question.kind == "scale" else question.choices


def minutes(questions: Sequence[Asked]) -> int:
    """About how long it takes, at least a minute."""
    seconds = sum(SECONDS[one.kind] * (len(one.rows) or 1) for one in questions)
    return max(1, round(seconds / 60))


def is_shown(answers: int, *, is_anonymous: bool) -> bool:
    """Whether anything of a survey, or of one question of it, may be shown."""
    return answers > 0 and (not is_anonymous or answers >= THRESHOLD)


def is_answered(answer: Answer) -> bool:
    if isinstance(answer, list):
        return any(part is not None for part in answer)
    return answer not in (None, "")
