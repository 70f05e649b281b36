"""Resident ID numbers (GB 11643): eighteen characters, the last one a check over the others."""

from __future__ import annotations

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]\Z")


def check_character(first_17: str) -> str:
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def has_shape(number: str) -> bool:
    return bool(_SHAPE.match(number))


def is_checked(number: str) -> bool:
    return has_shape(number) and check_character(number[:17]) == number[17]


def born_on(number: str) -> date | None:
    """None if the digits name no day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """male or female, from the seventeenth digit."""
    return "male" if int(number[16]) % 2 else "female"
