"""A level above may tighten, never loosen; only what is custom is switched off; a branch adds what it likes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from apps.activities.models import ActivityKind
from apps.core.errors import RuleBroken
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.services import tailoring
from apps.duties.services.laying_out import materialise
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.duties import file, owed, period

APR = date(2026, 4, 1)


def override(world, slug="theme_day", place=None, by="affairs_worker", times=1, grace_days=3, today=TODAY, **fields):
    return tailoring.rule_override(
        organization=place or world.general_branch, slug=slug, by=world.users[by], today=today, times=times,
        grace_days=grace_days, reason="公司要求", **fields,
    )  # fmt: skip


def add(world, place, by, **fields):
    kinds = ActivityKind.objects.filter(slug__in=fields.pop("kinds", ["group_study"]))
    given = {"name": "每月一学", "months": 1, "times": 1} | fields
    return tailoring.duty_add(organization=place, by=world.users[by], today=TODAY, kinds=list(kinds), **given)


@pytest.mark.parametrize(
    ("slug", "change", "refusal"),
    [
        ("theme_day", {"times": 2}, None),
        ("theme_day", {"grace_days": 0}, None),
        ("theme_day", {"times": 0}, "at least as often"),
        ("theme_day", {"times": 1}, "Nothing is tighter"),
        ("theme_day", {"times": 2, "grace_days": 4}, "at most as many"),
        ("theme_day", {"window": "10-01..12-31"}, "no window"),
        ("life_meeting", {"grace_days": 10, "window": "11-01..12-31"}, None),
        ("life_meeting", {"grace_days": 10, "window": "09-01..12-31"}, "must lie inside"),
        ("life_meeting", {"grace_days": 10, "window": "11-01..04-30"}, "must lie inside"),
        ("life_meeting", {"grace_days": 10, "window": ""}, "must lie inside"),
        ("party_lecture", {"grace_days": 7, "is_active": False}, None),
        ("theme_day", {"is_active": False}, "Only what is custom"),
        ("life_meeting", {"grace_days": 10, "window": "10-01..03-31", "is_active": False}, "Only what is custom"),
        ("dues_collection", {"times": 2}, "does not hold here"),
        ("no_such_duty", {"times": 2}, "does not hold here"),
    ],
)
def test_tightened_never_loosened(world, slug, change, refusal):
    if refusal is None:
        override(world, slug, **change)
        assert DutyRule.objects.filter(slug=slug, set_by=world.general_branch).count() == 1
    else:
        with pytest.raises(RuleBroken, match=refusal):
            override(world, slug, **change)
        assert not DutyRule.objects.exclude(set_by=None).exists()


def test_from_the_next_period_in_that_subtree_alone(world):
    outside = make.organization(world.committee, name="机关党支部")
    materialise(today=TODAY)
    override(world, times=2)
    materialise(today=APR)
    required = {
        (row.organization_id, row.starts_on): row.required
        for row in DutyPeriod.objects.filter(rule__slug="theme_day", starts_on__gte=date(2026, 3, 1))
    }
    march = date(2026, 3, 1)
    assert required == {
        (world.branch.pk, march): 1, (world.other_branch.pk, march): 1, (outside.pk, march): 1,
        (world.branch.pk, APR): 2, (world.other_branch.pk, APR): 2, (outside.pk, APR): 1,
    }  # fmt: skip


def test_once_is_not_enough_where_twice_is_asked(world):
    override(world, times=2)
    materialise(today=APR)
    file(world.branch, "theme_day", date(2026, 4, 5))
    april = DutyPeriod.objects.with_state(date(2026, 5, 6)).get(pk=period(world.branch, "theme_day", APR).pk)
    assert (april.done, april.state) == (1, "overdue")
    file(world.branch, "theme_day", date(2026, 4, 25))
    assert DutyPeriod.objects.with_state(date(2026, 5, 6)).get(pk=april.pk).state == "done"


def test_a_tighter_window_takes_the_place_of_the_wide_one(world):
    override(world, "life_meeting", grace_days=10, window="11-01..12-31", today=date(2026, 5, 1))
    materialise(today=date(2026, 12, 1))
    rows = DutyPeriod.objects.filter(organization=world.branch, rule__slug="life_meeting", for_year=2026)
    assert list(rows.values_list("starts_on", "due_on")) == [(date(2026, 11, 1), date(2026, 12, 31))]


def test_a_window_that_has_opened_is_not_changed_under_way(world):
    preview = override(world, "life_meeting", grace_days=10, window="11-01..12-31", today=date(2026, 10, 15))
    assert preview.rule.valid_from == date(2027, 10, 1)
    materialise(today=date(2026, 12, 1))
    rows = DutyPeriod.objects.filter(organization=world.branch, rule__slug="life_meeting", for_year=2026)
    assert list(rows.values_list("starts_on", flat=True)) == [date(2026, 10, 1)]


def test_a_custom_is_switched_off_for_the_subtree(world):
    outside = make.organization(world.committee, name="机关党支部")
    override(world, "party_lecture", grace_days=7, is_active=False)
    materialise(today=APR)
    assert ("party_lecture", APR) in owed(outside)
    assert ("party_lecture", APR) not in owed(world.branch)


def test_the_database_refuses_to_switch_off_a_regulation(world):
    rule = DutyRule.objects.get(slug="theme_day")
    rule.pk, rule.set_by, rule.is_active = None, world.committee, False
    with pytest.raises(IntegrityError, match="only_practice"), transaction.atomic():
        rule.save()


def test_what_is_looser_further_down_ends(world):
    override(world, times=2)
    preview = override(world, place=world.committee, by="upper_worker", times=3)
    assert [rule.set_by for rule in preview.ends] == [world.general_branch]
    materialise(today=APR)
    assert period(world.branch, "theme_day", APR).required == 3


def test_what_is_tighter_further_down_stays(world):
    override(world, times=4)
    preview = override(world, place=world.committee, by="upper_worker", times=3)
    assert preview.ends == ()
    materialise(today=APR)
    assert period(world.branch, "theme_day", APR).required == 4


def test_the_preview_says_whom_it_hits_and_writes_nothing(world):
    preview = tailoring.override_preview(
        organization=world.committee, slug="theme_day", today=TODAY, times=2, grace_days=3
    )
    assert (preview.branches, preview.rule.valid_from, preview.above.times) == (2, APR, 1)
    assert set(preview.sample) == {world.branch, world.other_branch}
    assert not DutyRule.objects.exclude(set_by=None).exists()


@pytest.mark.parametrize("by", ["member", "secretary", "upper_worker", "other_secretary", "administrator"])
def test_only_the_staff_of_the_committee_itself_tighten(world, by):
    with pytest.raises(RuleBroken, match="Only the staff"):
        override(world, by=by, times=2)


def test_a_second_thought_before_it_begins_replaces_the_first(world):
    override(world, times=2)
    override(world, times=3)
    materialise(today=APR)
    assert DutyRule.objects.filter(set_by=world.general_branch).count() == 1
    assert period(world.branch, "theme_day", APR).required == 3


def test_an_ended_override_gives_way_to_what_holds_from_above(world):
    rule = override(world, times=2).rule
    materialise(today=APR)
    tailoring.rule_end(rule=rule, by=world.users["affairs_worker"], today=date(2026, 4, 15))
    materialise(today=date(2026, 5, 1))
    assert period(world.branch, "theme_day", APR).required == 2
    assert period(world.branch, "theme_day", date(2026, 5, 1)).required == 1


def test_what_holds_everywhere_is_nobodys_to_end(world):
    for user in world.users.values():
        if user is not None:
            with pytest.raises(RuleBroken, match="Only those who set"):
                tailoring.rule_end(rule=DutyRule.objects.get(slug="theme_day"), by=user, today=TODAY)


def test_a_branch_adds_a_duty_of_its_own(world):
    materialise(today=TODAY)
    rule = add(world, world.branch, "secretary")
    assert (rule.is_own, rule.may_be_explained) == (True, True)
    march = period(world.branch, rule.slug, date(2026, 3, 1))
    file(world.branch, "group_study", date(2026, 3, 10))
    march.refresh_from_db()
    assert march.done == 1
    materialise(today=APR)
    assert {day for slug, day in owed(world.branch) if slug == rule.slug} == {date(2026, 3, 1), APR}
    assert not any(slug == rule.slug for slug, _ in owed(world.other_branch))


def test_a_committee_adds_a_duty_for_its_subtree_from_the_next_period(world):
    materialise(today=TODAY)
    rule = add(world, world.general_branch, "affairs_worker")
    assert (rule.is_own, rule.may_be_explained) == (False, False)
    materialise(today=APR)
    assert {row.organization_id for row in DutyPeriod.objects.filter(rule=rule)} == {
        world.branch.pk,
        world.other_branch.pk,
    }
    assert set(DutyPeriod.objects.filter(rule=rule).values_list("starts_on", flat=True)) == {APR}


def test_an_added_duty_of_group_meetings_is_owed_by_each_group(world):
    rule = add(world, world.branch, "secretary", kinds=["group_meeting"], months=3)
    groups = set(DutyPeriod.objects.filter(rule=rule).values_list("group", flat=True))
    assert groups == set(world.branch.groups.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"kinds": []}, "Choose at least one kind"),
        ({"kinds": ["group_meeting", "theme_day"]}, "do not mix"),
        ({"months": 2}, "how often"),
        ({"times": 0}, "how often"),
    ],
)
def test_what_cannot_be_added(world, fields, refusal):
    with pytest.raises(RuleBroken, match=refusal):
        add(world, world.branch, "secretary", **fields)


@pytest.mark.parametrize(
    ("place", "by"),
    [("branch", "member"), ("branch", "committee_member"), ("branch", "affairs_worker"), ("branch", "other_secretary"),
     ("general_branch", "secretary"), ("general_branch", "upper_worker"), ("committee", "administrator")],
)  # fmt: skip
def test_who_cannot_add(world, place, by):
    with pytest.raises(RuleBroken, match="Only the secretary"):
        add(world, getattr(world, place), by)


def test_an_own_duty_ends_with_the_running_period(world):
    rule = add(world, world.branch, "secretary")
    assert tailoring.rule_end(rule=rule, by=world.users["secretary"], today=TODAY) == APR
    materialise(today=APR)
    assert {day for slug, day in owed(world.branch) if slug == rule.slug} == {date(2026, 3, 1)}
