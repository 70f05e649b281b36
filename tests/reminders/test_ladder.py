"""The ladder is a table; SQL says the same."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.ladder import Ladder, with_step
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.schedule import help_days, usual_ladder
from apps.duties.services.laying_out import materialise
from tests.factories.branches import TODAY

DAY = timedelta(days=1)
MONTH, QUARTER, YEAR = (Ladder.of(usual_ladder(months)) for months in (1, 3, 12))


def days(text: str) -> list[date]:
    return [date.fromisoformat(day) for day in text.split()]


@pytest.mark.parametrize(
    ("ladder", "due_on", "overdue_from", "expected"),
    [
        (MONTH, "2026-03-31", "2026-04-04", "2026-03-24 2026-03-29 2026-04-04 2026-04-18"),
        (MONTH, "2026-02-28", "2026-03-04", "2026-02-21 2026-02-26 2026-03-04 2026-03-18"),
        (MONTH, "2028-02-29", "2028-03-04", "2028-02-22 2028-02-27 2028-03-04 2028-03-18"),  # leap year
        (MONTH, "2026-12-31", "2027-01-04", "2026-12-24 2026-12-29 2027-01-04 2027-01-18"),
        (QUARTER, "2026-03-31", "2026-04-08", "2026-03-01 2026-03-24 2026-04-08 2026-04-22"),
        (QUARTER, "2026-12-31", "2027-01-08", "2026-12-01 2026-12-24 2027-01-08 2027-01-22"),
        (YEAR, "2026-12-31", "2027-01-11", "2026-11-01 2026-12-17 2027-01-11 2027-01-25"),
        (YEAR, "2026-03-31", "2026-04-11", "2026-01-30 2026-03-17 2026-04-11 2026-04-25"),
        (YEAR, "2028-03-31", "2028-04-11", "2028-01-31 2028-03-17 2028-04-11 2028-04-25"),  # over 29 February
        (Ladder.of([-3, 0]), "2026-03-31", "2026-04-01", "2026-03-28 2026-03-31 2026-04-01 2026-04-15"),
        (Ladder.of([]), "2026-03-31", "2026-04-04", "2026-04-04 2026-04-18"),
    ],
)
def test_steps(ladder, due_on, overdue_from, expected):
    """Month −7, −2; quarter −30, −7; year −60, −14; overdue; one repeat after 14 days, then nothing."""
    steps = list(ladder.steps(*days(f"{due_on} {overdue_from}")))
    assert [day for _, day in steps] == days(expected)
    assert [step for step, _ in steps][-2:] == ["overdue", "repeat"]


@pytest.mark.parametrize(
    ("until", "step"),
    [
        ("2026-03-23", None),
        ("2026-03-24", "due-7"),
        ("2026-03-28", "due-7"),
        ("2026-03-29", "due-2"),
        ("2026-04-03", "due-2"),  # grace: time to enter, nobody is pressed
        ("2026-04-04", "overdue"),
        ("2026-04-17", "overdue"),
        ("2026-04-18", "repeat"),
        ("2027-03-01", "repeat"),  # silence
    ],
)
def test_only_the_latest_step_is_owed(until, step):
    latest = MONTH.latest(date(2026, 3, 31), date(2026, 4, 4), date.fromisoformat(until))
    assert (latest and latest[0]) == step


def test_a_step_after_the_due_day_is_refused():
    with pytest.raises(ValueError, match="zero or negative"):
        Ladder.of([-7, 1])


@pytest.mark.parametrize(("months", "days"), [(1, 10), (3, 14), (6, 14), (12, 14)])
def test_when_the_level_above_sees_it(months, days):
    assert help_days(months) == days


@pytest.mark.django_db
def test_every_rule_of_the_catalogue_has_the_ladder_of_its_cadence():
    for rule in DutyRule.objects.all():
        assert rule.steps == Ladder.of(usual_ladder(rule.months))
        assert rule.help_days == help_days(rule.months)


@pytest.fixture
def periods(world):
    materialise(today=TODAY)
    DutyPeriod.objects.exclude(pk=DutyPeriod.objects.earliest("pk").pk).delete()
    return DutyPeriod.objects


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes all it reads
@given(
    before=st.lists(st.integers(-90, 0), max_size=4),
    due_on=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    grace=st.integers(0, 30),
    offset=st.integers(-100, 400),
)
def test_sql_says_the_same(periods, before, due_on, grace, offset):
    ladder, until = Ladder.of(before), due_on + offset * DAY
    overdue_from = due_on + (grace + 1) * DAY
    periods.update(due_on=due_on, overdue_from=overdue_from)
    DutyRule.objects.update(ladder=before)
    fixed = with_step(periods.all(), until, ladder=ladder.before, due="due_on", overdue="overdue_from")
    by_rule = with_step(periods.all(), until, ladder=F("rule__ladder"), due="due_on", overdue="overdue_from")
    expected = ladder.latest(due_on, overdue_from, until)
    for rows in (fixed, by_rule):
        assert rows.values_list("ladder_step", "ladder_on").first() == expected
