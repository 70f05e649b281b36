"""Meetings ahead: planned, invited, answered, moved, cancelled."""

from datetime import date, time, timedelta

import pytest

from apps.activities import registry, services
from apps.activities.models import Activity, Attendance, Sitting
from apps.core.errors import EditConflict, RuleBroken
from tests.factories import activities as act
from tests.factories import branches as make

DAY = make.TODAY
SOON = DAY + timedelta(days=2)


@pytest.fixture
def told(monkeypatch):
    calls = []
    monkeypatch.setattr(
        registry, "schedule_listeners", [lambda sitting, what, people: calls.append((what, sorted(people)))]
    )
    return calls


@pytest.fixture
def secretary(world):
    return world.users["secretary"]


@pytest.fixture
def meeting(world, secretary, told):
    return act.planned(
        world.branch, secretary, held_on=SOON, invite=(world.people["discipline"], world.people["member"])
    )


def move(sitting, by, **changed):
    fields = {
        "held_on": sitting.held_on,
        "starts_at": sitting.starts_at,
        "ends_at": sitting.ends_at,
        "place": sitting.place,
    }
    services.sitting_move(sitting=sitting, by=by, now=act.at(), **({"version": sitting.version} | fields | changed))


def answer(sitting, by, answer="come", **changed):
    fields = {"person": by.reach.person_id, "now": act.at(), "ground": ""} | changed
    return services.invitation_answer(sitting=sitting, by=by, answer=answer, **fields)


def test_planning_invites_and_tells_once(world, meeting, told):
    assert [(one.kind.slug, one.state, one.held_on) for one in meeting.activities.all()] == [
        ("committee_meeting", "scheduled", SOON)
    ]
    assert set(meeting.invitations.values_list("person", "answer")) == {
        (world.people["discipline"].pk, ""),
        (world.people["member"].pk, ""),
    }
    assert told == [("planned", sorted([world.people["discipline"].pk, world.people["member"].pk]))]
    assert Attendance.objects.count() == 0  # an invitation says nothing about who came


def test_the_same_page_plans_one_meeting(world, secretary):
    first = act.planned(world.branch, secretary, held_on=SOON, request_key="p1")
    assert act.planned(world.branch, secretary, held_on=SOON, request_key="p1") == first
    assert (Sitting.objects.count(), Activity.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"held_on": DAY - timedelta(days=1)}, "Log the meeting instead"),
        ({"held_on": date(2029, 1, 1)}, "within the next two years"),
        ({"starts_at": time(15), "ends_at": time(14)}, "ends after it begins"),
        ({"slug": "group_meeting"}, "Choose the Party group"),
    ],
)
def test_what_cannot_be_planned_is_said(world, secretary, fields, words):
    with pytest.raises(RuleBroken, match=words):
        act.planned(world.branch, secretary, **({"held_on": SOON, "now": act.at()} | fields))
    assert Sitting.objects.count() == 0


def test_people_of_another_branch_are_not_invited(world, secretary):
    with pytest.raises(RuleBroken, match="is not in this branch"):
        act.planned(world.branch, secretary, held_on=SOON, invite=(world.people["other_member"],))


def test_answers_come_from_the_invited_and_can_change(world, meeting):
    member = world.users["member"]
    assert answer(meeting, member).answer == "come"
    cannot = answer(meeting, member, "cannot", ground="business")
    assert (cannot.answer, cannot.ground, cannot.answered_by) == ("cannot", "business", member)
    assert answer(meeting, member).ground == ""
    with pytest.raises(RuleBroken, match="not invited"):
        answer(meeting, world.users["group_leader"])
    with pytest.raises(RuleBroken, match="for yourself"):
        answer(meeting, member, person=world.people["discipline"])
    with pytest.raises(RuleBroken, match="Choose"):
        answer(meeting, member, "maybe")
    with pytest.raises(RuleBroken, match="is over"):
        answer(meeting, member, now=act.at(SOON + timedelta(days=1)))


def test_an_answer_told_to_the_secretary_has_the_same_rank(world, meeting, secretary):
    told = answer(meeting, secretary, "cannot", person=world.people["discipline"], ground="sick")
    assert (told.person, told.answered_by) == (world.people["discipline"], secretary)


def test_a_moved_meeting_asks_again_and_replaces_its_calendar_entry(world, meeting, secretary, told):
    answer(meeting, world.users["member"])
    told.clear()
    move(meeting, secretary, place="202")
    assert (meeting.ics_sequence, meeting.invitations.get(person=world.people["member"]).answer) == (1, "come")
    move(meeting, secretary, held_on=SOON + timedelta(days=1))
    assert (meeting.ics_sequence, meeting.invitations.get(person=world.people["member"]).answer) == (2, "")
    assert meeting.activities.get().held_on == SOON + timedelta(days=1)
    assert [what for what, people in told] == ["moved", "moved"]
    move(meeting, secretary)  # nothing changed: nobody is told
    assert (meeting.ics_sequence, len(told)) == (2, 2)


def test_moving_what_someone_else_has_just_moved_is_a_conflict(meeting, secretary):
    with pytest.raises(EditConflict):
        move(meeting, secretary, version=meeting.version + 7, place="202")
    with pytest.raises(RuleBroken, match="Log the meeting instead"):
        move(meeting, secretary, held_on=DAY - timedelta(days=1))


def test_a_cancelled_meeting_stays_struck(world, meeting, secretary, told):
    told.clear()
    services.sitting_cancel(sitting=meeting, by=secretary, version=meeting.version)
    assert meeting.activities.get().state == "cancelled"
    assert (meeting.ics_sequence, [what for what, people in told]) == (1, ["cancelled"])
    with pytest.raises(RuleBroken, match="no longer scheduled"):
        services.sitting_cancel(sitting=meeting, by=secretary, version=meeting.version)
    with pytest.raises(RuleBroken, match="is over or cancelled"):
        answer(meeting, world.users["member"])
    act.planned(world.branch, secretary, held_on=SOON)  # the day is free again


def test_only_the_committee_plans(world, meeting):
    for role in ("member", "group_leader", "other_secretary", "affairs_worker", "administrator"):
        by = world.users[role]
        for attempt in (
            lambda by=by: act.planned(world.branch, by, held_on=SOON),
            lambda by=by: move(meeting, by, place="x"),
            lambda by=by: services.sitting_cancel(sitting=meeting, by=by, version=meeting.version),
            lambda by=by: services.sitting_invite(
                sitting=meeting, by=by, kind=act.kind("committee_meeting"), people=()
            ),
        ):
            with pytest.raises(RuleBroken):
                attempt()


def test_asking_further_people_keeps_the_answers_given(world, meeting, secretary, told):
    answer(meeting, world.users["member"])
    told.clear()
    kind = act.kind("committee_meeting")
    people = (world.people["member"], world.people["second"])
    assert services.sitting_invite(sitting=meeting, by=secretary, kind=kind, people=people) == [world.people["second"]]
    assert meeting.invitations.get(person=world.people["member"]).answer == "come"
    assert told == [("invited", [world.people["second"].pk])]


def test_a_planned_meeting_is_filed_as_the_same_record(world, meeting, secretary):
    one = meeting.activities.get()
    now = act.at(SOON, 18)
    said = act.record(world.branch, held_on=SOON)
    (filed,) = services.activity_file(
        activity=one, by=secretary, now=now, version=one.version, record=said, confirmed=said.digest()
    )
    assert (filed.pk, filed.sitting_id, Activity.objects.count()) == (one.pk, meeting.pk, 1)
    with pytest.raises(RuleBroken, match="no longer scheduled"):
        move(meeting, secretary, place="x")


def test_of_two_planned_kinds_the_one_not_held_is_cancelled(world, secretary):
    kinds = [act.kind("general_meeting"), act.kind("party_lecture"), act.kind("theme_day")]
    sitting = services.sitting_plan(organization=world.branch, kinds=kinds, by=secretary, now=act.at(), held_on=DAY)
    one = sitting.activities.get(kind__slug="general_meeting")
    also = (act.Part(kind=act.kind("party_lecture")),)
    said = act.record(world.branch, "general_meeting", also=also)
    services.activity_file(activity=one, by=secretary, now=act.at(), version=1, record=said, confirmed=said.digest())
    assert dict(sitting.activities.values_list("kind__slug", "state")) == {
        "general_meeting": "filed",
        "party_lecture": "filed",
        "theme_day": "cancelled",
    }
