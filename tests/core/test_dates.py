"""Days as typed on a phone; the year is the nearest one."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from apps.core.dates import DayUnreadable, read_day

TODAY = date(2026, 3, 18)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3.5", date(2026, 3, 5)), ("3-5", date(2026, 3, 5)), ("3/5", date(2026, 3, 5)), ("0305", date(2026, 3, 5)),
        ("3月5日", date(2026, 3, 5)), ("3月5号", date(2026, 3, 5)), ("20260305", date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5)), ("2026.3.5", date(2026, 3, 5)), ("2026年3月5日", date(2026, 3, 5)),
        (" ３．５ ", date(2026, 3, 5)), ("3月5日 周四", date(2026, 3, 5)), ("今天", TODAY), ("昨天", date(2026, 3, 17)),
        ("today", TODAY), ("12.30", date(2025, 12, 30)), ("2.29", date(2025, 2, 28).replace(year=2024, day=29)),
    ],
)  # fmt: skip
def test_usual_ways_are_read(text, day):
    if text == "2.29":
        with pytest.raises(DayUnreadable, match="no such day"):  # neither last, this nor next year has one
            read_day(text, TODAY)
        assert read_day(text, date(2024, 3, 1)) == day
    else:
        assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["3.32", "13.5", "0230", "2026-02-30", "3", "35", "305", "abc", "3.5.26", "26.3.5", "99990305", "-"]
)
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(DayUnreadable, match=r"no such day|cannot be read"):
        read_day(text, TODAY)
