"""Days as people type them on a phone: 3.5, 3-5, 0305, 3月5日, 20260305. Rosters and tables: apps.core.written_dates."""

import re
import unicodedata
from datetime import date, timedelta

from django.utils.translation import gettext as _

NEAR = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "明日": 1, "后天": 2, "today": 0, "yesterday": -1,
        "tomorrow": 1}  # fmt: skip
_WITH_YEAR = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?\Z")
_PLAIN = re.compile(r"(\d{1,2})\D(\d{1,2})\D?\Z")


class DayUnreadable(ValueError):
    """The message is translated and names an example."""


def read_day(text: str, today: date) -> date:
    """The day meant by `text`. Without a year it is the one nearest to `today`: 12.30 typed in January is last year's.

    Raises DayUnreadable where no day or more than one can be meant.
    """
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
    if bare in NEAR:
        return today + timedelta(days=NEAR[bare])
    bare = re.sub(r"[(（]?(周|星期)[一二三四五六日天][)）]?\Z", "", bare)
    if re.fullmatch(r"\d{8}", bare):
        return _day(int(bare[:4]), int(bare[4:6]), int(bare[6:]), text)
    if re.fullmatch(r"\d{4}", bare):
        return nearest(int(bare[:2]), int(bare[2:]), today, text)
    if found := _WITH_YEAR.match(bare):
        return _day(*map(int, found.groups()), text)
    if found := _PLAIN.match(bare):
        return nearest(*map(int, found.groups()), today, text)
    raise _unreadable()


def nearest(month: int, day: int, today: date, text: str = "") -> date:
    """That day of the year which lies closest to `today`."""
    years = [year for year in (today.year - 1, today.year, today.year + 1) if _is_day(year, month, day)]
    if not years:
        raise _no_such_day(text)
    return min((date(year, month, day) for year in years), key=lambda one: abs((one - today).days))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _day(year: int, month: int, day: int, text: str) -> date:
    if not 1900 <= year <= 2100:
        raise _unreadable()
    if not _is_day(year, month, day):
        raise _no_such_day(text)
    return date(year, month, day)


def _unreadable() -> DayUnreadable:
    return DayUnreadable(_("This date cannot be read. Write it like 3.5 or 2026-03-05."))


def _no_such_day(text: str) -> DayUnreadable:
    return DayUnreadable(_("There is no such day: %(text)s. Check the month and the day.") % {"text": text.strip()})
