"""Periods as they stand in an address, when a report is due, and who is asked for one."""

from datetime import date

import pytest

from apps.duties.schedule import span_containing
from apps.reminders.working_days import WorkingDays
from apps.reports import periods
from apps.reports.models import Report
from apps.reports.services.laying_out import lay_out
from tests.factories import branches as make
from tests.world import World


@pytest.mark.parametrize(("code", "starts_on", "months"), [
    ("2026-03", date(2026, 3, 1), 1), ("2026-12", date(2026, 12, 1), 1), ("2026-q1", date(2026, 1, 1), 3),
    ("2026-q4", date(2026, 10, 1), 3), ("2026-h2", date(2026, 7, 1), 6), ("2026-y", date(2026, 1, 1), 12),
])  # fmt: skip
def test_an_address_names_a_period(code: str, starts_on: date, months: int) -> None:
    assert periods.parse(code) == (starts_on, months)
    assert periods.code_of(starts_on, months) == code


@pytest.mark.parametrize(
    "code", ["2026-00", "2026-13", "2026-q5", "2026-q0", "2026-h3", "26-03", "2026-3", "2026", "x", "2026-03-01"]
)
def test_what_is_no_period_is_none(code: str) -> None:
    assert periods.parse(code) is None


@pytest.mark.parametrize(("month", "due"), [
    (date(2026, 2, 1), date(2026, 3, 10)),
    (date(2026, 4, 1), date(2026, 5, 11)),  # the 10th of May is a Sunday
    (date(2026, 9, 1), date(2026, 10, 10)),  # a Saturday that is worked: make-up day of the October holidays
    (date(2025, 12, 1), date(2026, 1, 12)),
])  # fmt: skip
def test_it_is_due_on_the_tenth_or_the_next_working_day(month: date, due: date) -> None:
    """decisions §5: drafted from day −10, handed in after the end, due on the 10th (next working day)."""
    assert periods.due_on(span_containing(month, 1), WorkingDays()) == due


def test_a_row_of_the_administrator_moves_the_due_day() -> None:
    holiday = WorkingDays({date(2026, 3, 10): False})
    assert periods.due_on(span_containing(date(2026, 2, 1), 1), holiday) == date(2026, 3, 11)


def codes(branch) -> set[str]:
    return {one.code for one in Report.objects.filter(organization=branch)}


@pytest.mark.parametrize(("today", "expected"), [
    (date(2026, 3, 18), {"2026-02", "2025-q4"}),
    (date(2026, 3, 21), {"2026-02", "2025-q4"}),
    (date(2026, 3, 22), {"2026-02", "2025-q4", "2026-03", "2026-q1"}),
    (date(2026, 4, 1), {"2026-03", "2026-q1"}),
])  # fmt: skip
def test_a_report_is_drafted_from_ten_days_before_the_end(world: World, today: date, expected: set[str]) -> None:
    assert lay_out(today=today) == 2 * len(expected)  # two branches; a committee reports nothing
    assert codes(world.branch) == expected
    assert lay_out(today=today) == 0


def test_a_newcomer_begins_with_the_first_whole_month_and_the_running_quarter(world: World) -> None:
    new = make.organization(world.general_branch, name="三车间党支部", tracked_from=date(2026, 3, 5))
    lay_out(today=date(2026, 4, 1))
    assert codes(new) == {"2026-q1"}
    lay_out(today=date(2026, 4, 25))
    assert codes(new) == {"2026-q1", "2026-04"}


def test_a_dissolved_branch_is_asked_for_nothing_more(world: World) -> None:
    type(world.branch).objects.filter(pk=world.branch.pk).update(dissolved_on=date(2026, 2, 15))
    lay_out(today=date(2026, 3, 18))
    assert codes(world.branch) == {"2025-q4"}
