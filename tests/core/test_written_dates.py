# ruff: noqa: DTZ001 - a cell knows no time zone
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.workbook import Cell
from apps.core.workbook.values import cell_of
from apps.core.written_dates import DateUnreadable, PartialDate, from_parts, read_date

TODAY = date(2026, 3, 1)


def read(value, **kwargs):
    cell = value if isinstance(value, Cell) else cell_of(value)
    try:
        return str(read_date(cell, today=TODAY, **kwargs))
    except DateUnreadable as error:
        return error.code if str(error.message) else "no message"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1990.05", "1990.05"),
        ("1990.5", "1990.05"),
        ("1990.1", "1990.01"),  # a text cell: typed so
        ("1990.10", "1990.10"),
        ("1990年5月", "1990.05"),
        ("1990年05月", "1990.05"),
        ("1990年5", "1990.05"),
        ("1990 年 5 月", "1990.05"),
        ("1990年5月6日", "1990.05.06"),
        ("1990年5月6号", "1990.05.06"),
        ("1990年5月6日生", "1990.05.06"),
        ("1990-05-06", "1990.05.06"),
        ("1990－05－06", "1990.05.06"),
        ("1990—5—6", "1990.05.06"),
        ("1990/5/6", "1990.05.06"),
        ("1990、5、6", "1990.05.06"),
        ("1990. 5. 6", "1990.05.06"),
        ("1990.05.06.", "1990.05.06"),
        ("1990 05 06", "1990.05.06"),
        ("１９９０．０５", "1990.05"),
        ("'1990.05", "1990.05"),
        ("19900506", "1990.05.06"),
        ("199005", "1990.05"),
        ("1990-05-06 00:00:00", "1990.05.06"),
        ("1990-05-06T08:30:00+08:00", "1990.05.06"),
        ("一九九〇年五月", "1990.05"),
        ("一九九○年十月十日", "1990.10.10"),
        ("二〇〇一年十一月二十一日", "2001.11.21"),
        (19900506, "1990.05.06"),
        (199005, "1990.05"),
        (1990.05, "1990.05"),
        (1990.5, "1990.05"),
        (1990.12, "1990.12"),
        (1990.11, "1990.11"),
        (1990.01, "1990.01"),
        (33000, "1990.05.07"),
        (33000.0, "1990.05.07"),
        (date(1990, 5, 6), "1990.05.06"),
        (datetime(1990, 5, 6, 8, 30), "1990.05.06"),
        (cell_of(date(1990, 5, 1), day_shown=False), "1990.05"),
        (cell_of(date(1990, 5, 6), day_shown=False), "1990.05.06"),
        (cell_of(date(1990, 5, 1), day_shown=True), "1990.05.01"),
        ("2000-02-29", "2000.02.29"),
        (TODAY, "2026.03.01"),
        ("2026.03", "2026.03"),
        ("1900.01.01", "1900.01.01"),
        # what cannot be read, or could be read in two ways
        (1990.1, "month_ambiguous"),
        (1990, "date_incomplete"),
        ("1990", "date_incomplete"),
        ("1990年", "date_incomplete"),
        ("90.5", "two_digit_year"),
        ("90-05-06", "two_digit_year"),
        ("90年5月", "two_digit_year"),
        ("900506", "two_digit_year"),
        ("6/5/1990", "date_order"),
        ("2026.04", "date_future"),
        ("2026-03-02", "date_future"),
        ("2099.1.1", "date_future"),
        (date(2026, 3, 2), "date_future"),
        ("1899.12.31", "date_too_early"),
        ("0199.05", "date_too_early"),
        ("1990.13", "date_impossible"),
        ("1990.00", "date_impossible"),
        ("1990.2.30", "date_impossible"),
        ("1990.02.00", "date_impossible"),
        ("19900231", "date_impossible"),
        ("199013", "date_impossible"),
        (1990.25, "date_impossible"),
        (1990.055, "date_unreadable"),
        (33000.5, "date_unreadable"),
        (5000, "date_unreadable"),
        (-1, "date_unreadable"),
        (0, "date_unreadable"),
        ("33000", "date_unreadable"),
        ("1990.051", "date_unreadable"),
        ("1990.5-1995.6", "date_unreadable"),
        ("1990-5-6至今", "date_unreadable"),
        ("农历五月初六", "date_unreadable"),
        ("不详", "date_unreadable"),
        ("0000-00-00", "date_impossible"),
    ],
)
def test_dates_as_people_write_them(written, expected):
    assert read(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1990.1", "month_ambiguous"),
        ("1990.01", "1990.01"),
        ("1990.10", "1990.10"),
        ("1990.2", "1990.02"),
        ("1990年1月", "1990.01"),
    ],
)
def test_text_tables_may_have_lost_the_zero_of_october(written, expected):
    assert read(written, as_shown=True) == expected


def test_days_counted_from_1904_are_not_guessed():
    assert read(33000, date_1904=True) == "date_unreadable"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((1990, 5, None), "1990.05"),
        (("1990年", "5月", "6日"), "1990.05.06"),
        (("１９９０", "05", ""), "1990.05"),
        ((1990, 1, None), "1990.01"),  # a column of its own: no zero to lose
        ((1990, None, None), "date_incomplete"),
        ((None, 5, None), "date_incomplete"),
        ((90, 5, None), "two_digit_year"),
        ((1990, 13, None), "date_impossible"),
        ((1990, 2, 30), "date_impossible"),
        ((1990, 5.5, None), "date_unreadable"),
        (("不详", 5, None), "date_unreadable"),
        ((2026, 4, None), "date_future"),
        ((None, None, None), "None"),
    ],
)
def test_parts_in_columns_of_their_own(parts, expected):
    try:
        found = str(from_parts(*map(cell_of, parts), today=TODAY))
    except DateUnreadable as error:
        found = error.code
    assert found == expected


def test_partial_dates_agree_when_they_can_mean_one_day():
    may, sixth, june = (
        PartialDate(date(1990, 5, 1), "month"),
        PartialDate(date(1990, 5, 6)),
        PartialDate(date(1990, 6, 1)),
    )
    assert may.agrees_with(sixth)
    assert sixth.agrees_with(may)
    assert not may.agrees_with(june)
    assert not sixth.agrees_with(PartialDate(date(1990, 5, 7)))
    assert may.last == date(1990, 5, 31)
    assert PartialDate(date(2000, 2, 1), "month").last == date(2000, 2, 29)
    assert PartialDate(date(1990, 12, 1), "month").last == date(1990, 12, 31)


DAYS = st.dates(date(1900, 1, 1), TODAY)
FORMS = [
    "{y}.{m:02d}.{d:02d}",
    "{y}-{m}-{d}",
    "{y}/{m:02d}/{d:02d}",
    "{y}年{m}月{d}日",
    "{y}{m:02d}{d:02d}",
    "{y}．{m}．{d}",
]
MONTHS = ["{y}.{m:02d}", "{y}-{m}", "{y}/{m}", "{y}年{m}月", "{y}{m:02d}"]


@given(DAYS, st.sampled_from(FORMS), st.booleans())
def test_every_writing_of_a_day_comes_back(day, form, as_shown):
    cell = cell_of(form.format(y=day.year, m=day.month, d=day.day))
    assert read_date(cell, today=TODAY, as_shown=as_shown) == PartialDate(day)


@given(DAYS, st.sampled_from(MONTHS), st.booleans())
def test_every_writing_of_a_month_comes_back(day, form, as_shown):
    cell = cell_of(form.format(y=day.year, m=day.month))
    assert read_date(cell, today=TODAY, as_shown=as_shown) == PartialDate(day.replace(day=1), "month")


@given(DAYS)
def test_a_number_is_its_month_or_refused(day):
    found = read(float(f"{day.year}.{day.month:02d}"))
    assert found == (f"{day.year}.{day.month:02d}" if day.month != 10 else "month_ambiguous")


@given(st.text(max_size=20) | st.floats() | st.integers() | st.datetimes() | st.booleans(), st.booleans())
def test_anything_is_read_or_refused(value, as_shown):
    read(value, as_shown=as_shown)
