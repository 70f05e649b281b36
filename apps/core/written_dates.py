"""Dates as people write them in tables. What can be read in two ways is refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.workbook import Cell

EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, or a month known without its day (`on` is then the first of the month)."""

    on: date
    precision: str = "day"  # or "month"

    @property
    def first(self) -> date:
        return self.on

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        if self.precision == "day":
            return self.on
        following = self.on.replace(day=28) + timedelta(days=4)
        return following - timedelta(days=following.day)

    def agrees_with(self, other: PartialDate) -> bool:
        """Whether both can mean the same day."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        """As rosters write it: 1990.05 or 1990.05.06."""
        text = f"{self.on.year:04d}.{self.on.month:02d}"
        return text if self.precision == "month" else f"{text}.{self.on.day:02d}"


class DateUnreadable(ValueError):
    def __init__(self, code: str, message: str | Promise):
        super().__init__(code)
        self.code = code
        self.message = message


_SEPARATORS = str.maketrans(dict.fromkeys("-/\\、,。·‧•–—−_~", ".") | {"年": ".", "月": ".", "号": "日"})  # after NFKC
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE = re.compile(r"[〇○零一二三四五六七八九]{4}年")
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_YEAR_FIRST = re.compile(r"(\d{4})\.(\d{1,2})(?:\.(\d{1,2})日?)?\Z")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|\+\d{2}:?\d{2})?\Z")


def read_date(cell: Cell, *, today: date, as_shown: bool = False, date_1904: bool = False) -> PartialDate:
    """The date in a cell. DateUnreadable says what is wrong, in the user's words.

    `as_shown`: the text is what a screen showed of a number, so "1990.1" may have been 1990.10.
    """
    value = cell.value
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        month_only = cell.shows_day is False and value.day == 1
        return checked(PartialDate(value, "month" if month_only else "day"), today)
    if isinstance(value, int | float):
        return checked(from_number(value, date_1904=date_1904), today)
    return checked(from_text(str(value or ""), as_shown=as_shown), today)


def checked(found: PartialDate, today: date) -> PartialDate:
    if found.first > today:
        raise DateUnreadable("date_future", _("This date is still to come. Use today or an earlier date."))
    if found.on < EARLIEST:
        raise DateUnreadable("date_too_early", _("This date lies before 1900. Please check the year."))
    return found


def from_number(value: int | float, *, date_1904: bool = False) -> PartialDate:
    """1990.05, 199005, 19900506, or Excel's count of days."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        if 1900 <= value <= 2100:
            raise year_only()
        if 10_000 <= value < 100_000 and not date_1904:
            if value < 73_051:  # 31 December 2099
                return PartialDate(date(1899, 12, 30) + timedelta(days=value))
        elif value >= 100_000:
            return from_text(str(value), as_shown=False)
        raise unreadable()
    year, month = divmod(round(value * 100), 100)
    if not 1900 <= year <= 2100 or abs(value * 100 - round(value * 100)) > 1e-6:
        raise unreadable()
    if month == 10:
        raise ambiguous_month(year)
    # 1990.5 is stored like 1990.50: there is no month 50, so it is May. Only .1 may be two months.
    return build(year, month // 10 if month % 10 == 0 else month)


def from_text(text: str, *, as_shown: bool) -> PartialDate:
    text = unicodedata.normalize("NFKC", text).strip().lstrip("'")
    text = _TIME.sub("", text)
    if _CHINESE.match(text):
        text = _TENS.sub(tens, text).translate(_DIGITS)
    bare = (
        re.sub(r"\s+", ".", re.sub(r"\s*([^\d\s])\s*", r"\1", text))
        .removesuffix("生")
        .translate(_SEPARATORS)
        .rstrip(".")
    )
    if re.fullmatch(r"\d{4}", bare):
        raise year_only()
    if re.fullmatch(r"\d{6}", bare) and bare[:2] not in ("18", "19", "20", "21"):
        raise two_digit_year()
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})?", bare):
        return build(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := _YEAR_FIRST.match(bare):
        year, month, day = int(match[1]), match[2], match[3]
        if as_shown and month == "1" and day is None and re.fullmatch(r"'?\d{4}\.1", text):
            raise ambiguous_month(year)
        return build(year, int(month), int(day) if day else None)
    if re.fullmatch(r"\d{2}\.\d{1,2}(\.\d{1,2}日?)?", bare):
        raise two_digit_year()
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", bare):
        raise DateUnreadable(
            "date_order", _("It is not clear which part is the month. Write for example 1990.05 or 1990-05-06.")
        )
    raise unreadable()


def tens(match: re.Match[str]) -> str:
    """十 → 10, 十一 → 11, 二十 → 20, 二十一 → 21."""
    first, last = match[1].translate(_DIGITS) or "1", match[2].translate(_DIGITS) or "0"
    return first + last


def from_parts(year: Cell, month: Cell, day: Cell, *, today: date) -> PartialDate | None:
    """Year, month and day in columns of their own; None when all are empty."""
    if year.is_empty and month.is_empty and day.is_empty:
        return None
    found = [part_of(year, "年"), part_of(month, "月"), part_of(day, "日号")]
    if found[0] is None:
        raise DateUnreadable("date_incomplete", _("The year is missing."))
    if found[0] < 100:
        raise two_digit_year()
    if found[1] is None:
        raise year_only()
    return checked(build(found[0], found[1], found[2]), today)


def part_of(cell: Cell, units: str) -> int | None:
    if cell.is_empty:
        return None
    text = unicodedata.normalize("NFKC", cell.text).strip().lstrip("'").rstrip(units).strip()
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise unreadable()
    return int(text)


def build(year: int, month: int, day: int | None = None) -> PartialDate:
    try:
        return PartialDate(date(year, month, 1 if day is None else day), "month" if day is None else "day")
    except ValueError:
        raise DateUnreadable(
            "date_impossible", _("There is no such date. Please check the month and the day.")
        ) from None


def unreadable() -> DateUnreadable:
    return DateUnreadable("date_unreadable", _("This date cannot be read. Write for example 1990.05 or 1990-05-06."))


def two_digit_year() -> DateUnreadable:
    return DateUnreadable("two_digit_year", _("The year has two digits only. Write for example 1990.05 or 1990-05-06."))


def year_only() -> DateUnreadable:
    return DateUnreadable("date_incomplete", _("Only the year is given. Add the month, for example 1990.05."))


def ambiguous_month(year: int) -> DateUnreadable:
    return DateUnreadable(
        "month_ambiguous",
        format_lazy(
            _("This may be January or October: a number loses its last zero. Write {year}.01 or {year}.10 as text."),
            year=year,
        ),
    )
