"""The calendar of duties. Each table is the specification: edges first."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.duties.schedule import (
    CLOSED,
    Cadence,
    Due,
    Lateness,
    Period,
    Span,
    State,
    Window,
    days_late,
    grace_days,
    lateness,
    soon_days,
    span_containing,
    state_on,
)

DAYS = st.dates(date(1999, 1, 1), date(2101, 12, 31))
MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY = (Cadence(months) for months in (1, 3, 6, 12))
LIFE_MEETING = Cadence(window=Window((10, 1), (3, 31)))
SUMMARY = Cadence(window=Window((12, 1), (1, 31)))
PLAN = Cadence(window=Window((12, 1), (1, 31)), for_next_year=True)
CADENCES = st.sampled_from([MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY, LIFE_MEETING, SUMMARY, PLAN])


@pytest.mark.parametrize(
    ("day", "months", "starts_on", "ends_before"),
    [
        (date(2026, 1, 1), 1, date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 12, 31), 1, date(2026, 12, 1), date(2027, 1, 1)),
        (date(2024, 2, 29), 1, date(2024, 2, 1), date(2024, 3, 1)),
        (date(2026, 3, 31), 3, date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 4, 1), 3, date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 10, 1), 3, date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 6, 30), 6, date(2026, 1, 1), date(2026, 7, 1)),
        (date(2026, 7, 1), 6, date(2026, 7, 1), date(2027, 1, 1)),
        (date(2024, 2, 29), 12, date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_the_span_of_a_day(day, months, starts_on, ends_before):
    assert span_containing(day, months) == Span(starts_on, ends_before)


@pytest.mark.parametrize("months", [0, -1, 5, 7, 24])
def test_months_that_do_not_divide_a_year_are_refused(months):
    with pytest.raises(ValueError, match="do not divide"):
        span_containing(date(2026, 1, 1), months)


@given(day=DAYS, months=st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_a_span_holds_its_day_and_both_its_ends_but_not_the_day_after(day, months):
    span = span_containing(day, months)
    assert day in span
    assert span.starts_on in span
    assert span.ends_before not in span
    assert span_containing(span.ends_before - timedelta(days=1), months) == span


@given(year=st.integers(1999, 2100), months=st.sampled_from([1, 3, 6, 12]))
def test_periods_tile_the_year_without_gap_or_overlap(year, months):
    periods = list(Cadence(months).periods(date(year, 1, 1), date(year, 12, 31)))
    assert len(periods) == 12 // months
    assert periods[0].starts_on == date(year, 1, 1)
    assert periods[-1].ends_before == date(year + 1, 1, 1)
    assert all(one.ends_before == other.starts_on for one, other in pairwise(periods))
    assert {period.for_year for period in periods} == {year}


@pytest.mark.parametrize(
    ("cadence", "day", "for_year"),
    [
        (LIFE_MEETING, date(2026, 9, 30), None),
        (LIFE_MEETING, date(2026, 10, 1), 2026),
        (LIFE_MEETING, date(2026, 12, 31), 2026),
        (LIFE_MEETING, date(2027, 1, 1), 2026),
        (LIFE_MEETING, date(2027, 3, 31), 2026),
        (LIFE_MEETING, date(2027, 4, 1), None),
        (SUMMARY, date(2026, 11, 30), None),
        (SUMMARY, date(2026, 12, 1), 2026),
        (SUMMARY, date(2027, 1, 31), 2026),
        (SUMMARY, date(2027, 2, 1), None),
        (PLAN, date(2026, 12, 1), 2027),
        (PLAN, date(2027, 1, 31), 2027),
        (YEARLY, date(2026, 12, 31), 2026),
        (MONTHLY, date(2026, 12, 31), 2026),
    ],
)
def test_the_year_a_day_counts_for(cadence, day, for_year):
    period = cadence.containing(day)
    assert (period and period.for_year) == for_year


@given(
    window=st.builds(
        lambda a, b: Window((a.month, a.day), (b.month, b.day)),
        *[st.dates(date(2001, 1, 1), date(2001, 12, 31))] * 2,
    ),
    day=DAYS,
)
def test_a_day_of_a_window_belongs_to_exactly_one_year(window, day):
    inside = (
        window.first <= (day.month, day.day) <= window.last
        if not window.crosses_year
        else (day.month, day.day) >= window.first or (day.month, day.day) <= window.last
    )
    periods = list(Cadence(window=window).periods(day, day))
    assert len(periods) == inside
    for period in periods:
        assert day in period
        assert period.for_year == period.starts_on.year
        assert (period.due_on.month, period.due_on.day) == window.last


@pytest.mark.parametrize(
    ("cadence", "since", "until", "starts"),
    [
        (
            MONTHLY,
            date(2025, 12, 31),
            date(2026, 2, 1),
            [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)],
        ),
        (
            QUARTERLY,
            date(2026, 3, 31),
            date(2026, 4, 1),
            [date(2026, 1, 1), date(2026, 4, 1)],
        ),
        (
            LIFE_MEETING,
            date(2026, 3, 31),
            date(2026, 10, 1),
            [date(2025, 10, 1), date(2026, 10, 1)],
        ),
        (LIFE_MEETING, date(2026, 4, 1), date(2026, 9, 30), []),
        (LIFE_MEETING, date(2026, 1, 1), date(2026, 1, 1), [date(2025, 10, 1)]),
        (MONTHLY, date(2026, 2, 2), date(2026, 2, 1), []),
    ],
)
def test_periods_between_two_days_both_included(cadence, since, until, starts):
    assert [period.starts_on for period in cadence.periods(since, until)] == starts


@given(cadence=CADENCES, since=DAYS, days=st.integers(0, 900))
def test_periods_are_in_order_and_never_overlap(cadence, since, days):
    until = since + timedelta(days=days)
    periods = list(cadence.periods(since, until))
    assert all(one.ends_before <= other.starts_on for one, other in pairwise(periods))
    assert all(one.for_year <= other.for_year for one, other in pairwise(periods))
    assert all(period.starts_on <= until and period.ends_before > since for period in periods)


@pytest.mark.parametrize(
    ("cadence", "due_on"),
    [
        (Cadence(1), date(2024, 2, 29)),
        (Cadence(3), date(2024, 3, 31)),
        (Cadence(6), date(2024, 6, 30)),
        (Cadence(12), date(2024, 12, 31)),
        (LIFE_MEETING, date(2024, 3, 31)),
    ],
)
def test_the_last_day_of_a_period_is_the_day_it_is_due(cadence, due_on):
    assert cadence.containing(date(2024, 2, 10)).due_on == due_on


@pytest.mark.parametrize(
    ("cadence", "tracked_from", "starts_on"),
    [
        (MONTHLY, date(2026, 11, 1), date(2026, 11, 1)),
        (MONTHLY, date(2026, 11, 2), date(2026, 12, 1)),
        (MONTHLY, date(2026, 12, 31), date(2027, 1, 1)),
        (QUARTERLY, date(2026, 10, 1), date(2026, 10, 1)),
        (QUARTERLY, date(2026, 12, 31), date(2026, 10, 1)),
        (HALF_YEARLY, date(2026, 8, 15), date(2026, 7, 1)),
        (YEARLY, date(2026, 11, 15), date(2026, 1, 1)),
        (LIFE_MEETING, date(2026, 3, 31), date(2025, 10, 1)),
        (LIFE_MEETING, date(2026, 4, 1), date(2026, 10, 1)),
        (LIFE_MEETING, date(2026, 11, 15), date(2026, 10, 1)),
        (PLAN, date(2026, 2, 1), date(2026, 12, 1)),
    ],
)
def test_a_newcomer_begins_here(cadence, tracked_from, starts_on):
    assert cadence.first_owed(tracked_from).starts_on == starts_on


@given(cadence=CADENCES, tracked_from=DAYS)
def test_a_newcomer_never_starts_with_a_period_that_is_over(cadence, tracked_from):
    assert cadence.first_owed(tracked_from).due_on >= tracked_from


@pytest.mark.parametrize(
    ("cadence", "day", "last"),
    [
        (MONTHLY, date(2026, 2, 10), date(2026, 4, 30)),
        (MONTHLY, date(2025, 12, 10), date(2026, 2, 28)),
        (QUARTERLY, date(2026, 2, 10), date(2026, 9, 30)),
        (HALF_YEARLY, date(2026, 2, 10), date(2027, 6, 30)),
        (YEARLY, date(2026, 2, 10), date(2027, 12, 31)),
        (LIFE_MEETING, date(2026, 2, 10), date(2026, 12, 31)),
        (SUMMARY, date(2026, 1, 10), date(2026, 12, 31)),
    ],
)
def test_how_long_it_can_be_held_late(cadence, day, last):
    assert cadence.accepted_until(cadence.containing(day)) == last


@pytest.mark.parametrize("text", ["10-01..03-31", "12-01..01-31", "01-01..03-31", "05-05..05-05"])
def test_a_window_is_written_as_it_is_read(text):
    assert str(Window.parse(text)) == text


@pytest.mark.parametrize("text", ["", "10-01", "13-01..01-31", "04-31..05-01", "01-01..02-29", "a-b..c-d"])
def test_a_window_that_some_year_lacks_is_refused(text):
    with pytest.raises(ValueError, match="no window of the year"):
        Window.parse(text)


@pytest.mark.parametrize(
    ("inner", "outer", "inside"),
    [
        ("10-01..03-31", "10-01..03-31", True),
        ("11-01..12-31", "10-01..03-31", True),
        ("01-01..02-28", "10-01..03-31", True),
        ("12-15..01-15", "10-01..03-31", True),
        ("09-30..12-31", "10-01..03-31", False),
        ("11-01..04-01", "10-01..03-31", False),
        ("03-01..04-30", "10-01..03-31", False),
        ("02-01..03-01", "01-01..03-31", True),
        ("12-31..01-31", "01-01..03-31", False),
        ("02-01..11-01", "10-01..03-31", False),
    ],
)
def test_a_tightened_window_lies_inside_the_first(inner, outer, inside):
    assert Window.parse(inner).is_inside(Window.parse(outer)) is inside


@pytest.mark.parametrize("months", [0, 2, 4, 24])
def test_other_periods_are_refused(months):
    with pytest.raises(ValueError, match="no period"):
        Cadence(months)


def test_a_window_comes_once_a_year():
    with pytest.raises(ValueError, match="once a year"):
        Cadence(3, Window((1, 1), (3, 31)))


MARCH = Due(due_on=date(2026, 3, 31), required=1, grace_days=3, soon_days=7)


@pytest.mark.parametrize(
    ("today", "done", "begun", "state"),
    [
        (date(2026, 3, 1), 0, False, State.NOT_DUE),
        (date(2026, 3, 24), 0, False, State.NOT_DUE),
        (date(2026, 3, 25), 0, False, State.DUE_SOON),  # the last 7 days of the month
        (date(2026, 3, 31), 0, False, State.DUE_SOON),
        (date(2026, 4, 3), 0, False, State.DUE_SOON),  # grace: still time to enter
        (date(2026, 4, 4), 0, False, State.OVERDUE),
        (date(2026, 4, 4), 0, True, State.OVERDUE),  # overdue weighs more than begun
        (date(2026, 4, 3), 0, True, State.IN_PROGRESS),
        (date(2026, 3, 1), 0, True, State.IN_PROGRESS),
        (date(2026, 3, 1), 1, True, State.DONE),
        (date(2026, 4, 4), 1, False, State.DONE),  # held late or recorded late is done
        (date(2027, 4, 4), 2, False, State.DONE),
    ],
)
def test_grace_is_time_to_enter(today, done, begun, state):
    assert state_on(today, MARCH, done=done, begun=begun) is state


@pytest.mark.parametrize(
    ("months", "due_on", "soon_from", "overdue_from"),
    [
        (1, date(2024, 2, 29), date(2024, 2, 23), date(2024, 3, 4)),
        (1, date(2026, 2, 28), date(2026, 2, 22), date(2026, 3, 4)),
        (1, date(2026, 12, 31), date(2026, 12, 25), date(2027, 1, 4)),
        (3, date(2026, 9, 30), date(2026, 9, 1), date(2026, 10, 8)),
        (6, date(2026, 6, 30), date(2026, 6, 1), date(2026, 7, 8)),
        (12, date(2026, 12, 31), date(2026, 11, 2), date(2027, 1, 11)),
        (12, date(2027, 3, 31), date(2027, 1, 31), date(2027, 4, 11)),
    ],
)
def test_due_soon_and_overdue_begin(months, due_on, soon_from, overdue_from):
    due = Due(due_on, 1, grace_days(months), soon_days(months))
    state = {day: state_on(day, due, done=0, begun=False) for day in (soon_from, overdue_from)}
    eve = {day: state_on(day - timedelta(days=1), due, done=0, begun=False) for day in (soon_from, overdue_from)}
    assert (eve[soon_from], state[soon_from]) == (State.NOT_DUE, State.DUE_SOON)
    assert (eve[overdue_from], state[overdue_from]) == (State.DUE_SOON, State.OVERDUE)


FLAGS = {"begun": False, "waived": False, "explained": False, "not_applicable": False}


@pytest.mark.parametrize(
    ("flags", "done", "state"),
    [
        ({"waived": True}, 0, State.WAIVED),
        ({"waived": True}, 1, State.WAIVED),
        ({"waived": True, "explained": True}, 0, State.WAIVED),
        ({"explained": True}, 0, State.EXPLAINED),
        ({"explained": True, "begun": True}, 0, State.EXPLAINED),
        (
            {"not_applicable": True, "waived": True, "explained": True, "begun": True},
            1,
            State.NOT_APPLICABLE,
        ),
    ],
)
def test_a_decision_weighs_more_than_the_calendar(flags, done, state):
    for today in (date(2026, 3, 1), date(2026, 3, 31), date(2026, 5, 1)):
        assert state_on(today, MARCH, done=done, **(FLAGS | flags)) is state


def test_nothing_is_owed_where_nobody_is_there():
    nobody = Due(due_on=date(2026, 12, 31), required=0, grace_days=10, soon_days=60)
    assert state_on(date(2027, 6, 1), nobody, done=0, begun=False) is State.NOT_APPLICABLE


DUES = st.builds(
    Due,
    due_on=DAYS,
    required=st.integers(0, 4),
    grace_days=st.integers(0, 10),
    soon_days=st.integers(1, 60),
)
HISTORIES = st.fixed_dictionaries({"done": st.integers(0, 5)} | {name: st.booleans() for name in FLAGS})
WEIGHT = [
    State.NOT_APPLICABLE,
    State.WAIVED,
    State.EXPLAINED,
    State.DONE,
    State.OVERDUE,
    State.IN_PROGRESS,
    State.DUE_SOON,
    State.NOT_DUE,
]


@given(due=DUES, offset=st.integers(-90, 40), history=HISTORIES)
def test_the_heaviest_state_that_is_true_wins(due, offset, history):
    today = due.due_on + timedelta(days=offset)
    true = {
        State.NOT_APPLICABLE: history["not_applicable"] or due.required == 0,
        State.WAIVED: history["waived"],
        State.EXPLAINED: history["explained"],
        State.DONE: history["done"] >= due.required,
        State.OVERDUE: offset > due.grace_days,
        State.IN_PROGRESS: history["begun"],
        State.DUE_SOON: offset > -due.soon_days,
        State.NOT_DUE: True,
    }
    assert state_on(today, due, **history) is next(state for state in WEIGHT if true[state])


@given(due=DUES, offset=st.integers(-90, 40), history=HISTORIES)
def test_time_alone_never_closes_or_reopens_a_duty(due, offset, history):
    today = due.due_on + timedelta(days=offset)
    before, after = (state_on(day, due, **history) for day in (today, today + timedelta(days=1)))
    assert (before in CLOSED) == (after in CLOSED)
    if before not in CLOSED:
        assert WEIGHT.index(after) <= WEIGHT.index(before)


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 3, 31), 0),
        (date(2026, 4, 3), 0),
        (date(2026, 4, 4), 4),
        (date(2026, 4, 30), 30),
        (date(2027, 3, 31), 365),
    ],
)
def test_days_late_count_from_the_day_it_was_due(today, days):
    assert days_late(today, MARCH) == days


@pytest.mark.parametrize(
    ("held_on", "first_filed_on", "late"),
    [
        (date(2026, 3, 20), date(2026, 3, 20), None),
        (date(2026, 3, 31), date(2026, 4, 3), None),  # the last day of grace
        (date(2026, 3, 31), date(2026, 4, 4), Lateness.RECORDED_LATE),
        (date(2026, 4, 1), date(2026, 4, 1), Lateness.HELD_LATE),
        (date(2026, 4, 20), date(2026, 5, 20), Lateness.HELD_LATE),
    ],
)
def test_held_late_is_not_recorded_late(held_on, first_filed_on, late):
    assert lateness(MARCH, held_on=held_on, first_filed_on=first_filed_on) is late


def test_a_period_knows_its_last_day():
    assert Period(date(2024, 2, 1), date(2024, 3, 1), 2024).due_on == date(2024, 2, 29)
