"""Filing, correcting, withdrawing: one whole change, kept for ever."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.activities import registry, rules, services
from apps.activities.models import Activity, Attendance
from apps.activities.records import Count, Item, Mark, Part, Task
from apps.activities.services.snapshots import stored_snapshot
from apps.core.errors import EditConflict, RuleBroken
from tests.factories import activities as act
from tests.factories import branches as make

DAY, Status, State = make.TODAY, Attendance.Status, Activity.State


@pytest.fixture
def heard(monkeypatch):
    """What later apps are told, in order: (old number, new number, new state)."""
    calls = []
    monkeypatch.setattr(
        registry, "listeners", [lambda one, old, new: calls.append((old and old.number, new.number, str(new.state)))]
    )
    return calls


@pytest.fixture
def secretary(world):
    return world.users["secretary"]


def file(activity, by, record, **changed):
    arguments = {"version": activity.version, "confirmed": record.digest(), "now": act.at()} | changed
    return services.activity_file(activity=activity, by=by, record=record, **arguments)


def correct(activity, by, record, **changed):
    arguments = {
        "version": activity.version,
        "confirmed": record.digest(),
        "now": act.at(),
        "reason": "写错了",
    } | changed
    return services.activity_correct(activity=activity, by=by, record=record, **arguments)


def test_a_record_is_filed_whole(world, secretary, heard):
    absent, sick = world.people["discipline"], world.people["committee_member"]
    marks = (
        Mark(person=world.people["secretary"], status=Status.PRESENT),
        Mark(person=absent, status=Status.ABSENT),
        Mark(person=sick, status=Status.EXCUSED, ground="sick"),
        Mark(person=world.people["member"], status=Status.OBSERVER),
    )
    said = act.record(
        world.branch, marks=marks, place="101", starts_at=time(14, 30), ends_at=time(15, 30), guests=("上级 何伟",),
        chair=world.people["secretary"],
        part={
            "minutes": "要点", "agenda": (Item(title="研究下月工作", remarks=(("李芳", "同意"),)),),
            "decisions": (Task(task="联系社区", person=sick, due_on=date(2026, 3, 25)),),
        },
    )  # fmt: skip
    draft = act.draft(world.branch, secretary, typed={"main-minutes": ["要点"]})
    (one,) = file(draft, secretary, said)
    one.refresh_from_db()
    assert (one.state, one.draft, one.filed_by, one.held_on) == (State.FILED, {}, secretary, DAY)
    rows = one.sitting.attendances.values_list("person__name", "status", "is_expected", "can_vote", "ground")
    assert set(rows) == {
        (world.people["secretary"].name, "present", True, True, ""),
        (absent.name, "absent", True, True, ""),
        (sick.name, "excused", True, True, "sick"),
        (world.people["member"].name, "observer", False, False, ""),
    }
    version = one.versions.get()
    assert (version.number, version.state, version.reason) == (1, "filed", "")
    assert version.snapshot == stored_snapshot(one)
    assert version.snapshot["decisions"][0]["due_on"] == "2026-03-25"
    assert heard == [(None, 1, "filed")]


def test_unknown_people_stay_unknown(world, secretary):
    said = act.record(world.branch, marks=(Mark(person=world.people["secretary"], status=Status.PRESENT),))
    (one,) = file(act.draft(world.branch, secretary), secretary, said)
    assert one.sitting.attendances.count() == 1


def test_nothing_is_stored_before_the_filer_has_confirmed(world, secretary):
    draft = act.draft(world.branch, secretary)
    said = act.record(world.branch)
    changed = replace(said, marks=said.marks[:-1])
    with pytest.raises(RuleBroken, match="attendance has changed"):
        file(draft, secretary, changed, confirmed=said.digest())
    draft.refresh_from_db()
    assert (draft.state, Attendance.objects.count(), draft.versions.count()) == (State.DRAFT, 0, 0)


def test_several_kinds_of_one_sitting_are_filed_each_for_itself(world, secretary, heard):
    lecture = Part(kind=act.kind("party_lecture"), topic="弘扬传统", lecturer="李芳", minutes="讲稿")
    day = Part(kind=act.kind("theme_day"), minutes="活动")
    said = act.record(world.branch, "general_meeting", also=(lecture, day), part={"minutes": "大会"})
    filed = file(act.draft(world.branch, secretary, "general_meeting"), secretary, said)
    assert [one.kind.slug for one in filed] == ["general_meeting", "party_lecture", "theme_day"]
    assert {one.sitting_id for one in filed} == {filed[0].sitting_id}
    assert filed[0].sitting.attendances.count() == 8  # one attendance for all three
    assert [one.versions.get().snapshot["minutes"] for one in filed] == ["大会", "讲稿", "活动"]
    assert heard == [(None, 1, "filed")] * 3


def test_the_second_press_of_the_button_changes_nothing(world, secretary, heard):
    draft, said = act.draft(world.branch, secretary), act.record(world.branch)
    seen = draft.version
    file(draft, secretary, said)
    again = Activity.objects.get(pk=draft.pk)
    assert file(again, secretary, said, version=seen) == [again]
    assert (again.versions.count(), again.sitting.attendances.count(), len(heard)) == (1, 3, 1)


def test_a_colleague_who_files_at_the_same_time_is_told(world, secretary):
    draft, said = act.draft(world.branch, secretary), act.record(world.branch)
    stale = Activity.objects.get(pk=draft.pk)
    file(draft, secretary, said)
    with pytest.raises(EditConflict):  # the row in hand still says draft: only the conditional update can know
        file(stale, world.users["committee_member"], said)
    assert draft.versions.count() == 1


BAD = {
    "a day to come": ({"held_on": DAY + timedelta(days=1)}, "has not come yet"),
    "ends before it begins": ({"starts_at": time(15), "ends_at": time(14)}, "ends after it begins"),
    "before the branch existed": ({"held_on": date(2024, 1, 1)}, "was founded on"),
    "a period to come": ({"counts_for": date(2026, 4, 1)}, "has not begun"),
    "a period long ago": ({"counts_for": date(2024, 12, 1)}, "too long ago"),
    "nobody there": ({"marks": ()}, "Nobody is marked present"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_true_is_refused(world, secretary, case):
    fields, words = BAD[case]
    world.branch.founded_on = date(2024, 2, 1)
    world.branch.save()
    draft = act.draft(world.branch, secretary)
    held_on = fields.get("held_on", DAY)
    with pytest.raises(RuleBroken, match=words):
        file(
            draft,
            secretary,
            act.record(world.branch, held_on=held_on, **{k: v for k, v in fields.items() if k != "held_on"}),
        )
    draft.refresh_from_db()
    assert (draft.state, Attendance.objects.count()) == (State.DRAFT, 0)


def test_people_of_another_branch_are_refused(world, secretary):
    stranger = Mark(person=world.people["other_member"], status=Status.OBSERVER)
    said = act.record(world.branch)
    with pytest.raises(RuleBroken, match="is not in this branch"):
        file(act.draft(world.branch, secretary), secretary, replace(said, marks=(*said.marks, stranger)))


@pytest.mark.parametrize(
    ("status", "role", "words"),
    [(Status.ABSENT, "member", "was not expected"), (Status.OBSERVER, "secretary", "is expected")],
)
def test_only_the_expected_can_be_away(world, secretary, status, role, words):
    marks = [one for one in act.record(world.branch).marks if one.person != world.people[role]]
    said = act.record(world.branch, marks=(*marks, Mark(person=world.people[role], status=status)))
    with pytest.raises(RuleBroken, match=words):
        file(act.draft(world.branch, secretary), secretary, said)


def test_the_expected_people_are_corrected_with_a_reason_never_the_figure(world, secretary):
    away, extra = world.people["discipline"], world.people["member"]
    marks = tuple(
        Mark(person=person, status=Status.PRESENT)
        for person in (world.people["secretary"], world.people["committee_member"], extra)
    )
    said = act.record(world.branch, marks=marks, left_out={away.pk: "已调离"}, added={extra.pk: ""})
    with pytest.raises(RuleBroken, match="Say why"):
        file(act.draft(world.branch, secretary), secretary, said)
    said = replace(said, added={extra.pk: "新任委员，任职未登记"})
    (one,) = file(act.draft(world.branch, secretary), secretary, said)
    assert one.sitting.attendances.filter(is_expected=True).count() == 3
    assert [change[2] for change in one.sitting.expected_changes] == ["left_out", "added"]
    assert not one.sitting.attendances.get(person=extra).can_vote


def test_a_vote_is_counted_against_those_entitled_that_day(world, secretary):
    vote = Item(title="听取报告", count=Count(in_favour=5, against=1, abstain=1))
    said = act.record(world.branch, "general_meeting", part={"agenda": (vote,)})
    (one,) = file(act.draft(world.branch, secretary, "general_meeting"), secretary, said)
    item = one.agenda.get()
    assert (item.vote_rule, item.entitled, item.entitled_present, item.votes_for) == (
        "general",
        7,
        7,
        5,
    )  # probationary: no vote
    too_many = Item(title="听取报告", count=Count(in_favour=8, against=0, abstain=0))
    said = act.record(world.branch, "general_meeting", part={"agenda": (too_many,)})
    with pytest.raises(RuleBroken, match="8 votes were entered, but only 7"):
        file(act.draft(world.branch, secretary, "general_meeting"), secretary, said)


def test_a_talk_is_a_fact_between_two(world, secretary):
    two = (world.people["secretary"], world.people["member"])
    marks = tuple(Mark(person=person, status=Status.PRESENT) for person in two)
    with pytest.raises(RuleBroken, match="at least two"):
        file(act.draft(world.branch, secretary, "talk"), secretary, act.record(world.branch, "talk", marks=marks[:1]))
    (one,) = file(act.draft(world.branch, secretary, "talk"), secretary, act.record(world.branch, "talk", marks=marks))
    assert set(one.sitting.attendances.values_list("person", flat=True)) == {person.pk for person in two}


def test_a_correction_keeps_both_versions(world, secretary, heard):
    one = act.filed(world.branch, secretary, part={"minutes": "错的"})
    with pytest.raises(RuleBroken, match="saying why"):
        correct(one, secretary, act.record(world.branch), reason=" ")
    correct(
        one, secretary, act.record(world.branch, part={"minutes": "对的"}, away={world.people["discipline"]: "absent"})
    )
    one.refresh_from_db()
    assert [(v.number, v.snapshot["minutes"], v.reason) for v in one.versions.all()] == [
        (1, "错的", ""),
        (2, "对的", "写错了"),
    ]
    assert one.versions.last().snapshot == stored_snapshot(one)
    assert one.sitting.attendances.get(person=world.people["discipline"]).status == "absent"
    assert heard == [(None, 1, "filed"), (1, 2, "filed")]


def test_a_record_moves_to_another_kind_group_or_branch_with_its_text(world, secretary, heard):
    one = act.filed(world.branch, secretary, "theme_day", part={"minutes": "内容"})
    correct(one, secretary, act.record(world.branch, "party_lecture", part={"minutes": "内容"}))
    correct(one, secretary, act.record(world.branch, "group_meeting", group=world.group, part={"minutes": "内容"}))
    make.post(world.people["secretary"], "deputy_secretary", at=world.other_branch)
    both = make.reach_of(secretary, DAY)
    secretary.reach = both
    correct(one, secretary, act.record(world.other_branch, "general_meeting", part={"minutes": "内容"}))
    one.refresh_from_db()
    assert [
        (v.kind.slug, v.group, v.organization) for v in one.versions.select_related("kind", "group", "organization")
    ] == [
        ("theme_day", None, world.branch),
        ("party_lecture", None, world.branch),
        ("group_meeting", world.group, world.branch),
        ("general_meeting", None, world.other_branch),
    ]
    assert one.sitting.organization == world.other_branch
    assert one.versions.last().snapshot == stored_snapshot(one)


def test_what_is_corrected_in_a_shared_sitting_is_corrected_in_each_record(world, secretary, heard):
    lecture = Part(kind=act.kind("party_lecture"), minutes="讲稿")
    said = act.record(world.branch, "general_meeting", also=(lecture,))
    meeting, talk = file(act.draft(world.branch, secretary, "general_meeting"), secretary, said)
    heard.clear()
    correct(meeting, secretary, act.record(world.branch, "general_meeting", DAY - timedelta(days=1)))
    talk.refresh_from_db()
    assert (talk.held_on, talk.versions.count()) == (DAY - timedelta(days=1), 2)
    assert talk.versions.last().snapshot == stored_snapshot(talk)
    assert heard == [(1, 2, "filed"), (1, 2, "filed")]
    heard.clear()  # only the words of one: the other stays as it is
    correct(
        meeting, secretary, act.record(world.branch, "general_meeting", DAY - timedelta(days=1), part={"minutes": "补"})
    )
    assert talk.versions.count() == 2
    assert heard == [(2, 3, "filed")]


def test_one_of_two_moves_away_with_a_copy_of_the_sitting(world, secretary):
    lecture = Part(kind=act.kind("party_lecture"))
    said = act.record(world.branch, "general_meeting", also=(lecture,))
    meeting, talk = file(act.draft(world.branch, secretary, "general_meeting"), secretary, said)
    talk = Activity.objects.get(pk=talk.pk)
    correct(talk, secretary, act.record(world.branch, "group_meeting", group=world.group))
    talk.refresh_from_db()
    meeting.refresh_from_db()
    assert talk.sitting_id != meeting.sitting_id
    assert (talk.sitting.attendances.count(), meeting.sitting.attendances.count()) == (4, 8)
    assert meeting.versions.count() == 1


def test_withdrawal_needs_a_reason_and_stays(world, secretary, heard):
    one = act.filed(world.branch, secretary)
    withdraw = {"activity": one, "by": secretary, "now": act.at()}
    with pytest.raises(RuleBroken, match="saying why"):
        services.activity_withdraw(**withdraw, version=one.version, reason="")
    with pytest.raises(EditConflict):
        services.activity_withdraw(**withdraw, version=one.version - 1, reason="重复")
    services.activity_withdraw(**withdraw, version=one.version, reason="重复")
    with pytest.raises(RuleBroken, match="Only a filed record"):
        services.activity_withdraw(**withdraw, version=one.version, reason="重复")
    with pytest.raises(RuleBroken, match="Only a filed record"):
        correct(one, secretary, act.record(world.branch))
    assert [(v.number, v.state, v.reason) for v in one.versions.all()] == [(1, "filed", ""), (2, "withdrawn", "重复")]
    assert one.sitting.attendances.count() == 3
    assert heard[-1] == (1, 2, "withdrawn")


@pytest.mark.parametrize("role", ["member", "group_leader", "other_secretary", "affairs_worker", "administrator"])
def test_only_the_branch_committee_files_corrects_and_withdraws(world, secretary, role):
    draft, filed = (
        act.draft(world.branch, secretary),
        act.filed(world.branch, secretary, held_on=DAY - timedelta(days=9)),
    )
    other = world.users[role]
    said = act.record(world.branch)
    for attempt in (
        lambda: file(draft, other, said),
        lambda: correct(filed, other, said),
        lambda: services.activity_withdraw(activity=filed, by=other, now=act.at(), version=filed.version, reason="x"),
        lambda: services.activity_sign(activity=filed, by=other, signed=True),
        lambda: act.draft(world.branch, other),
    ):
        with pytest.raises(RuleBroken):
            attempt()
    assert filed.versions.count() == 1


def test_nobody_takes_a_record_from_another_branch(world, secretary):
    filed, draft = act.filed(world.branch, secretary, "general_meeting"), act.draft(world.branch, secretary)
    other, mine = world.users["other_secretary"], act.record(world.other_branch, "general_meeting")
    for attempt in (lambda: correct(filed, other, mine), lambda: file(draft, other, mine)):
        with pytest.raises(RuleBroken, match="Only the branch committee"):
            attempt()


def test_a_group_leader_keeps_the_own_group_alone(world):
    leader = world.users["group_leader"]
    (own,) = (make.PartyGroup.objects.get(pk=pk) for pk in leader.reach.leads_groups)
    one = act.filed(world.branch, leader, "group_meeting", group=own)
    assert one.state == State.FILED
    with pytest.raises(RuleBroken):
        act.filed(world.branch, leader, "group_meeting", group=world.group)
    with pytest.raises(RuleBroken):  # nor by moving it
        correct(one, leader, act.record(world.branch, "theme_day"))


def test_the_database_keeps_filed_records_as_they_are(world, secretary):
    one = act.filed(world.branch, secretary)
    attempts = (
        lambda: Activity.objects.filter(pk=one.pk).update(minutes="改了"),
        lambda: Activity.objects.filter(pk=one.pk).update(state=State.DRAFT),
        lambda: one.versions.update(reason="改了"),
    )
    for attempt in attempts:
        with (
            pytest.raises((IntegrityError, Exception), match=r"filed record|permission denied|immutable"),
            transaction.atomic(),
        ):
            attempt()
    services.activity_sign(activity=one, by=secretary, signed=True)  # a mark is no change
    one.refresh_from_db()
    assert (one.signed, one.versions.count()) == (True, 1)


@pytest.mark.parametrize("action", rules.ACTIONS)
def test_the_table_of_states(action):
    allowed = {
        "save": {"scheduled", "draft", "minutes_due"}, "file": {"scheduled", "draft", "minutes_due"}, "discard": {"draft"},
        "move": {"scheduled", "minutes_due"}, "cancel": {"scheduled", "minutes_due"}, "correct": {"filed"},
        "withdraw": {"filed"}, "sign": {"filed"},
    }  # fmt: skip
    assert {state for state in State.values if rules.may(action, Activity(state=state))} == allowed[action]


def test_a_scheduled_meeting_whose_day_has_passed_waits_for_its_minutes():
    one = Activity(state=State.SCHEDULED, held_on=DAY)
    assert rules.shown_state(one, DAY) == "scheduled"
    assert rules.shown_state(one, DAY + timedelta(days=1)) == "minutes_due"
    assert rules.shown_state(Activity(state=State.CANCELLED, held_on=DAY), DAY + timedelta(days=1)) == "cancelled"
