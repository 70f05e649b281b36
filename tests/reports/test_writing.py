"""The branch's report: drafted from the records, words edited, handed in once, kept as it was, taken back."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from apps.branches.models import Post
from apps.core.errors import EditConflict, RuleBroken
from apps.reports import figures, reading
from apps.reports.models import WORDS_AT_MOST, Report, ReportVersion
from apps.reports.services import reviewing, writing
from tests.factories import activities as act
from tests.factories import branches as make
from tests.factories import reports as rep
from tests.world import World

TODAY, FEBRUARY = make.TODAY, rep.FEBRUARY


def submit(world: World, one: Report, role: str = "secretary", today: date = TODAY, version: int | None = None) -> None:
    version = one.version if version is None else version
    writing.report_submit(report=one, by=world.users[role], now=act.at(today), today=today, version=version)


def test_the_draft_tells_what_was_done_and_what_is_planned(world: World) -> None:
    from apps.activities.records import Task

    by = world.users["secretary"]
    task = Task(task="修缮活动室", person=world.people["member"], due_on=date(2026, 3, 1))
    act.filed(world.branch, by, "theme_day", date(2026, 2, 5), part={"topic": "义务植树", "decisions": (task,)})
    marks = tuple(act.Mark(person=world.people[role], status="present") for role in ("secretary", "member"))
    act.filed(world.branch, by, "talk", date(2026, 2, 6), marks=marks)
    act.planned(world.branch, by, "general_meeting", date(2026, 3, 25))
    said = writing.drafted(rep.report(world.branch))
    assert said.work == "2月5日主题党日：义务植树。议定：修缮活动室。"
    assert said.plan.splitlines()[0] == "3月25日支部党员大会。"
    assert not {person.name for person in world.people.values()} & set(said.work)
    assert all(person.name not in said.work + said.plan for person in world.people.values())


def test_an_empty_month_says_so(world: World) -> None:
    said = writing.drafted(rep.report(world.branch))
    assert said.work == "本期没有归档的会议和活动。"
    assert said.plan


def test_the_draft_follows_the_records_until_somebody_edits_it(world: World) -> None:
    one = rep.edited(rep.report(world.branch), world.users["committee_member"], work="我们自己写的。")
    act.filed(world.branch, world.users["secretary"], "theme_day", date(2026, 2, 5), part={"topic": "义务植树"})
    said = writing.words(one)
    assert said.work == "我们自己写的。"
    fresh = writing.drafted(one)
    assert "义务植树" in fresh.work
    back = rep.edited(one, world.users["secretary"], work=fresh.work)
    assert back.work is None  # equal to the draft: nothing is typed


@pytest.mark.parametrize(("role", "message"), [
    ("secretary", None), ("committee_member", "Only the secretary"), ("member", "Only the secretary"),
    ("affairs_worker", "Only the secretary"), ("other_secretary", "Only the secretary"),
])  # fmt: skip
def test_only_those_who_lead_hand_in(world: World, role: str, message: str | None) -> None:
    """decisions §1.5: secretary, deputy, or a dated acting secretary."""
    one = rep.report(world.branch)
    if message is None:
        submit(world, one, role)
        assert rep.fresh(world.branch).state == "submitted"
    else:
        with pytest.raises(RuleBroken, match=message):
            submit(world, one, role)
        assert rep.fresh(world.branch).state == "draft"


def test_one_who_is_no_longer_secretary_hands_in_nothing(world: World) -> None:
    """The page was opened in office, the button pressed after: the database is asked again."""
    one, by = rep.report(world.branch), world.users["secretary"]
    assert world.branch.pk in by.reach.leader_of
    Post.objects.filter(person=world.people["secretary"]).update(ends_before=TODAY)
    with pytest.raises(RuleBroken, match="Only the secretary"):
        submit(world, one)
    assert not ReportVersion.objects.exists()


@pytest.mark.parametrize(
    ("today", "allowed"), [(date(2026, 2, 27), False), (date(2026, 2, 28), False), (date(2026, 3, 1), True)]
)
def test_it_is_handed_in_once_the_period_has_ended(world: World, today: date, allowed: bool) -> None:
    one = rep.report(world.branch, today=date(2026, 2, 20))
    if allowed:
        submit(world, one, today=today)
    else:
        with pytest.raises(RuleBroken, match="ended"):
            submit(world, one, today=today)
    assert (rep.fresh(world.branch).state == "submitted") is allowed


def test_handing_in_twice_changes_nothing(world: World) -> None:
    one = rep.report(world.branch)
    submit(world, one)  # `one` still looks like a draft: the second press came from the same page
    submit(world, one)
    submit(world, rep.fresh(world.branch))
    assert ReportVersion.objects.count() == 1
    assert rep.fresh(world.branch).handed_in == 1


def test_words_changed_since_the_page_was_opened_are_not_handed_in_unseen(world: World) -> None:
    one = rep.report(world.branch)
    rep.edited(one, world.users["committee_member"], work="另一份。")
    with pytest.raises(EditConflict):
        submit(world, one)


def test_of_two_editors_the_second_is_told(world: World) -> None:
    one = rep.report(world.branch)
    rep.edited(one, world.users["committee_member"], work="甲")
    with pytest.raises(EditConflict):
        rep.edited(one, world.users["secretary"], work="乙")
    assert rep.fresh(world.branch).work == "甲"


def test_a_text_too_long_is_refused(world: World) -> None:
    with pytest.raises(RuleBroken, match=str(WORDS_AT_MOST)):
        rep.edited(rep.report(world.branch), world.users["secretary"], work="长" * (WORDS_AT_MOST + 1))


def test_what_was_handed_in_does_not_follow_the_records(world: World) -> None:
    by = world.users["secretary"]
    act.filed(world.branch, by, "theme_day", date(2026, 2, 5), part={"topic": "义务植树"})
    rep.submitted(world.branch, by)
    kept = ReportVersion.objects.get()
    act.filed(world.branch, by, "committee_meeting", date(2026, 2, 9))
    values = {figure.slug: value.value for figure, value in figures.read_back(kept.figures)}
    assert (values["held_theme_day"], values["held_committee_meeting"]) == (1, 0)
    assert figures.BY_SLUG["held_committee_meeting"].value(
        figures.Scope.of(world.branch), rep.fresh(world.branch).span, TODAY
    ).value == 1  # fmt: skip
    assert kept.work == "2月5日主题党日：义务植树。"


@pytest.mark.parametrize("table", ["reports_reportversion", "reports_reportnote"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET number = 9", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_handed_in(world: World, table: str, statement: str) -> None:
    rep.decided(rep.submitted(world.branch, world.users["secretary"]), world.users["affairs_worker"])
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert ReportVersion.objects.get().number == 1


@pytest.mark.parametrize(("plan", "work", "typed"), [("", "", 0), ("下月重点抓学习。", "", 1), ("甲", "乙", 2)])
def test_how_much_was_typed_is_kept(world: World, plan: str, work: str, typed: int) -> None:
    by = world.users["secretary"]
    one = rep.report(world.branch)
    if plan or work:
        rep.edited(one, by, plan=plan, work=work)
    version = (rep.submitted(world.branch, by), ReportVersion.objects.get())[1]
    assert version.fields_typed == typed
    assert "without a number typed" in reading.burden(version)


def test_it_is_withdrawn_until_somebody_above_has_opened_it(world: World) -> None:
    by = world.users["secretary"]
    one = rep.submitted(world.branch, by)
    writing.report_withdraw(report=one, by=by, now=act.at())
    writing.report_withdraw(report=rep.fresh(world.branch), by=by, now=act.at())  # twice: nothing
    again = rep.submitted(world.branch, by)
    assert (again.state, again.handed_in) == ("submitted", 2)
    reviewing.reading_begins(report=again, now=act.at())
    with pytest.raises(RuleBroken, match="begun"):
        writing.report_withdraw(report=rep.fresh(world.branch), by=by, now=act.at())
    assert again.notes.filter(kind="withdrawn").count() == 1


def test_opened_while_the_button_was_pressed_it_stays(world: World) -> None:
    by = world.users["secretary"]
    one = rep.submitted(world.branch, by)
    reviewing.reading_begins(report=rep.fresh(world.branch), now=act.at())
    with pytest.raises(EditConflict):
        writing.report_withdraw(report=one, by=by, now=act.at())


def test_the_time_it_has_waited_is_the_same_for_both_sides(world: World) -> None:
    from apps.reports.rules import days_waiting

    one = rep.submitted(world.branch, world.users["secretary"], days_ago=3)
    assert days_waiting(one, TODAY) == 3
    assert days_waiting(one, TODAY + timedelta(days=1)) == 4
