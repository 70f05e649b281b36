"""The box of an anonymous survey: answers of equal length, in an order of their own, under one seal."""

import json
import secrets
from collections.abc import Sequence
from typing import TypeVar

from apps.core import keyring
from apps.core.resealing import Column
from apps.surveys.models import Survey
from apps.surveys.rules import LONGEST_TEXT, Answer, Asked

PAD = b" "
STEP = 64
BYTES_A_CHARACTER = 4  # the longest in UTF-8
T = TypeVar("T")
_ORDER = secrets.SystemRandom()

COLUMNS = [
    Column("surveys.Box", "sealed", ("survey_id",), "survey:{}:box".format),
    Column(
        "surveys.NamedAnswer", "sealed", ("survey_id", "person_id"), lambda one, who: f"survey:{one}:{who or 'paper'}"
    ),
    Column("surveys.Result", "texts", ("survey_id",), "survey:{}:texts".format),
]


def slot(questions: Sequence[Asked]) -> int:
    """Bytes that any set of answers fits into. Only the questions decide it, so that a length says nothing."""
    room = 2
    for one in questions:
        if one.kind == "text":
            # Line ends, quotes and backslashes take two bytes, other characters at most four; none takes both.
            room += LONGEST_TEXT * BYTES_A_CHARACTER + 3
        elif one.kind == "matrix":
            room += 2 + 5 * len(one.rows) + 1  # “null,” each
        elif one.kind == "multiple":
            room += 2 + 3 * len(one.choices) + 1
        else:
            room += 5
    return -(-room // STEP) * STEP


def put(sealed: bytes, answers: Sequence[Answer], survey: Survey, size: int) -> bytes:
    """The box with one more answer, in a new order."""
    slots = _slots(sealed, survey, size)
    slots.append(_packed(answers, size))
    _ORDER.shuffle(slots)
    return keyring.seal(b"".join(slots).decode(), bound_to=_name(survey))


def opened(sealed: bytes, survey: Survey, size: int) -> list[list[Answer]]:
    """Every answer, in no order. Raises keyring.Sealed where the box was tampered with."""
    return [json.loads(one) for one in _slots(sealed, survey, size)]


def _slots(sealed: bytes, survey: Survey, size: int) -> list[bytes]:
    if not sealed:
        return []
    content = keyring.unseal(sealed, bound_to=_name(survey)).encode()
    return [content[start : start + size] for start in range(0, len(content), size)]


def _packed(answers: Sequence[Answer], size: int) -> bytes:
    packed = json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode()
    if len(packed) > size:
        raise ValueError("the answers are longer than their questions allow")
    return packed.ljust(size, PAD)


def _name(survey: Survey) -> str:
    return f"survey:{survey.pk}:box"


def seal_named(answers: Sequence[Answer], survey: Survey, person_id: int | None) -> bytes:
    return keyring.seal(json.dumps(answers, ensure_ascii=False), bound_to=f"survey:{survey.pk}:{person_id or 'paper'}")


def open_named(sealed: bytes, survey: Survey, person_id: int | None) -> list[Answer]:
    return json.loads(keyring.unseal(sealed, bound_to=f"survey:{survey.pk}:{person_id or 'paper'}"))


def seal_texts(texts: list[list[str]], survey: Survey) -> bytes:
    return keyring.seal(json.dumps(texts, ensure_ascii=False), bound_to=f"survey:{survey.pk}:texts")


def open_texts(sealed: bytes, survey: Survey) -> list[list[str]]:
    return json.loads(keyring.unseal(sealed, bound_to=f"survey:{survey.pk}:texts"))


def shuffled(things: list[T]) -> list[T]:
    _ORDER.shuffle(things)
    return things
