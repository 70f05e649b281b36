"""The reasoning, in words; the command prints what the pages show."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from apps.activities.registry import fulfilled_by, owed
from apps.duties import words
from apps.duties.explaining import explain
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.services import deciding, tailoring
from apps.duties.services.laying_out import materialise
from tests.factories.branches import TODAY
from tests.factories.duties import file, period, plan

FEB, MAR = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def laid_out(world):
    materialise(today=TODAY)
    return world


def lines(row: DutyPeriod, today: date = TODAY) -> list[str]:
    with translation.override("en"):
        return explain(row, today).lines()


def test_an_overdue_duty_says_what_by_when_by_which_article_and_how_far_it_was_read(laid_out):
    assert lines(period(laid_out.branch, "committee_meeting", FEB)) == [
        "From 1 Feb 2026 to 28 Feb 2026, at least 1 time.",
        "Basis: Regulations on the Work of Party Branches (Trial), art. 12 (regulation; the clause itself was read).",
        "Wording: “一般每月召开1次，根据需要可以随时召开”.",
        "No record yet.",
        "Overdue: 18 days late.",
    ]


def test_a_done_duty_names_the_record(laid_out):
    file(laid_out.branch, "committee_meeting", date(2026, 2, 10), filed_on=date(2026, 2, 11))
    said = lines(period(laid_out.branch, "committee_meeting", FEB))
    assert said[-2:] == ["Fulfilled by: Branch committee meeting of 10 Feb 2026, filed on 11 Feb 2026.", "Done."]


def test_held_late_and_recorded_late_are_said_apart(laid_out):
    file(laid_out.branch, "committee_meeting", date(2026, 3, 5), counts_for=FEB)
    file(laid_out.branch, "theme_day", date(2026, 2, 10), filed_on=date(2026, 3, 10))
    assert lines(period(laid_out.branch, "committee_meeting", FEB))[-1] == "Done, held late."
    assert lines(period(laid_out.branch, "theme_day", FEB))[-1] == "Done, recorded late."
    assert explain(period(laid_out.branch, "committee_meeting", FEB), TODAY).status == "held_late"
    assert explain(period(laid_out.branch, "theme_day", FEB), TODAY).status == "recorded_late"


def test_planned_and_not_filed_are_said_apart(laid_out):
    plan(laid_out.branch, "committee_meeting", date(2026, 3, 10), state="minutes_due")
    plan(laid_out.branch, "committee_meeting", date(2026, 3, 25))
    assert lines(period(laid_out.branch, "committee_meeting", MAR))[-3:] == [
        "Not filed yet: Branch committee meeting of 10 Mar 2026.",
        "Scheduled: Branch committee meeting on 25 Mar 2026.",
        "In progress: file the record by 3 Apr 2026.",
    ]


def test_a_decision_is_told_with_its_reason(laid_out):
    row = period(laid_out.branch, "committee_meeting", FEB)
    deciding.period_explain(period=row, by=laid_out.users["secretary"], reason="书记住院")
    assert lines(row)[-2].startswith("Explained on ")
    assert lines(row)[-2].endswith(": 书记住院")
    assert lines(row)[-1] == "Explained by the branch: neither done nor overdue."


def test_an_override_prints_both_rules(laid_out):
    tailoring.rule_override(
        organization=laid_out.general_branch, slug="theme_day", by=laid_out.users["affairs_worker"], today=TODAY, times=2,
        grace_days=1, reason="公司要求",
    )  # fmt: skip
    april = date(2026, 4, 1)
    materialise(today=april)
    said = lines(period(laid_out.branch, "theme_day", april), april)
    assert said[0] == "From 1 Apr 2026 to 30 Apr 2026, at least 2 times."
    assert said[3:5] == [
        "Set by 制造党总支 from 1 Apr 2026: at least 2 a month, 1 days to enter.",
        "Replaces what holds from above (everywhere): at least 1 a month, 3 days to enter.",
    ]


def test_talks_are_counted_by_people(laid_out):
    people = [laid_out.people["secretary"], laid_out.people["member"]]
    file(laid_out.branch, "talk", date(2026, 2, 10), people=people)
    said = lines(period(laid_out.branch, "talk", date(2026, 1, 1)))
    assert said[0] == "From 1 Jan 2026 to 31 Dec 2026, with every member on the roster: 8."
    assert "Talked with so far: 2 of 8 people." in said
    assert not any(person.name in line for person in people for line in said)


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        (date(2026, 3, 24), "Not due yet: any day up to 31 Mar 2026."),
        (date(2026, 3, 25), "Due soon: any day up to 31 Mar 2026."),
        (date(2026, 4, 3), "The period is over; what was held in it can be entered until 3 Apr 2026."),
        (date(2026, 4, 4), "Overdue: 4 days late."),
    ],
)
def test_the_verdict_follows_the_day(laid_out, today, verdict):
    assert lines(period(laid_out.branch, "theme_day", MAR), today)[-1] == verdict


def test_every_state_of_the_branch_is_the_same_in_sql_and_in_the_explanation(laid_out):
    file(laid_out.branch, "theme_day", date(2026, 2, 10))
    plan(laid_out.branch, "general_meeting", date(2026, 3, 25))
    for row in DutyPeriod.objects.with_state(TODAY).select_related("rule__set_by", "organization", "group"):
        assert explain(row, TODAY).state == row.state


def test_the_command_prints_the_same_lines(laid_out):
    out = StringIO()
    call_command(
        "duties",
        "explain",
        laid_out.branch.public_id,
        "--duty=theme_day",
        f"--today={TODAY}",
        "--language=en",
        stdout=out,
    )
    expected = lines(period(laid_out.branch, "theme_day", MAR))
    assert out.getvalue().splitlines() == ["March theme Party day", *(f"  {line}" for line in expected)]


def test_the_command_lays_out_and_proves(laid_out):
    out = StringIO()
    call_command("duties", "materialise", f"--today={date(2026, 4, 1)}", "--language=en", stdout=out)
    assert out.getvalue().strip().endswith("periods laid out.")
    assert period(laid_out.branch, "theme_day", date(2026, 4, 1))
    call_command("duties", "reconcile", f"--today={TODAY}", stdout=out)
    DutyPeriod.objects.filter(organization=laid_out.branch, rule__slug="theme_day", starts_on=FEB).update(done=1)
    with pytest.raises(CommandError):
        call_command("duties", "reconcile", f"--today={TODAY}", stdout=out)


def test_the_command_refuses_an_unknown_branch(laid_out):
    with pytest.raises(CommandError, match="0"):
        call_command("duties", "explain", "没有这个支部", stdout=StringIO())


@pytest.mark.parametrize(
    ("months", "starts_on", "for_year", "zh", "en"),
    [
        (1, date(2026, 3, 1), 2026, "3月", "March"),
        (1, date(2025, 12, 1), 2025, "2025年12月", "December 2025"),
        (3, date(2026, 10, 1), 2026, "四季度", "Q4"),
        (3, date(2025, 1, 1), 2025, "2025年一季度", "Q1 2025"),
        (6, date(2026, 7, 1), 2026, "下半年", "H2"),
        (12, date(2025, 10, 1), 2025, "2025年度", "2025"),
        (12, date(2025, 12, 1), 2026, "2026年度", "2026"),
    ],
)
def test_what_people_call_a_period(months, starts_on, for_year, zh, en):
    for language, label in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert words.period_label(months, starts_on, for_year, TODAY) == label


@pytest.mark.parametrize(
    ("slug", "en"),
    [
        ("theme_day", "at least 1 a month"),
        ("life_meeting", "at least 1 a year, from 1 Oct to 31 Mar of the next year"),
        ("talk", "at least 1 a year, for every member"),
    ],
)
def test_how_often_in_words(db, slug, en):
    with translation.override("en"):
        assert words.cadence_words(DutyRule.objects.get(slug=slug)) == en


def test_the_log_flow_is_told_what_is_owed_the_most_urgent_first(laid_out):
    rows = owed(laid_out.branch, TODAY)
    assert all(row.is_late == (row.counts_for is not None) for row in rows)
    due = [row.due_on for row in rows]
    assert due == sorted(due)
    months = {row.counts_for for row in rows if row.slug == "theme_day"}
    assert months == {None, FEB, date(2026, 1, 1)}  # this month, and two back that can still be made good
    years = {row.for_year for row in rows if row.slug == "life_meeting"}
    assert years == {2025}


def test_a_record_says_what_it_fulfils(laid_out):
    record = file(laid_out.branch, "committee_meeting", date(2026, 3, 10))
    with translation.override("en"):
        assert [row.sentence for row in fulfilled_by(record)] == ["Duty “March branch committee meeting” is done."]


@pytest.mark.parametrize(
    ("slug", "starts_on", "for_year", "title"),
    [
        ("committee_meeting", date(2026, 3, 1), 2026, "3月支委会"),
        ("year_plan", date(2025, 12, 1), 2026, "2026年度工作计划"),
        ("life_meeting", date(2025, 10, 1), 2025, "2025年度组织生活会"),
        ("general_meeting", date(2025, 10, 1), 2025, "2025年四季度党员大会"),
    ],
)
def test_what_people_call_a_duty(db, slug, starts_on, for_year, title):
    with translation.override("zh-hans"):
        assert words.duty_title(DutyRule.objects.get(slug=slug), starts_on, for_year, TODAY).replace(" ", "") == title
