"""The catalogue says what it may say, and only duties that can be fulfilled are switched on."""

import pytest

from apps.duties.catalogue import ACTIVE, CATALOGUE, WAITING
from apps.duties.vocabulary import AppliesIf, Binding, Each, Owner, Softness, Verified

BY_SLUG = {rule.slug: rule for rule in CATALOGUE}


@pytest.mark.parametrize(
    ("slug", "times", "months", "window", "owner", "binding"),
    [
        ("general_meeting", 1, 3, "", Owner.BRANCH, Binding.REGULATION),
        ("committee_meeting", 1, 1, "", Owner.COMMITTEE, Binding.REGULATION),
        ("group_meeting", 1, 1, "", Owner.GROUP, Binding.REGULATION),
        ("party_lecture", 1, 3, "", Owner.BRANCH, Binding.PRACTICE),
        ("theme_day", 1, 1, "", Owner.BRANCH, Binding.REGULATION),
        ("life_meeting", 1, 12, "10-01..03-31", Owner.BRANCH, Binding.REGULATION),
        ("member_appraisal", 1, 12, "10-01..03-31", Owner.BRANCH, Binding.REGULATION),
        ("talk", 1, 12, "", Owner.COMMITTEE, Binding.REGULATION),
        ("year_plan", 1, 12, "12-01..01-31", Owner.COMMITTEE, Binding.PRACTICE),
        ("year_summary", 1, 12, "12-01..01-31", Owner.COMMITTEE, Binding.PRACTICE),
    ],
)
def test_what_is_owed_from_the_start(slug, times, months, window, owner, binding):
    rule = BY_SLUG[slug]
    assert (rule.times, rule.months, rule.window, rule.owner, rule.binding) == (
        times,
        months,
        window,
        owner,
        binding,
    )
    assert rule.is_active


def test_exactly_ten_duties_are_active():
    assert len(ACTIVE) == 10
    assert [rule.slug for rule in CATALOGUE if rule.is_active] == [rule.slug for rule in ACTIVE]
    assert not any(rule.is_active for rule in WAITING)


def test_slugs_are_unique():
    assert len(BY_SLUG) == len(CATALOGUE)


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.slug)
def test_every_rule_names_its_ground_in_both_languages(rule):
    assert all((rule.name_zh, rule.name_en, rule.article_zh, rule.article_en))
    assert rule.name_zh not in rule.name_en
    if rule.binding is not Binding.PRACTICE and rule.softness is Softness.CUSTOMARY:
        assert rule.verified is not Verified.YES  # a number that is only custom is never shown as read in the text


@pytest.mark.parametrize("rule", ACTIVE, ids=lambda rule: rule.slug)
def test_active_rules_can_be_fulfilled(rule):
    assert rule.is_periodic
    assert rule.fulfilled_by
    assert list(rule.cadence.periods(rule.valid_from, rule.valid_from.replace(year=rule.valid_from.year + 1)))


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.slug)
def test_a_rule_is_owed_by_the_calendar_by_an_event_or_by_a_term(rule):
    assert rule.is_periodic + (rule.event is not None) + rule.term == 1
    if not rule.is_periodic:
        assert (rule.months, rule.window) == (12, "")


def test_only_talks_are_counted_by_person_at_first():
    assert [rule.slug for rule in ACTIVE if rule.each] == ["talk"]
    assert BY_SLUG["talk"].each is Each.MEMBER


def test_no_number_that_is_custom_is_called_a_regulation():
    assert BY_SLUG["party_lecture"].verified is Verified.SEC
    assert BY_SLUG["party_lecture"].softness is Softness.CUSTOMARY


def test_where_there_are_no_groups_or_no_committee():
    assert BY_SLUG["group_meeting"].applies_if is AppliesIf.HAS_GROUPS
    assert BY_SLUG["committee_meeting"].applies_if is AppliesIf.HAS_COMMITTEE
    # What else a committee owes falls to the secretary where there is none.
    assert {BY_SLUG[slug].applies_if for slug in ("talk", "year_plan", "year_summary")} == {AppliesIf.ALWAYS}
