"""Approve, return with reasons at the passage, put aside, take back: who, when, and two at once."""

from datetime import date, timedelta

import pytest

from apps.branches.models import Post
from apps.core.errors import EditConflict, RuleBroken
from apps.reports import reading
from apps.reports.models import CannedReason, Report, ReportVersion
from apps.reports.services import reviewing, writing
from tests.factories import activities as act
from tests.factories import branches as make
from tests.factories import reports as rep
from tests.world import World

TODAY = make.TODAY


@pytest.fixture
def waiting(world: World) -> Report:
    return rep.submitted(world.branch, world.users["secretary"], days_ago=3)


@pytest.mark.parametrize(("role", "allowed"), [
    ("affairs_worker", True), ("upper_worker", False), ("secretary", False), ("administrator", False),
])  # fmt: skip
def test_the_nearest_level_with_staff_reviews(world: World, waiting: Report, role: str, allowed: bool) -> None:
    if allowed:
        assert rep.decided(waiting, world.users[role]).state == "approved"
    else:
        with pytest.raises(RuleBroken, match="nearest"):
            rep.decided(waiting, world.users[role])


def test_where_the_nearest_level_has_no_staff_the_next_one_reviews(world: World, waiting: Report) -> None:
    Post.objects.filter(person=world.people["affairs_worker"]).update(ends_before=TODAY)
    done = rep.decided(waiting, world.users["upper_worker"])
    assert (done.state, done.reviewed_for) == ("approved", world.committee)


def test_a_return_says_why(world: World, waiting: Report) -> None:
    with pytest.raises(RuleBroken, match="why"):
        rep.decided(waiting, world.users["affairs_worker"], "returned", text="  ")
    assert rep.fresh(world.branch).state == "submitted"


def test_two_reviewers_at_once_the_second_is_told(world: World, waiting: Report) -> None:
    colleague = make.person(world.general_branch, "同事")
    make.post(colleague, "affairs_worker")
    rep.decided(waiting, world.users["affairs_worker"])
    with pytest.raises(EditConflict, match="colleague"):
        rep.decided(waiting, make.account(colleague), "returned")
    assert waiting.notes.count() == 1


def test_a_second_press_changes_nothing(world: World, waiting: Report) -> None:
    done = rep.decided(waiting, world.users["affairs_worker"])
    rep.decided(done, world.users["affairs_worker"])
    assert waiting.notes.count() == 1


def test_a_report_just_withdrawn_is_not_decided(world: World, waiting: Report) -> None:
    writing.report_withdraw(report=rep.fresh(world.branch), by=world.users["secretary"], now=act.at())
    with pytest.raises(EditConflict, match="withdrawn"):
        rep.decided(waiting, world.users["affairs_worker"])


def test_withdrawn_and_handed_in_again_it_has_to_be_read_again(world: World, waiting: Report) -> None:
    writing.report_withdraw(report=rep.fresh(world.branch), by=world.users["secretary"], now=act.at())
    rep.submitted(world.branch, world.users["secretary"])
    with pytest.raises(EditConflict, match="anew"):
        rep.decided(waiting, world.users["affairs_worker"])


@pytest.mark.parametrize(("minutes", "allowed"), [(0, True), (10, True), (11, False)])
def test_a_decision_is_taken_back_within_ten_minutes(
    world: World, waiting: Report, minutes: int, allowed: bool
) -> None:
    """decisions §2.3: ten minutes for a review decision."""
    done = rep.decided(waiting, world.users["affairs_worker"], now=act.at())
    later = act.at() + timedelta(minutes=minutes)

    def undo() -> None:
        reviewing.decision_undo(report=done, by=world.users["affairs_worker"], now=later, today=TODAY)

    if allowed:
        undo()
        reviewing.decision_undo(
            report=rep.fresh(world.branch), by=world.users["affairs_worker"], now=later, today=TODAY
        )
        assert rep.fresh(world.branch).state == "submitted"
        assert [note.kind for note in done.notes.all()] == ["approved", "undone"]
    else:
        with pytest.raises(RuleBroken, match="ten minutes"):
            undo()


def test_what_the_branch_has_gone_on_with_is_not_taken_back(world: World, waiting: Report) -> None:
    done = rep.decided(waiting, world.users["affairs_worker"], "returned")
    rep.edited(done, world.users["secretary"], work="改好了。")
    with pytest.raises(EditConflict):
        reviewing.decision_undo(report=done, by=world.users["affairs_worker"], now=act.at(), today=TODAY)


def test_the_oldest_comes_first_what_came_back_on_top_and_what_was_put_aside_last(world: World) -> None:
    third = make.organization(world.general_branch, name="三车间党支部")
    leader = make.member(third, "钱进")
    make.post(leader, "branch_secretary")
    worker = world.users["affairs_worker"]
    oldest = rep.submitted(third, make.account(leader), days_ago=5)
    older = rep.submitted(world.other_branch, world.users["other_secretary"], days_ago=4)
    back = rep.decided(rep.submitted(world.branch, world.users["secretary"], days_ago=2), worker, "returned")
    back = rep.submitted(world.branch, world.users["secretary"])

    def queue() -> list[Report]:
        return list(Report.objects.waiting().reviewable_by(worker, TODAY).in_queue_order())

    assert queue() == [back, oldest, older]
    reviewing.report_put_aside(report=oldest, by=worker, now=act.at(), today=TODAY)
    assert queue() == [back, older, oldest]
    reviewing.report_put_aside(report=rep.fresh(third), by=worker, now=act.at(), today=TODAY)
    assert queue() == [back, oldest, older]


def test_reasons_stand_at_their_passage_and_what_is_new_is_marked(world: World) -> None:
    secretary, worker = world.users["secretary"], world.users["affairs_worker"]
    rep.edited(rep.report(world.branch), secretary, work="第一件。\n第二件。\n第三件。")
    one = rep.submitted(world.branch, secretary)
    passages = ({"block": "work", "line": 1, "quote": "第二件。", "text": "谁参加了"},)
    back = rep.decided(one, worker, "returned", passages=passages)
    note = back.notes.get()
    draft = reading.block("work", back.work, passages=note.passages)
    assert [line.asked for line in draft] == [[], ["谁参加了"], []]
    rep.edited(back, secretary, work="第一件。\n第二件，八人参加。\n第三件。")
    rep.submitted(world.branch, secretary)
    new, old = ReportVersion.objects.order_by("-number")
    shown = reading.of_version(new, old, note)
    assert [line.is_new for line in shown.work] == [False, True, False]
    assert reading.unplaced(shown) == list(passages)


@pytest.mark.parametrize(("before", "now", "marked"), [
    ("甲\n乙", "甲\n乙", []), ("甲\n乙", "甲\n丙\n乙", [1]), ("甲\n乙", "乙", []), ("", "甲", [0]), ("甲\n\n 乙 ", "甲\n乙", []),
])  # fmt: skip
def test_lines_that_were_not_there_before_are_new(before: str, now: str, marked: list[int]) -> None:
    assert [place for place, line in enumerate(reading.block("work", now, before=before)) if line.is_new] == marked


def test_reviewed_reports_stay_readable_where_they_were_reviewed(world: World, waiting: Report) -> None:
    """decisions §1.7: after a move the old committee still reads what it reviewed, and nothing else."""
    from apps.branches.structure import organization_move

    rep.decided(waiting, world.users["affairs_worker"])
    rep.submitted(world.branch, world.users["secretary"], starts_on=date(2025, 10, 1), months=3)
    organization_move(
        organization=world.branch, parent=world.committee, version=world.branch.version, by=world.users["upper_worker"],
    )  # fmt: skip
    seen = Report.objects.visible_to(world.users["affairs_worker"]).filter(organization=world.branch)
    assert [one.code for one in seen] == ["2026-02"]


def test_sentences_belong_to_the_staff_of_one_committee(world: World) -> None:
    worker = world.users["affairs_worker"]
    for _twice in range(2):
        reviewing.sentence_add(organization=world.general_branch, by=worker, use="returned", text=" 请补充 照片。 ")
    assert CannedReason.objects.get().text == "请补充 照片。"
    with pytest.raises(RuleBroken):
        reviewing.sentence_add(organization=world.committee, by=worker, use="returned", text="请补充")
    with pytest.raises(RuleBroken):
        reviewing.sentence_remove(sentence=CannedReason.objects.get(), by=world.users["upper_worker"])
