"""Expected people by behaviour and by the roster of the day held (faults 4 and 7 of the requirements)."""

from datetime import date, timedelta

import pytest

from apps.activities.expected import _committee, board, expected_people, share_expected
from apps.branches import services as branches
from apps.branches.models import NotCounted
from tests.factories import activities as act
from tests.factories import branches as make

DAY = make.TODAY


def names(people):
    return {one.person.name for one in people}


def roles(world, *wanted):
    return {world.people[role].name for role in wanted}


ALL = ("secretary", "committee_member", "discipline", "group_leader", "member", "second", "third", "probationary")


@pytest.mark.parametrize("slug", ["general_meeting", "party_lecture", "theme_day", "life_meeting"])
def test_all_members_are_expected_where_all_meet(world, slug):
    assert names(expected_people(world.branch, None, act.kind(slug), DAY)) == roles(world, *ALL)


def test_the_committee_is_whoever_held_a_post_that_day(world):
    kind = act.kind("committee_meeting")
    outside = make.person(world.general_branch, "第一书记")  # no membership here
    make.post(outside, "deputy_secretary", at=world.branch, starts_on=DAY)
    three = roles(world, "secretary", "committee_member", "discipline")
    assert names(expected_people(world.branch, None, kind, DAY - timedelta(days=1))) == three
    assert names(expected_people(world.branch, None, kind, DAY)) == three | {"第一书记"}
    everyone = board(world.branch, None, kind, DAY)
    assert names(everyone.welcome) == roles(world, *ALL) - three  # may sit in, are not missed
    assert not any(one.can_vote or one.is_expected for one in everyone.welcome)


def test_the_committee_read_with_the_roster_is_the_one_read_by_itself(world):
    """Post by post in their order; who holds two sits once, in the first of them, whichever began earlier."""
    make.post(world.people["third"], "publicity_member", starts_on=DAY - timedelta(days=30))
    make.post(world.people["third"], "organization_member", starts_on=DAY - timedelta(days=9))
    make.post(world.people["discipline"], "committee_member", starts_on=DAY - timedelta(days=9))
    make.post(world.people["second"], "deputy_secretary", starts_on=DAY)
    for day in (DAY, DAY - timedelta(days=1), DAY - timedelta(days=20)):
        both = (
            board(world.branch, None, act.kind("committee_meeting"), day).expected,
            tuple(_committee(world.branch, day, [])),
        )
        with_roster, alone = ([(one.person.pk, one.post) for one in people] for people in both)
        assert with_roster == alone
    assert dict(alone)[world.people["third"].pk] == "publicity_member"  # twenty days ago it was the only one


def test_a_group_meeting_expects_the_group(world):
    kind = act.kind("group_meeting")
    mine = roles(world, "secretary", "discipline", "member", "third")
    assert names(expected_people(world.branch, world.group, kind, DAY)) == mine


@pytest.mark.parametrize("slug", ["talk", "volunteer_service", "other", "year_plan"])
def test_nobody_is_expected_of_the_invited_and_the_named(world, slug):
    assert expected_people(world.branch, None, act.kind(slug), DAY) == []


def test_the_roster_is_that_of_the_day_held(world):
    kind = act.kind("general_meeting")
    make.member(world.branch, "新来的", starts_on=DAY)
    member = world.people["member"].memberships.get()
    member.ends_before = DAY
    member.save()
    before = names(expected_people(world.branch, None, kind, DAY - timedelta(days=1)))
    after = names(expected_people(world.branch, None, kind, DAY))
    assert before == roles(world, *ALL)
    assert after == roles(world, *ALL) - roles(world, "member") | {"新来的"}


def test_hosted_and_left_out_members_may_come_and_are_not_expected(world):
    kind = act.kind("general_meeting")
    branches.membership_start(
        person=world.people["other_member"], organization=world.branch, category="full_member", starts_on=date(2025, 1, 1),
        by=None, is_hosted=True,
    )  # fmt: skip
    NotCounted.objects.create(
        person=world.people["third"],
        organization=world.branch,
        ground="bedridden",
        resolution="支部大会2025-1",
        starts_on=DAY,
    )
    people = board(world.branch, None, kind, DAY)
    assert names(people.expected) == roles(world, *ALL) - roles(world, "third")
    assert names(people.welcome) == roles(world, "third", "other_member")
    assert not any(one.can_vote for one in people.welcome)
    day_before = board(world.branch, None, kind, DAY - timedelta(days=1))
    assert roles(world, "third") <= names(day_before.expected)


def test_the_retired_far_away_are_left_out_of_elections_only(world):
    NotCounted.objects.create(
        person=world.people["third"], organization=world.branch, ground="retired", resolution="2025-2", starts_on=DAY
    )
    third = roles(world, "third")
    assert third <= names(expected_people(world.branch, None, act.kind("general_meeting"), DAY))
    assert not third & names(expected_people(world.branch, None, act.kind("election_meeting"), DAY))


def test_probationary_and_suspended_members_do_not_vote(world):
    suspended = world.people["second"].memberships.get()
    suspended.standing = "party_probation"
    suspended.save()
    people = expected_people(world.branch, None, act.kind("general_meeting"), DAY)
    assert {one.person.name for one in people if not one.can_vote} == roles(world, "probationary", "second")


def test_only_kinds_with_the_same_people_share_a_sitting(db):
    assert share_expected([act.kind("general_meeting"), act.kind("party_lecture"), act.kind("theme_day")])
    assert share_expected([act.kind("other")])
    assert not share_expected([act.kind("general_meeting"), act.kind("committee_meeting")])
    assert not share_expected([act.kind("other"), act.kind("volunteer_service")])


@pytest.mark.parametrize(("slug", "queries"), [("general_meeting", 1), ("committee_meeting", 1), ("group_meeting", 1)])
def test_the_board_costs_the_same_for_any_number_of_people(world, slug, queries, django_assert_num_queries):
    kind, group = act.kind(slug), world.group if slug == "group_meeting" else None
    for _more in range(3):
        make.member(world.branch)
    with django_assert_num_queries(queries):
        board(world.branch, group, kind, DAY)
