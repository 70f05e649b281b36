"""Stored values turned into the few types a cell may have, and into the text a reader would quote."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time

from .model import EMPTY, Cell

ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})

# Excel and WPS in Chinese write dates with reserved format numbers that stand in no file and no English table.
CHINESE_FORMATS = {
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
_QUIET_PARTS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def shows_day(number_format: str) -> bool:
    return "d" in _QUIET_PARTS.sub("", number_format.split(";")[0]).lower()


def is_date_format(number_format: str) -> bool:
    bare = _QUIET_PARTS.sub("", number_format.split(";")[0]).lower()
    return "general" not in bare and ("y" in bare or "d" in bare)


def number_text(value: int | float) -> str:
    """Without exponent: a damaged ID number should look like one."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return ""
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return f"{value:.12f}".rstrip("0") if "e" in text else text


def cell_of(value: object, *, day_shown: bool | None = None) -> Cell:
    """A cell holding `value`; `day_shown` tells what the number format of a date shows, None when unknown."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
        return Cell(text, text)
    if isinstance(value, int | float):
        text = number_text(value)
        return Cell(value, text) if text else EMPTY
    if isinstance(value, datetime):
        if value.time() == time.min:
            value = value.date()
        else:
            return Cell(value, value.isoformat(" ", "minutes"), shows_day=day_shown)
    if isinstance(value, date):
        text = value.isoformat()
        if day_shown is False and value.day == 1:
            text = text[:7]
        return Cell(value, text, shows_day=day_shown)
    text = str(value).replace("_x000D_", "").strip()
    if not text:
        return EMPTY
    if text in ERRORS:
        return Cell(None, text, fault="error")
    return Cell(text, text)
