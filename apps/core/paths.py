"""Materialised paths: fixed-width segments, so that a subtree is a range of a plain index.

A LIKE is not leakproof and would defeat row-level security; a range is and does not.
"""

from typing import Any

from django.db import models
from django.db.models import Lookup

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH = 4
LEVELS = 7
END = "/"
AFTER_END = "0"  # the character after "/" in the C collation


def segment(number: int) -> str:
    """The `number`th child as four base-36 characters and the separator. Raises ValueError past 36**4."""
    if not 0 <= number < 36**WIDTH:
        raise ValueError("A level holds 1,679,616 organizations at most.")
    text = ""
    for _ in range(WIDTH):
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text + END


def number_of(path: str) -> int:
    """The number of the last segment."""
    return int(path[-WIDTH - 1 : -1], 36)


def parent_of(path: str) -> str:
    """The path one level up; empty at the top."""
    return path[: -WIDTH - 1]


def ancestors(path: str) -> list[str]:
    """The paths above, from the top down, without `path` itself."""
    step = WIDTH + 1
    return [path[:end] for end in range(step, len(path), step)]


def subtree_end(path: str) -> str:
    """The first path after the subtree of `path`: `path <= p < subtree_end(path)`."""
    return path[:-1] + AFTER_END


def typed(text: str) -> str:
    """A path as it came with an address; empty for what can be none."""
    return text if len(text) <= LEVELS * (WIDTH + 1) and text.isascii() and text.isprintable() else ""


class PathField(models.CharField):
    """A path, bytewise ordered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LEVELS * (WIDTH + 1))
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)


@PathField.register_lookup
class Within(Lookup):
    """`path__within=top`: `top` itself and all below it, as a range."""

    lookup_name = "within"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"({left} >= %s AND {left} < %s)", [*left_params, self.rhs, *left_params, subtree_end(self.rhs)]
