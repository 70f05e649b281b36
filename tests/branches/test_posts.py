"""Who enters which post is the permission system."""

from datetime import timedelta

import pytest

from apps.branches import services
from apps.branches.models import Post
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import AuditEntry
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World

MAY = {  # role → posts it may enter in the branch
    "member": set(),
    "committee_member": set(),
    "secretary": {"organization_member", "publicity_member", "discipline_member", "committee_member", "group_leader"},
    "other_secretary": set(),
    "affairs_worker": {"branch_secretary", "deputy_secretary", "acting_secretary"},
    "upper_worker": set(),  # the nearest level above answers
    "administrator": set(),
}


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("kind", Post.Kind.values)
def test_who_enters_which_post(world: World, role: str, kind: str) -> None:
    if kind == Post.Kind.SECRETARY:  # make room
        services.post_end(
            post=Post.objects.get(kind=kind, organization=world.branch), ends_before=TODAY, by=None, today=TODAY
        )
    enter = {
        "person": world.people["third"], "organization": world.branch, "kind": kind, "starts_on": TODAY, "today": TODAY,
        "group": world.group if kind == Post.Kind.GROUP_LEADER else None, "by": world.users[role],
    }  # fmt: skip
    if kind in MAY[role]:
        assert services.post_start(**enter).entered_by == world.users[role]
    else:
        with pytest.raises(RuleBroken, match="cannot enter"):
            services.post_start(**enter)


def test_staff_of_a_committee_are_entered_by_the_administrator(world: World) -> None:
    newcomer = make.person(world.general_branch, "沈一鸣")
    enter = {
        "person": newcomer,
        "organization": world.general_branch,
        "kind": "affairs_worker",
        "starts_on": TODAY,
        "today": TODAY,
    }
    with pytest.raises(RuleBroken):
        services.post_start(**enter, by=world.users["upper_worker"])
    assert services.post_start(**enter, by=world.users["administrator"]).is_current(TODAY)


def test_nobody_enters_a_post_for_themselves(world: World) -> None:
    with pytest.raises(RuleBroken):
        services.post_start(
            person=world.people["secretary"], organization=world.branch, kind="publicity_member", starts_on=TODAY,
            by=world.users["secretary"], today=TODAY,
        )  # fmt: skip


def test_a_second_secretary_is_refused_on_any_common_day(world: World) -> None:
    with pytest.raises(RuleBroken, match="has a secretary"):
        services.post_start(
            person=world.people["third"], organization=world.branch, kind="branch_secretary",
            starts_on=TODAY - timedelta(days=400), by=world.users["affairs_worker"], today=TODAY,
        )  # fmt: skip


def test_backdating_is_allowed_and_logged(world: World) -> None:
    services.post_start(
        person=world.people["third"], organization=world.branch, kind="publicity_member",
        starts_on=TODAY - timedelta(days=1), by=world.users["secretary"], today=TODAY,
    )  # fmt: skip
    entry = AuditEntry.objects.filter(action="post_start").latest("pk")
    assert (entry.note, entry.fields, entry.actor) == ("backdated", ["publicity_member"], world.users["secretary"])


def test_a_post_ends_once(world: World) -> None:
    post = Post.objects.get(kind="discipline_member")
    again = Post.objects.get(kind="discipline_member")
    services.post_end(post=post, ends_before=TODAY, by=world.users["secretary"], today=TODAY)
    with pytest.raises(EditConflict):
        services.post_end(post=again, ends_before=TODAY, by=world.users["secretary"], today=TODAY)


def test_the_last_day_is_the_day_before_the_first_one_without_the_post(world: World) -> None:
    post = Post.objects.get(kind="discipline_member")
    assert post.last_day is None
    services.post_end(post=post, ends_before=TODAY, by=world.users["secretary"], today=TODAY)
    assert post.last_day == TODAY - timedelta(days=1)
