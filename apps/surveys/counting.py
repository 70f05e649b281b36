"""Answers become numbers, once, at closing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.surveys.rules import Answer, Asked, choices_of, is_answered, is_shown
from apps.surveys.sealing import shuffled


@dataclass(frozen=True, slots=True)
class Counted:
    """By question. None where too few answered for anything to be kept."""

    counts: list[dict[str, Any]] | None
    texts: list[list[str]] | None


def count(questions: Sequence[Asked], answers: Sequence[Sequence[Answer]], *, is_anonymous: bool) -> Counted:
    """Each question stands on its own: nothing here can be split by another question, a group, a source or a day.

    Of an anonymous survey nothing is counted below the threshold: neither of the whole, nor of one question that few answered.
    Words are shuffled question by question, so that two texts of one person do not stand together.
    """
    if not is_shown(len(answers), is_anonymous=is_anonymous):
        return Counted(None, None)
    counts, texts = [], []
    for place, question in enumerate(questions):
        given = [one[place] for one in answers if is_answered(one[place])]
        shown = is_shown(len(given), is_anonymous=is_anonymous)
        if question.kind == "text":
            counts.append({"answered": len(given)})
            texts.append(shuffled([str(text) for text in given]))
            continue
        texts.append([])
        counts.append(
            {"answered": len(given), "counts": _counts(question, given, is_anonymous)} if shown else {"answered": None}
        )
    return Counted(counts, texts)


def _counts(question: Asked, given: Sequence[Answer], is_anonymous: bool) -> list[Any]:
    size = len(choices_of(question))
    if question.kind == "matrix":
        return [_row(size, [one[row] for one in given], is_anonymous) for row in range(len(question.rows))]  # type: ignore[index]
    if question.kind == "multiple":
        return _tally(size, [place for one in given for place in one])  # type: ignore[union-attr]
    return _tally(size, given)


def _row(size: int, places: Sequence[Any], is_anonymous: bool) -> list[int] | None:
    given = [place for place in places if place is not None]
    return _tally(size, given) if is_shown(len(given), is_anonymous=is_anonymous) else None


def _tally(size: int, places: Sequence[Any]) -> list[int]:
    counts = [0] * size
    for place in places:
        counts[place] += 1
    return counts
