"""Who owes what: one period for each branch, or group, to which the duty applies on its first day."""

from datetime import date
from unittest.mock import patch

import pytest

from apps.branches import services as branches
from apps.branches.models import Organization
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.querysets import DutyPeriodQuerySet
from apps.duties.services import laying_out
from apps.duties.services.laying_out import lay_out_for, materialise
from apps.duties.services.reconciling import reconcile
from tests.factories import branches as make
from tests.factories.duties import owed

pytestmark = pytest.mark.django_db
MARCH, TODAY = date(2026, 3, 1), date(2026, 3, 18)
RUNNING_MONTH = {"theme_day"}
RUNNING_LONGER = {"general_meeting", "party_lecture", "life_meeting", "member_appraisal", "talk"}


def running(branch: Organization, today: date = TODAY) -> set[str]:
    rows = DutyPeriod.objects.filter(organization=branch, starts_on__lte=today, ends_before__gt=today)
    return set(rows.values_list("rule__slug", flat=True))


@pytest.fixture
def committee(db):
    return make.organization(kind="committee", name="北辰机床厂委员会")


@pytest.fixture
def branch(committee):
    return make.organization(committee, name="一车间党支部", tracked_from=MARCH)


def test_a_branch_without_committee_and_groups_owes_neither_of_their_meetings(branch):
    secretary = make.member(branch)
    make.post(secretary, "branch_secretary")
    materialise(today=TODAY)
    assert running(branch) == RUNNING_MONTH | RUNNING_LONGER


@pytest.mark.parametrize(
    ("posts", "owes"),
    [
        ([], False),
        (["branch_secretary"], False),
        (["branch_secretary", "deputy_secretary"], False),  # secretary and deputy alone are no committee
        (["branch_secretary", "organization_member"], True),
        (["branch_secretary", "publicity_member"], True),
        (["discipline_member"], True),
        (["committee_member"], True),
        (["acting_secretary"], False),
    ],
)
def test_a_committee_meeting_is_owed_where_committee_posts_are_recorded(branch, posts, owes):
    for kind in posts:
        make.post(make.member(branch), kind)
    materialise(today=TODAY)
    assert ("committee_meeting" in running(branch)) is owes


def test_what_a_committee_owes_falls_to_the_secretary_where_there_is_none(branch):
    make.post(make.member(branch), "branch_secretary")
    materialise(today=date(2026, 12, 5))
    assert {"talk", "year_plan", "year_summary"} <= running(branch, date(2026, 12, 5))
    assert "committee_meeting" not in running(branch, date(2026, 12, 5))


def test_each_group_owes_its_own_meeting(branch):
    groups = [branches.group_create(organization=branch, name=f"第{n}小组", starts_on=MARCH, by=None) for n in "一二三"]
    materialise(today=TODAY)
    rows = DutyPeriod.objects.filter(organization=branch, rule__slug="group_meeting", starts_on=MARCH)
    assert set(rows.values_list("group", flat=True)) == {group.pk for group in groups}


@pytest.mark.parametrize(
    ("starts_on", "ends_before", "owes"),
    [
        (date(2026, 3, 1), None, True),
        (date(2026, 3, 2), None, False),  # starting inside: from the next period
        (date(2026, 2, 1), date(2026, 3, 1), False),  # gone on the first day
        (date(2026, 2, 1), date(2026, 3, 2), True),  # there on the first day
    ],
)
def test_applicability_is_judged_on_the_first_day(branch, starts_on, ends_before, owes):
    group = branches.group_create(organization=branch, name="第一小组", starts_on=starts_on, by=None)
    type(group).objects.filter(pk=group.pk).update(ends_before=ends_before)
    make.post(make.member(branch), "committee_member", starts_on=starts_on)
    branch.posts.update(ends_before=ends_before)
    materialise(today=TODAY)
    assert ("group_meeting" in running(branch)) is owes
    assert ("committee_meeting" in running(branch)) is owes


@pytest.mark.parametrize(
    ("dissolved_on", "owes"), [(date(2026, 3, 1), False), (date(2026, 3, 2), True), (date(2026, 2, 1), False)]
)
def test_a_dissolved_branch_owes_nothing_new(committee, dissolved_on, owes):
    branch = make.organization(committee, tracked_from=MARCH, dissolved_on=dissolved_on)
    materialise(today=TODAY)
    assert ("theme_day" in running(branch)) is owes


def test_committees_and_general_branches_owe_no_branch_duties(committee):
    general = make.organization(committee, kind="general_branch")
    make.organization(general, tracked_from=MARCH)
    materialise(today=TODAY)
    assert not DutyPeriod.objects.filter(organization__in=[committee, general]).exists()


@pytest.mark.parametrize(
    ("branch_type", "owes"), [("ordinary", True), ("joint", True), ("mobile_member", True), ("temporary", False)]
)
def test_what_temporary_branches_are_spared(committee, branch_type, owes):
    DutyRule.objects.filter(slug="dues_collection").update(is_active=True, fulfilled_by=["other"])
    branch = make.organization(committee, branch_type=branch_type, tracked_from=MARCH)
    materialise(today=TODAY)
    assert ("dues_collection" in running(branch)) is owes


@pytest.mark.parametrize(
    ("tracked_from", "months", "quarters", "windows"),
    [
        (date(2026, 3, 1), [date(2026, 3, 1)], [date(2026, 1, 1)], [date(2025, 10, 1)]),
        (date(2026, 3, 2), [], [date(2026, 1, 1)], [date(2025, 10, 1)]),
        (date(2026, 2, 15), [date(2026, 3, 1)], [date(2026, 1, 1)], [date(2025, 10, 1)]),
        (
            date(2025, 12, 31),
            [date(2026, n, 1) for n in (1, 2, 3)],
            [date(2025, 10, 1), date(2026, 1, 1)],
            [date(2025, 10, 1)],
        ),
    ],
)
def test_a_newcomer_begins_with_the_first_whole_month_and_the_running_quarter(
    committee, tracked_from, months, quarters, windows
):
    branch = make.organization(committee, tracked_from=tracked_from)
    materialise(today=TODAY)
    starts = {
        slug: sorted(day for owes, day in owed(branch) if owes == slug) for slug in ("theme_day", "general_meeting")
    }
    assert starts == {"theme_day": months, "general_meeting": quarters}
    assert sorted(day for slug, day in owed(branch) if slug == "life_meeting") == windows


@pytest.mark.parametrize("day", [date(2026, 3, 18), date(2026, 1, 1), date(2025, 12, 31), date(2026, 10, 1)])
def test_a_newcomer_has_nothing_overdue_on_the_first_day(committee, day):
    branch = make.organization(committee, tracked_from=day.replace(day=1))
    materialise(today=day)
    periods = DutyPeriod.objects.filter(organization=branch)
    assert periods.count() > 3
    assert set(periods.with_state(day).values_list("state", flat=True)) <= {"not_due", "due_soon", "not_applicable"}
    assert not periods.filter(due_on__lt=day.replace(day=1)).exists()


def test_only_what_has_begun_is_laid_out(branch):
    materialise(today=TODAY)
    assert max(day for _, day in owed(branch)) <= TODAY
    assert ("theme_day", date(2026, 4, 1)) not in owed(branch)
    materialise(today=date(2026, 4, 1))
    assert ("theme_day", date(2026, 4, 1)) in owed(branch)


def test_a_second_run_adds_nothing_and_a_month_of_silence_heals(branch):
    assert materialise(today=TODAY) > 0
    before = owed(branch)
    assert materialise(today=TODAY) == 0
    assert owed(branch) == before
    materialise(today=date(2026, 6, 20))
    assert {day for slug, day in owed(branch) if slug == "theme_day"} == {date(2026, n, 1) for n in (3, 4, 5, 6)}


def test_december_once_and_january_once_over_the_turn_of_the_year(committee):
    branch = make.organization(committee, tracked_from=date(2026, 12, 1))
    for day in (date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)):
        materialise(today=day)
    rows = DutyPeriod.objects.filter(organization=branch, rule__slug="theme_day").order_by("starts_on")
    assert list(rows.values_list("starts_on", "due_on", "for_year")) == [
        (date(2026, 12, 1), date(2026, 12, 31), 2026), (date(2027, 1, 1), date(2027, 1, 31), 2027),
    ]  # fmt: skip


def test_with_nothing_to_do_the_tick_looks_at_the_ledger_alone(branch, django_assert_num_queries):
    materialise(today=TODAY)
    with patch.object(laying_out, "STRUCTURE", ()), django_assert_num_queries(3):  # branches, ledger, rules
        assert materialise(today=TODAY) == 0


def test_a_branch_set_up_after_the_month_was_laid_out_gets_its_periods_by_the_next_tick(committee, branch):
    materialise(today=TODAY)
    newcomer = make.organization(committee, tracked_from=MARCH)
    materialise(today=TODAY)
    assert running(newcomer) == RUNNING_MONTH | RUNNING_LONGER


@pytest.mark.parametrize("by_night", [True, False])
def test_a_branch_that_comes_with_its_past_owes_it_as_if_it_had_been_here(committee, branch, by_night):
    make.organization(committee, tracked_from=date(2025, 6, 1))
    materialise(today=TODAY)
    newcomer = make.organization(committee, tracked_from=date(2025, 12, 1))
    if by_night:
        with patch.object(laying_out, "STRUCTURE", ()):
            assert materialise(today=TODAY) == 0
        reconcile(today=TODAY)
    else:
        materialise(today=TODAY)
    months = {day for slug, day in owed(newcomer) if slug == "theme_day"}
    assert months == {date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), MARCH}
    Organization.objects.filter(pk=newcomer.pk).update(tracked_from=date(2025, 10, 1))
    reconcile(today=TODAY)
    assert ("theme_day", date(2025, 10, 1)) in owed(newcomer)


def test_a_committee_entered_late_owes_the_running_month_and_no_past_ones(committee):
    branch = make.organization(committee, tracked_from=date(2025, 6, 1))
    materialise(today=TODAY)
    make.post(make.member(branch), "committee_member", starts_on=date(2024, 1, 1))
    materialise(today=TODAY)
    assert {day for slug, day in owed(branch) if slug == "committee_meeting"} == {MARCH}


def test_the_columns_of_a_period(branch):
    materialise(today=TODAY)
    theme_day = DutyPeriod.objects.get(organization=branch, rule__slug="theme_day")
    assert (theme_day.path, theme_day.root_id, theme_day.for_year) == (branch.path, branch.root_id, 2026)
    assert (theme_day.starts_on, theme_day.ends_before, theme_day.due_on) == (
        MARCH,
        date(2026, 4, 1),
        date(2026, 3, 31),
    )
    assert (theme_day.soon_from, theme_day.overdue_from) == (date(2026, 3, 25), date(2026, 4, 4))
    assert (theme_day.required, theme_day.done, theme_day.closed_as) == (1, 0, "")
    assert theme_day.due.grace_days == 3
    assert theme_day.due.soon_days == 7


@pytest.mark.parametrize(
    ("slug", "day", "for_year", "due_on"),
    [
        ("life_meeting", date(2026, 3, 31), 2025, date(2026, 3, 31)),
        ("life_meeting", date(2026, 10, 1), 2026, date(2027, 3, 31)),
        ("year_plan", date(2026, 12, 1), 2027, date(2027, 1, 31)),
        ("year_summary", date(2026, 12, 1), 2026, date(2027, 1, 31)),
        ("talk", date(2026, 12, 1), 2026, date(2026, 12, 31)),
    ],
)
def test_windows_carry_the_year_they_are_for(branch, slug, day, for_year, due_on):
    materialise(today=day)
    period = DutyPeriod.objects.get(organization=branch, rule__slug=slug, starts_on__lte=day, ends_before__gt=day)
    assert (period.for_year, period.due_on) == (for_year, due_on)


def test_duties_of_every_member_are_one_period_of_the_branch(branch):
    for _ in range(4):
        make.member(branch, starts_on=date(2025, 1, 1))
    make.member(branch, starts_on=date(2025, 1, 1), is_hosted=True)
    materialise(today=TODAY)
    assert list(DutyPeriod.objects.filter(organization=branch, rule__slug="talk").values_list("required", "done")) == [
        (4, 0)
    ]


def test_a_changed_rule_applies_from_its_day_and_the_past_keeps_its_own(committee):
    branch = make.organization(committee, tracked_from=date(2026, 1, 1))
    old = DutyRule.objects.get(slug="theme_day")
    new = DutyRule.objects.get(slug="theme_day")
    new.pk, new.times, new.valid_from = None, 2, date(2026, 3, 1)
    new.save()
    materialise(today=TODAY)
    rows = DutyPeriod.objects.filter(organization=branch, rule__slug="theme_day").order_by("starts_on")
    assert list(rows.values_list("rule", "required")) == [(old.pk, 1), (old.pk, 1), (new.pk, 2)]


def test_lay_out_for_one_organization_leaves_the_others_alone(committee, branch):
    other = make.organization(committee, tracked_from=MARCH)
    assert lay_out_for([branch.pk], today=TODAY) == len(owed(branch)) > 0
    assert owed(other) == set()


def test_an_empty_system_has_nothing_to_lay_out():
    assert materialise(today=TODAY) == 0


@pytest.mark.parametrize("seen", [True, False], ids=["seen beforehand", "committed in between"])
def test_periods_that_a_filing_laid_out_first_stay_as_they_are(branch, committee, monkeypatch, seen):
    other = make.organization(committee, tracked_from=MARCH)
    lay_out_for([branch.pk], today=TODAY)
    first = set(DutyPeriod.objects.values_list("pk", flat=True))
    if not seen:
        monkeypatch.setattr(DutyPeriodQuerySet, "exists", lambda rows: False)
    new = materialise(today=TODAY)
    assert new == DutyPeriod.objects.filter(organization=other).count() == len(first)
    assert set(DutyPeriod.objects.filter(organization=branch).values_list("pk", flat=True)) == first
