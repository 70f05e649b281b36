"""Quiet hours, days off and make-up days, as a table. The days are those the State Council published."""

from datetime import date, timedelta

import pytest

from apps.reminders.models import HolidayOverride
from apps.reminders.schedule import back_off, is_quiet, next_opening, reach, sending_day, week_of
from apps.reminders.working_days import WorkingDays, is_published, unknown_years, working_days
from tests.factories.reminders import at

PLAIN = WorkingDays()


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2026-03-18", True),  # a Wednesday
        ("2026-03-21", False),  # a Saturday
        ("2026-02-14", True),  # Saturday made up for before Spring Festival
        ("2026-02-15", False),  # Spring Festival from here on
        ("2026-02-16", False),  # New Year's Eve, a Monday
        ("2026-02-23", False),  # last day off, a Monday
        ("2026-02-24", True),
        ("2026-02-28", True),  # make-up Saturday
        ("2026-10-01", False),  # National Day
        ("2026-10-07", False),
        ("2026-10-10", True),  # make-up Saturday
        ("2024-02-29", True),  # leap day
        ("2025-05-31", False),  # Dragon Boat Festival on a Saturday
        ("2026-05-31", False),  # a plain Sunday, the 31st
        ("2031-01-01", True),  # unknown year: Monday to Friday, also New Year's Day
        ("2031-01-04", False),
    ],
)
def test_working_days(text, works):
    assert PLAIN.is_working(day(text)) is works


def test_a_row_of_the_administrator_weighs_more():
    given = WorkingDays({day("2026-03-18"): False, day("2026-03-21"): True})
    assert not given.is_working(day("2026-03-18"))
    assert given.is_working(day("2026-03-21"))


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-03-18 08:29", True),
        ("2026-03-18 08:30", False),
        ("2026-03-18 17:59", False),
        ("2026-03-18 18:00", True),
        ("2026-03-18 00:00", True),
        ("2026-03-21 10:00", True),  # Saturday
        ("2026-02-14 10:00", False),  # make-up Saturday
        ("2026-02-17 10:00", True),  # Spring Festival, a Tuesday
    ],
)
def test_quiet(moment, quiet):
    assert is_quiet(at(day(moment[:10]), moment[11:]), PLAIN) is quiet


@pytest.mark.parametrize(
    ("step_on", "said_on"),
    [
        ("2026-03-24", "2026-03-24"),
        ("2026-03-29", "2026-03-27"),  # Sunday → Friday
        ("2026-02-21", "2026-02-14"),  # within Spring Festival → the make-up Saturday before it
        ("2026-10-04", "2026-09-30"),  # National Day
        ("2026-02-28", "2026-02-28"),  # make-up Saturday
        ("2026-01-31", "2026-01-30"),  # the 31st, a Saturday
        ("2024-02-29", "2024-02-29"),  # leap day
    ],
)
def test_a_step_on_a_day_off_is_said_on_the_working_day_before(step_on, said_on):
    assert sending_day(day(step_on), PLAIN) == day(said_on)
    assert reach(day(said_on), PLAIN) >= day(step_on)
    before = PLAIN.on_or_before(day(said_on) - timedelta(days=1))
    assert reach(before, PLAIN) < day(step_on)  # and not a working day sooner


@pytest.mark.parametrize(
    ("today", "last"),
    [
        ("2026-03-18", "2026-03-18"),
        ("2026-03-20", "2026-03-22"),  # Friday speaks for the weekend
        ("2026-02-14", "2026-02-23"),  # before Spring Festival
        ("2026-09-30", "2026-10-07"),
        ("2026-12-31", "2027-01-03") if is_published(2027) else ("2026-12-31", "2026-12-31"),
    ],
)
def test_reach(today, last):
    assert reach(day(today), PLAIN) == day(last)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-18 09:15", "2026-03-18 09:15"),
        ("2026-03-18 07:00", "2026-03-18 08:30"),
        ("2026-03-18 18:00", "2026-03-19 08:30"),
        ("2026-03-20 19:00", "2026-03-23 08:30"),
        ("2026-03-21 07:00", "2026-03-23 08:30"),
        ("2026-02-14 20:00", "2026-02-24 08:30"),
    ],
)
def test_when_it_opens_again(moment, opens):
    found = next_opening(at(day(moment[:10]), moment[11:]), PLAIN)
    assert found == at(day(opens[:10]), opens[11:])


def test_a_month_entered_as_days_off_stops_nothing():
    days = WorkingDays({date(2026, 3, 1) + timedelta(days=n): False for n in range(62)})
    assert days.after(day("2026-03-02")) > day("2026-03-02")
    assert days.on_or_before(day("2026-04-30")) <= day("2026-04-30")


def test_pauses_grow():
    assert [back_off(n).total_seconds() / 60 for n in range(1, 6)] == [1, 5, 25, 125, 625]


def test_weeks():
    assert week_of(day("2026-12-31")) == week_of(day("2027-01-01")) == "2026-W53"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "missing"),
    [("2026-11-30", []), ("2030-11-30", [2030]), ("2030-12-01", [2030, 2031]), ("2031-06-01", [2031])],
)
def test_the_administrator_hears_of_an_unknown_year(today, missing):
    assert unknown_years(day(today)) == missing


@pytest.mark.django_db
def test_an_entered_year_is_known():
    HolidayOverride.objects.create(day=day("2030-01-01"), is_working=False, name="元旦")
    assert unknown_years(day("2030-11-30")) == []
    assert not working_days(day("2030-03-01")).is_working(day("2030-01-01"))
