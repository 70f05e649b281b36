"""Decisions become assignments, once, and follow the record without losing what was done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.activities import services as activities
from apps.activities.models import Activity
from apps.activities.records import Task
from apps.assignments.models import Assignment
from apps.assignments.services import assignment_act
from apps.assignments.services.following import follow
from tests.factories import activities as act
from tests.factories import branches as make

DUE = make.TODAY + timedelta(days=10)


@pytest.fixture
def tasks(world):
    return (
        Task(task="联系社区", person=world.people["member"], due_on=DUE),
        Task(task="布置活动室", person=None, due_on=None),
    )


def file(world, tasks):
    said = act.record(world.branch, part={"decisions": tasks})
    return act.filed_record(said, world.users["secretary"])


def correct(world, one, tasks):
    one = Activity.objects.get(pk=one.pk)
    said = act.record(world.branch, part={"decisions": tasks})
    activities.activity_correct(
        activity=one, by=world.users["secretary"], record=said, version=one.version, confirmed=said.digest(), now=act.at(),
        reason="写错了",
    )  # fmt: skip


def rows(one):
    return list(Assignment.objects.filter(activity=one).order_by("pk").values_list("title", "state", "decision_order"))


def test_one_for_each_decision(world, tasks):
    one = file(world, tasks)
    mine, branch = Assignment.objects.filter(activity=one).order_by("decision_order")
    assert (mine.title, mine.assignee, mine.due_on, mine.state) == ("联系社区", world.people["member"], DUE, "todo")
    assert (branch.assignee, branch.due_on, branch.organization) == (None, None, world.branch)
    assert [event.act for event in mine.events.all()] == ["give"]


def test_progress_survives_a_correction_that_moves_and_drops(world, tasks):
    one = file(world, tasks)
    second = Assignment.objects.get(title="布置活动室")
    assignment_act(one=second, act="report", by=world.users["secretary"], version=1, now=act.at(), text="已买材料")
    correct(world, one, (tasks[1], Task(task="新的事", person=None, due_on=None)))
    assert rows(one) == [("联系社区", "cancelled", None), ("布置活动室", "doing", 1), ("新的事", "todo", 2)]
    assert Assignment.objects.get(title="联系社区").events.last().text == "The decision was taken out of the record."


def test_a_delegation_survives_an_unrelated_correction_and_a_new_date_is_taken_over(world, tasks):
    one = file(world, tasks)
    mine = Assignment.objects.get(title="联系社区")
    assignment_act(
        one=mine, act="delegate", by=world.users["secretary"], version=1, now=act.at(), person=world.people["second"]
    )
    later = DUE + timedelta(days=3)
    correct(world, one, (Task(task="联系社区", person=world.people["member"], due_on=later), tasks[1]))
    mine.refresh_from_db()
    assert (mine.assignee, mine.due_on) == (world.people["second"], later)


def test_withdrawal_cancels_what_is_open_and_keeps_what_is_done(world, tasks):
    one = file(world, tasks)
    second = Assignment.objects.get(title="布置活动室")
    assignment_act(one=second, act="finish", by=world.users["secretary"], version=1, now=act.at())
    one = Activity.objects.get(pk=one.pk)
    activities.activity_withdraw(
        activity=one, by=world.users["secretary"], version=one.version, now=act.at(), reason="没有开"
    )
    assert rows(one) == [("联系社区", "cancelled", None), ("布置活动室", "done", None)]


def test_the_same_filing_told_twice_changes_nothing(world, tasks):
    one = file(world, tasks)
    version = one.versions.get()
    before = list(Assignment.objects.values())
    follow(one, version, version)
    assert list(Assignment.objects.values()) == before


def test_a_record_without_decisions_costs_no_query(world):
    one = file(world, ())
    version = one.versions.select_related("kind").get()
    with CaptureQueriesContext(connection) as queries:
        follow(one, None, version)
        follow(one, version, version)
    assert len(queries) == 0


def test_what_was_agreed_in_a_talk_stays_there(world, tasks):
    version = file(world, tasks).versions.select_related("kind").get()
    Assignment.objects.filter(activity=version.activity).update(activity=None, decision_order=None)
    version.kind.behaviour = "talk"
    follow(version.activity, None, version)
    assert not Assignment.objects.filter(activity=version.activity).exists()


def test_who_has_left_gets_nothing_and_the_branch_hears_of_it(world, tasks, client_of):
    world.people["member"].memberships.update(ends_before=make.TODAY)
    one = Assignment.objects.get(activity=file(world, tasks), decision_order=1)
    assert one.assignee is None
    assert list(one.events.values_list("act", "text")) == [("give", ""), ("left", world.people["member"].name)]
    url = reverse("assignments:assignment-detail", args=[world.branch.public_id, one.public_id])
    assert "not in the branch any more" in client_of("secretary").get(url).content.decode()


@pytest.mark.parametrize(
    ("held_before", "due_before", "made"),
    [(10, 30, 1), (40, 31, 0), (40, 30, 1), (90, None, 1), (91, None, 0)],
)
def test_a_record_of_long_ago_asks_nobody_today(world, held_before, due_before, made):
    """Due more than 30 days before the filing, or without a day and held more than 90 days before it."""
    due_on = make.TODAY - timedelta(days=due_before) if due_before is not None else None
    said = act.record(
        world.branch, held_on=make.TODAY - timedelta(days=held_before),
        part={"decisions": (Task(task="联系社区", person=None, due_on=due_on),)},
    )  # fmt: skip
    one = act.filed_record(said, world.users["secretary"], entered_on=make.TODAY)
    assert Assignment.objects.filter(activity=one).count() == made
