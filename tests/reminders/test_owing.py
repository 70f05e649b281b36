"""What is written down: everything reached, once, whatever ticks come or stay away."""

from datetime import date, time, timedelta

import pytest
from django.db import connection

from apps.activities.models import Activity, ActivityKind, Invitation, Sitting
from apps.core.errors import RuleBroken
from apps.duties.models import DutyNote, DutyPeriod
from apps.duties.services.laying_out import materialise
from apps.reminders.models import Reminder
from apps.reminders.services.owing import nudge, owe, settle
from apps.reminders.services.tidying import tidy
from tests.factories.branches import TODAY
from tests.factories.duties import file, period, plan

pytestmark = pytest.mark.django_db


def steps(**filters) -> set[tuple[str, str]]:
    return set(Reminder.objects.filter(**filters).values_list("source", "step"))


@pytest.mark.parametrize(
    ("today", "owed"),
    [
        ("2026-03-23", set()),
        ("2026-03-24", {"due-7"}),
        ("2026-03-26", {"due-7"}),
        ("2026-03-27", {"due-2"}),  # Friday speaks for Sunday the 29th
        ("2026-03-31", {"due-2"}),
        ("2026-04-03", {"overdue"}),  # Friday speaks for Saturday the 4th
        ("2026-04-20", {"repeat"}),
        ("2027-03-30", {"repeat"}),
        ("2027-04-10", set()),  # longer than a year ago
    ],
)
def test_the_latest_step_by_day(meeting, today, owed):
    owe(today=date.fromisoformat(today))
    assert {step for _, step in steps(source="duty")} == owed


def test_a_rerun_adds_nothing(meeting):
    day = date(2026, 3, 24)
    assert owe(today=day) == 1
    assert [owe(today=day) for _ in range(3)] == [0, 0, 0]
    one = Reminder.objects.get()
    assert (one.organization_id, one.branch_id, one.path) == (meeting.organization_id,) * 2 + (meeting.path,)
    assert (one.step_on, one.due_on) == (day, date(2026, 3, 31))


def test_day_by_day_every_step_comes_once(meeting):
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(100)]
    for day in days:
        owe(today=day)
    duties = Reminder.objects.filter(source="duty").values_list("step", flat=True)
    assert sorted(duties) == ["due-2", "due-7", "overdue", "repeat"]


def test_a_group_owes_its_own(world):
    materialise(today=TODAY)
    DutyPeriod.objects.exclude(rule__slug="group_meeting", starts_on=date(2026, 3, 1)).delete()
    owe(today=date(2026, 3, 24))
    assert set(Reminder.objects.values_list("group", "organization", "person")) == {
        (group.pk, None, None) for group in world.branch.groups.all()
    }
    assert set(Reminder.objects.values_list("branch", flat=True)) == {world.branch.pk}


@pytest.mark.parametrize(
    "change",
    [
        {"closed_as": "waived"},
        {"closed_as": "explained"},
        {"closed_as": "not_applicable"},
        {"done": 1},
        {"required": 0},
    ],
    ids=str,
)
def test_what_is_closed_is_not_owed(meeting, change):
    DutyPeriod.objects.update(**change)
    assert owe(today=date(2026, 4, 10)) == 0


def test_the_ladder_of_the_rule_counts(meeting):
    """A dated row of the catalogue may remind otherwise."""
    type(meeting.rule).objects.filter(pk=meeting.rule_id).update(ladder=[-20])
    owe(today=date(2026, 3, 11))
    assert steps() == {("duty", "due-20")}


def test_reopened_after_it_was_settled_is_one_step_more(meeting):
    """A withdrawn record: the period is owed again, and silence would hide it."""
    owe(today=date(2026, 4, 7))
    Reminder.objects.update(state="told")
    DutyPeriod.objects.update(done=1)
    assert settle(today=date(2026, 4, 8)) == 1
    assert owe(today=date(2026, 4, 8)) == 0
    DutyPeriod.objects.update(done=0)
    assert owe(today=date(2026, 4, 9)) == 1
    assert steps() == {("duty", "overdue"), ("duty", "reopened")}
    assert owe(today=date(2026, 4, 10)) == 0


def test_settled_stays_what_is_still_owed(meeting):
    owe(today=date(2026, 4, 7))
    Reminder.objects.update(state="told")
    assert settle(today=date(2026, 4, 8)) == 0


def test_one_statement_each_set(meeting, django_assert_max_num_queries):
    """However many branches: rows never pass through the program."""
    with django_assert_max_num_queries(50):  # a fixed handful for each source
        owe(today=date(2026, 3, 24))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reminders_reminder")
        assert cursor.fetchone() == (1,)


# --- meetings ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(world):
    """A general meeting on Friday 20 March, two of eight members invited."""
    activity = plan(world.branch, "general_meeting", date(2026, 3, 20))
    Sitting.objects.update(starts_at=time(15), minute_taker=world.people["discipline"])
    for name in ("member", "second"):
        Invitation.objects.create(sitting=activity.sitting, person=world.people[name])
    return activity


@pytest.mark.parametrize(("today", "count"), [("2026-03-18", 0), ("2026-03-19", 2), ("2026-03-20", 2)])
def test_the_day_before_a_meeting(world, invited, today, count):
    owe(today=date.fromisoformat(today))
    people = set(Reminder.objects.filter(source="meeting").values_list("person", flat=True))
    assert len(people) == count
    assert people <= {world.people["member"].pk, world.people["second"].pk}


def test_a_meeting_on_monday_is_said_on_friday(world, invited):
    Sitting.objects.update(held_on=date(2026, 3, 23))
    Activity.objects.update(held_on=date(2026, 3, 23))
    assert owe(today=date(2026, 3, 19)) == 0
    assert owe(today=date(2026, 3, 20)) == 2


def test_who_cannot_come_and_a_cancelled_meeting_are_left_alone(world, invited):
    Invitation.objects.filter(person=world.people["second"]).update(answer="cannot")
    owe(today=date(2026, 3, 19))
    assert list(Reminder.objects.values_list("person", flat=True)) == [world.people["member"].pk]
    Reminder.objects.all().delete()
    Activity.objects.update(state="cancelled")
    assert owe(today=date(2026, 3, 19)) == 0


def test_a_talk_is_nobody_elses_business(world, invited):
    Activity.objects.update(kind=ActivityKind.objects.get(slug="talk"))
    assert owe(today=date(2026, 3, 19)) == 0
    assert owe(today=date(2026, 3, 23)) == 0


def test_minutes_are_the_minute_takers_alone(world, invited):
    owe(today=date(2026, 3, 23))
    rows = Reminder.objects.filter(source="minutes")
    assert list(rows.values_list("person", "step")) == [(world.people["discipline"].pk, "minutes")]
    owe(today=date(2026, 4, 3))
    assert set(rows.values_list("step", flat=True)) == {"minutes", "repeat"}
    assert owe(today=date(2026, 5, 3)) == 0


def test_without_a_minute_taker_it_is_who_entered_the_meeting(world, invited):
    Sitting.objects.update(minute_taker=None)
    Activity.objects.update(created_by=world.users["secretary"])
    owe(today=date(2026, 3, 23))
    assert list(Reminder.objects.filter(source="minutes").values_list("person", flat=True)) == [
        world.people["secretary"].pk
    ]


# --- help ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("today", "count"), [("2026-04-13", 0), ("2026-04-14", 2), ("2026-04-20", 2)])
def test_after_ten_days_the_levels_with_staff_hear_that_help_is_needed(march, meeting, today, count):
    """Month: overdue +10. Once a week, to the staff of both levels above."""
    owe(today=date.fromisoformat(today))
    rows = Reminder.objects.filter(source="help")
    assert rows.count() == count
    assert set(rows.values_list("organization", flat=True)) <= {march.general_branch.pk, march.committee.pk}
    owe(today=date.fromisoformat(today))
    assert rows.count() == count


def test_next_week_it_is_said_again_as_long_as_it_lasts(march, meeting):
    for day in (14, 15, 16, 20, 21):
        owe(today=date(2026, 4, day))
    assert set(Reminder.objects.filter(source="help").values_list("step", flat=True)) == {"2026-W16", "2026-W17"}


# --- nudges --------------------------------------------------------------------------------------------------------------


def nudged(march, meeting, today=TODAY) -> bool:
    return nudge(
        source="duty", source_id=meeting.pk, branch=march.branch, organization=march.branch, by=march.users["affairs_worker"],
        today=today,
    )  # fmt: skip


def test_a_nudge_once_a_day(march, meeting):
    assert [nudged(march, meeting) for _ in range(3)] == [True, False, False]
    assert nudged(march, meeting, TODAY + timedelta(days=1))
    assert Reminder.objects.count() == 2


def test_nothing_to_nudge_about_once_it_is_done(march, meeting):
    file(march.branch, "committee_meeting", date(2026, 3, 17))
    with pytest.raises(RuleBroken):
        nudged(march, meeting)


def test_a_waiver_taken_back_is_owed_again(march, meeting):
    DutyPeriod.objects.update(closed_as="waived")
    DutyNote.objects.create(period=meeting, kind="waived", reason="停产检修")
    assert owe(today=date(2026, 3, 24)) == 0
    DutyPeriod.objects.update(closed_as="")
    assert owe(today=date(2026, 3, 24)) == 1


def test_another_years_same_month_is_another_thing(march, meeting):
    """Product: the same month of another year counting."""
    old = period(march.branch, "committee_meeting", date(2026, 3, 1))
    old.pk, old.starts_on, old.ends_before = None, date(2025, 3, 1), date(2025, 4, 1)
    old.due_on, old.overdue_from, old.soon_from = date(2025, 3, 31), date(2025, 4, 4), date(2025, 3, 25)
    old.save()
    owe(today=date(2026, 3, 24))
    duties = Reminder.objects.filter(source="duty").values_list("source_id", "step")
    assert set(duties) == {(meeting.pk, "due-7"), (old.pk, "repeat")}


def test_the_night_keeps_what_could_still_be_owed(march, meeting):
    owe(today=date(2026, 3, 24))
    assert tidy(today=date(2026, 12, 1)) == 0
    assert tidy(today=date(2030, 12, 1)) == 1
