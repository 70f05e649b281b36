"""Assignments as the engine of reminders sees them: steps, silence, to whom, and a nudge."""

from datetime import date, timedelta

import pytest

from apps.assignments.models import Assignment
from apps.assignments.services import assignment_act, batch_nudge
from apps.duties.models import DutyPeriod
from apps.reminders.models import DigestLine, Preference, Reminder
from apps.reminders.services.owing import owe
from tests.factories import assignments as tasks
from tests.factories.reminders import at, confirmed, hold_is_over, say, send, told

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 25)  # a Wednesday


@pytest.fixture(autouse=True)
def no_duties(march):
    DutyPeriod.objects.all().delete()


def steps():
    return set(Reminder.objects.filter(source="assignment").values_list("step", flat=True))


@pytest.mark.parametrize(
    ("today", "owed"),
    [
        ("2026-03-19", set()),
        ("2026-03-20", {"due-3"}),  # Friday speaks for Sunday the 22nd
        ("2026-03-24", {"due-3"}),
        ("2026-03-25", {"due"}),
        ("2026-03-26", {"overdue"}),
        ("2026-04-09", {"repeat"}),
        ("2027-04-01", set()),  # longer than a year ago
    ],
)
def test_the_latest_step_by_day(world, today, owed):
    tasks.assignment(world.branch, world.people["member"], due_on=DUE)
    owe(today=date.fromisoformat(today))
    assert steps() == owed


@pytest.mark.parametrize("state", ["submitted", "done", "declined", "cancelled"])
def test_silence_once_it_is_not_their_turn(world, state):
    one = tasks.assignment(world.branch, world.people["member"], due_on=DUE)
    owe(today=DUE)
    Assignment.objects.filter(pk=one.pk).update(state=state)
    say(DUE)
    assert told(world.people["member"]) == []
    assert told(world.people["secretary"]) == []


@pytest.mark.parametrize(
    ("assignee", "heard_by", "reason"),
    [("member", "member", "own"), ("second", "secretary", "no_account"), (None, "secretary", "post")],
)
def test_who_hears_it(world, assignee, heard_by, reason):
    """Member; without an account, and where the branch itself is to do it, the secretary."""
    tasks.assignment(world.branch, assignee and world.people[assignee], due_on=DUE)
    say(DUE)
    line = DigestLine.objects.get()
    assert (line.digest.person, line.reason) == (world.people[heard_by], reason)


def test_of_one_who_has_left_the_secretary_hears(world):
    tasks.assignment(world.branch, world.people["member"], due_on=DUE)
    world.people["member"].memberships.update(ends_before=DUE - timedelta(days=5))
    say(DUE)
    assert DigestLine.objects.get().digest.person == world.people["secretary"]


def test_switched_off_it_stays_in_the_app(world, outbox):
    confirmed(world.users["member"])
    tasks.assignment(world.branch, world.people["member"], due_on=DUE)
    Preference.objects.create(person=world.people["member"], assignment=False)
    say(DUE)
    hold_is_over()
    send(DUE)
    assert told(world.people["member"]) == [("assignment", "due")]
    assert outbox.to(world.people["member"]) == []


def test_a_nudge_is_a_line_of_the_next_digest(world):
    one = tasks.assignment(world.branch, world.people["member"], due_on=DUE + timedelta(days=30))
    row = Assignment.objects.select_related("assignee__user", "organization").get(pk=one.pk)
    assignment_act(one=row, act="nudge", by=world.users["secretary"], version=1, now=at(DUE, "10:00"))
    say(DUE + timedelta(days=1))
    assert told(world.people["member"]) == [("assignment", f"nudge-{DUE}")]
    assert Reminder.objects.get().nudged_by == world.users["secretary"]


def test_a_nudge_of_many_branches_is_one_statement_and_heard_by_their_secretaries(world, django_assert_max_num_queries):
    one = tasks.batch(world.general_branch, [world.branch, world.other_branch], due_on=DUE + timedelta(days=30))
    with django_assert_max_num_queries(6):
        batch_nudge(batch=one, by=world.users["affairs_worker"], now=at(DUE, "10:00"))
    batch_nudge(batch=one, by=world.users["affairs_worker"], now=at(DUE, "11:00"))
    say(DUE + timedelta(days=1))
    for secretary in ("secretary", "other_secretary"):
        assert told(world.people[secretary]) == [("assignment", f"nudge-{DUE}")]
    assert Reminder.objects.count() == 2
