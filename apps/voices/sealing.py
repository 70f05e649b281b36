"""Words and names of those who speak, sealed: readable with the keyring alone, and only in their own row.

People a voice is about are kept as marks, keyed hashes of their ids: a query can leave their rows out, a dump names nobody.
"""

import json
from collections.abc import Iterable
from typing import Any

from apps.core import keyring
from apps.core.resealing import Column

MARK = 32  # hexadecimal digits of a mark


COLUMNS = [
    Column(f"voices.{model}", field, (key,), f"{what}:{{}}".format)
    for model, key, fields in (
        ("Matter", "public_id", {"identity_sealed": "identity", "words_sealed": "words"}),
        ("MatterEvent", "key", {"words_sealed": "event"}),
        ("SituationReport", "public_id", {"author_sealed": "author", "words_sealed": "report"}),
        ("ReportEvent", "key", {"words_sealed": "event"}),
        (
            "Suggestion",
            "public_id",
            {"author_sealed": "author", "words_sealed": "suggestion", "answer_sealed": "answer"},
        ),
        ("PracticalHelp", "public_id", {"need_sealed": "need", "result_sealed": "result"}),
    )
    for field, what in fields.items()
]


def sealed(what: str, key: str, value: Any) -> bytes:
    """`what` and the row's public id bind it: moved to another row it does not open."""
    return keyring.seal(json.dumps(value, ensure_ascii=False), bound_to=f"{what}:{key}")


def opened(what: str, key: str, value: bytes | memoryview | None) -> Any:
    """None for what was erased."""
    return None if value is None else json.loads(keyring.unseal(bytes(value), bound_to=f"{what}:{key}"))


def mark_of(person_id: int | None) -> str:
    """Of nobody: a mark that no row carries."""
    return keyring.fingerprint(str(person_id or 0), purpose="voices:concerned").hex()[:MARK]


def marks_of(people: Iterable[int]) -> list[str]:
    """Sorted, so that the order says nothing about who was chosen first."""
    return sorted({mark_of(person) for person in people})


def code_mark(code: str) -> bytes:
    """What is stored of a receipt code, however it was typed."""
    plain = "".join(character for character in code.lower() if character.isalnum())
    return keyring.fingerprint(plain, purpose="voices:receipt")


def author_mark(person_id: int | None) -> str:
    """Another purpose than `mark_of`: whoever writes in one row cannot be matched with whoever is concerned in another."""
    return keyring.fingerprint(str(person_id or 0), purpose="voices:author").hex()[:MARK]
