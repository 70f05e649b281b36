"""The state in SQL and the state in Python are one table of cases: held together on random histories."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.activities.models import Activity
from apps.duties.explaining import explain, records_of
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.querysets import DutyPeriodQuerySet
from apps.duties.schedule import Cadence, state_on
from tests.factories import branches as make
from tests.factories.duties import file, plan

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)


@pytest.fixture
def branch(db):
    return make.organization(make.organization(kind="committee"), tracked_from=date(2020, 1, 1))


def lay_out(branch, rule: DutyRule, day: date, **fields) -> DutyPeriod:
    span = Cadence(rule.months).containing(day) if not rule.window else rule.cadence.containing(day)
    due = {
        "due_on": span.due_on,
        "soon_from": span.due_on - timedelta(days=rule.soon_days - 1),
        "overdue_from": span.due_on + timedelta(days=rule.grace_days + 1),
    }
    return DutyPeriod.objects.create(
        rule=rule, organization=branch, root_id=branch.root_id, path=branch.path, for_year=span.for_year,
        starts_on=span.starts_on, ends_before=span.ends_before, **(due | fields),
    )  # fmt: skip


HISTORIES = st.fixed_dictionaries(
    {
        "required": st.integers(0, 3),
        "done": st.integers(0, 4),
        "closed_as": st.sampled_from(["", "", "", "waived", "explained", "not_applicable"]),
    }
)
PLANNED = st.lists(
    st.tuples(
        st.sampled_from(["theme_day", "committee_meeting"]),
        st.sampled_from(list(Activity.State)),
        st.integers(-45, 45),  # days from the first of March
        st.sampled_from([None, None, date(2026, 2, 1), date(2026, 3, 1)]),
    ),
    max_size=4,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES, planned=PLANNED, offset=st.integers(-20, 50))
def test_sql_says_what_python_says(branch, history, planned, offset):
    with transaction.atomic():
        rule = DutyRule.objects.get(slug="theme_day")
        period = lay_out(branch, rule, date(2026, 3, 1), **history)
        begun = False
        for kind, state, days, counts_for in planned:
            held_on = date(2026, 3, 1) + timedelta(days=days)
            plan(branch, kind, held_on, state=state, counts_for=counts_for)
            day = counts_for or held_on
            begun |= kind == "theme_day" and state in Activity.OPEN and date(2026, 3, 1) <= day < date(2026, 4, 1)
        today = date(2026, 3, 31) + timedelta(days=offset)
        expected = state_on(
            today, period.due, done=history["done"], begun=begun, **{
                name: history["closed_as"] == name for name in ("waived", "explained", "not_applicable")
            },
        )  # fmt: skip
        stored = DutyPeriod.objects.with_state(today).select_related("rule__set_by", "organization", "group").get()
        assert stored.state == expected
        assert explain(stored, today).state == expected
        assert (stored in DutyPeriod.objects.overdue(today)) == (expected == "overdue")
        transaction.set_rollback(True)  # the next example starts without it


@pytest.mark.parametrize(
    ("held_on", "for_year", "counts"),
    [
        (date(2025, 9, 30), None, False),
        (date(2025, 10, 1), None, True),
        (date(2026, 3, 31), None, True),
        (date(2026, 4, 1), None, False),
        (date(2026, 5, 10), 2025, True),  # held after the window, said to be the yearly one for 2025
        (date(2026, 2, 1), 2024, False),  # held in the window, said to be for another year
        (date(2026, 2, 1), 2025, True),
    ],
)
def test_a_window_counts_by_the_year_it_is_for_and_else_by_its_days(branch, held_on, for_year, counts):
    period = lay_out(branch, DutyRule.objects.get(slug="life_meeting"), date(2026, 1, 1), required=1)
    plan(branch, "life_meeting", held_on, for_year=for_year)
    assert records_of(period).exists() is counts
    begun = DutyPeriod.objects.with_state(date(2026, 1, 15)).get().state
    assert (begun == "in_progress") is counts


def test_records_of_another_branch_group_or_kind_never_make_it_begun(branch):
    other = make.organization(branch.parent)
    period = lay_out(branch, DutyRule.objects.get(slug="theme_day"), date(2026, 3, 1), required=1)
    plan(other, "theme_day", TODAY)
    plan(branch, "party_lecture", TODAY)
    plan(branch, "theme_day", date(2025, 3, 18))
    assert not records_of(period).exists()
    assert DutyPeriod.objects.with_state(TODAY).get(pk=period.pk).state == "not_due"


def test_the_open_index_holds_the_open_rows_and_no_others(branch):
    rule = DutyRule.objects.get(slug="theme_day")
    rows = {
        "open": lay_out(branch, rule, date(2026, 1, 1), required=1),
        "done": lay_out(branch, rule, date(2026, 2, 1), required=1, done=1),
        "waived": lay_out(branch, rule, date(2026, 3, 1), required=1, closed_as="waived"),
    }
    assert list(DutyPeriod.objects.unfulfilled()) == [rows["open"]]
    assert isinstance(DutyPeriod.objects.overdue(TODAY), DutyPeriodQuerySet)
    with connection.cursor() as cursor:  # three rows are read faster without an index; a million are not
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "duty_period_open" in DutyPeriod.objects.overdue(TODAY).explain()


def test_scheduled_then_cancelled_then_filed(branch):
    lay_out(branch, DutyRule.objects.get(slug="theme_day"), date(2026, 3, 1), required=1)
    planned = plan(branch, "theme_day", date(2026, 3, 20))
    assert DutyPeriod.objects.with_state(TODAY).get().state == "in_progress"
    type(planned).objects.filter(pk=planned.pk).update(state="cancelled")
    assert DutyPeriod.objects.with_state(TODAY).get().state == "not_due"
    file(branch, "theme_day", date(2026, 3, 5))
    stored = DutyPeriod.objects.with_state(TODAY).get()
    assert (stored.done, stored.state) == (1, "done")
