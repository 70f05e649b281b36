"""Reach follows from posts with dates, and ends with them."""

from datetime import timedelta

import pytest

from apps.branches import services
from apps.branches.models import Organization, Person, Post
from apps.branches.reach import reach_of
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World

BRANCH = {"secretary", "committee_member", "discipline", "group_leader", "member", "second", "third", "probationary"}
OTHER = {"other_secretary", "other_member", "other_third"}
STAFF = {"affairs_worker", "upper_worker"}


def roles_of(world: World, people) -> set[str]:
    found = set(people.values_list("pk", flat=True))
    return {role for role, person in world.people.items() if person.pk in found}


@pytest.mark.parametrize(("role", "people"), [
    ("member", {"member"}),
    ("group_leader", {"group_leader", "committee_member", "second", "probationary"}),  # the own group and oneself
    ("committee_member", BRANCH),
    ("secretary", BRANCH),
    ("other_secretary", OTHER),
    ("affairs_worker", BRANCH | OTHER | {"affairs_worker"}),
    ("upper_worker", {"upper_worker"} | {"affairs_worker"}),  # members of branches with nearer staff: counts only
    ("administrator", set()),
])  # fmt: skip
def test_personal_data_is_for_the_branch_and_the_nearest_staff(world: World, role: str, people: set[str]) -> None:
    seen = Person.objects.visible_to(world.users[role], TODAY)
    assert roles_of(world, seen) == people


@pytest.mark.parametrize(("role", "names"), [
    ("member", {"一车间"}),
    ("secretary", {"一车间"}),
    ("affairs_worker", {"制造党总支", "一车间", "二车间"}),
    ("upper_worker", {"北辰机床厂委员会", "制造党总支", "一车间", "二车间"}),
    ("administrator", {"北辰机床厂委员会", "制造党总支", "一车间", "二车间"}),
])  # fmt: skip
def test_organizations_in_reach(world: World, role: str, names: set[str]) -> None:
    assert {str(row) for row in Organization.objects.visible_to(world.users[role])} == names


@pytest.mark.parametrize(("role", "names"), [
    ("secretary", set()),
    ("affairs_worker", {"一车间", "二车间"}),
    ("upper_worker", {"制造党总支", "一车间", "二车间"}),
])  # fmt: skip
def test_staff_set_up_what_is_below_them(world: World, role: str, names: set[str]) -> None:
    assert {str(row) for row in Organization.objects.manageable_by(world.users[role])} == names


def test_where_the_nearer_level_has_no_staff_the_next_one_answers(world: World) -> None:
    post = Post.objects.get(person=world.people["affairs_worker"])
    services.post_end(post=post, ends_before=TODAY, by=None, today=TODAY)
    seen = Person.objects.visible_to(world.users["upper_worker"], TODAY)
    assert roles_of(world, seen) == BRANCH | OTHER | STAFF


def test_a_post_opens_on_its_first_day_and_closes_before_its_last(world: World) -> None:
    post = Post.objects.get(person=world.people["other_secretary"])
    services.post_end(post=post, ends_before=TODAY, by=None, today=TODAY)
    user = world.users["other_secretary"]
    reach = {day: reach_of(user, TODAY + timedelta(days=day)).leader_of for day in (-1, 0)}
    assert reach == {-1: frozenset({world.other_branch.pk}), 0: frozenset()}


@pytest.mark.parametrize(("days", "left"), [(0, True), (89, True), (90, False)])
def test_after_leaving_the_own_record_stays_readable_for_ninety_days(world: World, days: int, left: bool) -> None:
    membership = world.people["member"].memberships.get()
    membership.ends_before = TODAY
    membership.save()
    reach = reach_of(world.users["member"], TODAY + timedelta(days=days))
    assert (world.branch.pk in reach.left, reach.member_of) == (left, frozenset())


def test_reach_costs_one_query(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        reach_of(world.users["secretary"], TODAY)


def test_an_inactive_account_reaches_nothing(world: World) -> None:
    user = world.users["secretary"]
    user.is_active = False
    assert reach_of(user, TODAY).branches == frozenset()


def test_a_membership_is_one_at_a_time(world: World) -> None:
    moved = world.people["third"]
    services.membership_start(
        person=moved, organization=world.other_branch, category="full_member", starts_on=TODAY, by=None
    )
    spans = list(moved.memberships.order_by("starts_on").values_list("organization__name", "starts_on", "ends_before"))
    assert spans == [("一车间党支部", make.SINCE, TODAY), ("二车间党支部", TODAY, None)]
    assert moved.organization == world.other_branch
