"""Which branches a staff member follows: a filter that comes and goes, and never a permission."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.branches import liaisons, services
from apps.branches.models import Liaison, Organization, Post
from apps.branches.reach import reach_of
from apps.core.errors import RuleBroken
from apps.core.models import AuditEntry
from tests.factories import branches as make
from tests.factories.branches import TODAY


def follow(world, chosen, *, shown=None, by="affairs_worker", person="affairs_worker", at=None, today=TODAY):
    at = at or world.general_branch
    shown = shown or [world.branch, world.other_branch]
    return liaisons.liaisons_set(
        organization=at, person=world.people[person], shown={one.pk for one in shown}, chosen={one.pk for one in chosen},
        by=world.users[by], today=today,
    )  # fmt: skip


def test_who_is_followed_stands_in_the_reach_of_the_next_request(world) -> None:
    assert follow(world, [world.branch]) == (1, 0)
    reach = reach_of(world.users["affairs_worker"], TODAY)
    assert reach.follows == {world.branch.pk}
    assert [place.organization_id for place in reach.places] == [world.general_branch.pk]  # it is no place of one's own
    assert follow(world, [world.branch]) == (0, 0)
    assert AuditEntry.objects.filter(action="liaisons_set").count() == 1


def test_what_ends_is_kept_and_what_was_a_slip_is_not(world) -> None:
    follow(world, [world.branch], today=TODAY - timedelta(days=9))
    follow(world, [world.other_branch])
    assert follow(world, [world.branch]) == (1, 1)  # the same day again
    rows = set(Liaison.objects.values_list("organization", "starts_on", "ends_before"))
    assert rows == {
        (world.branch.pk, TODAY - timedelta(days=9), TODAY), (world.branch.pk, TODAY, None),
    }  # fmt: skip


def test_branches_that_were_not_on_the_page_stay_as_they_are(world) -> None:
    follow(world, [world.branch, world.other_branch])
    assert follow(world, [], shown=[world.branch]) == (0, 1)
    assert reach_of(world.users["affairs_worker"], TODAY).follows == {world.other_branch.pk}


def test_branches_outside_the_subtree_are_passed_over(world) -> None:
    elsewhere = make.organization(world.committee, name="机关党支部")
    assert follow(world, [elsewhere, world.general_branch], shown=[elsewhere, world.general_branch]) == (0, 0)


def test_who_no_longer_works_there_follows_nobody(world) -> None:
    follow(world, [world.branch])
    post = Post.objects.get(person=world.people["affairs_worker"])
    services.post_end(post=post, ends_before=TODAY, by=None, today=TODAY)
    assert reach_of(world.users["affairs_worker"], TODAY).follows == frozenset()


def test_following_gives_no_reach(world) -> None:
    Liaison.objects.create(organization=world.other_branch, person=world.people["secretary"], starts_on=TODAY)
    user = world.users["secretary"]
    user.reach = reach_of(user, TODAY)
    assert (user.reach.follows, list(Organization.objects.visible_to(user))) == (frozenset(), [world.branch])


@pytest.mark.parametrize("by", ["member", "secretary", "upper_worker", "other_secretary"])
def test_others_do_not_say_who_follows_what(world, by) -> None:
    with pytest.raises(RuleBroken):
        follow(world, [world.branch], by=by)


def test_only_staff_of_the_committee_follow(world) -> None:
    with pytest.raises(RuleBroken, match="does not work"):
        follow(world, [world.branch], person="upper_worker")


def test_the_page_saves_and_says_who_else_follows(world, client_of) -> None:
    other = make.person(world.general_branch, "沈一鸣")
    make.post(other, "affairs_worker")
    client, url = client_of("affairs_worker"), reverse("branches:liaison-list", args=[world.general_branch.public_id])
    sent = {
        "person": other.public_id,
        "shown": [world.branch.pk, world.other_branch.pk],
        "follow": [world.branch.pk, "x"],
    }
    page = client.post(url, sent, follow=True)
    assert "Saved." in page.content.decode()
    own = client.get(url).content.decode()
    assert "also 沈一鸣" in own


def test_pages_of_branches_are_saved_one_after_the_other(world, client_of, monkeypatch) -> None:
    monkeypatch.setattr("apps.branches.views.liaisons.PAGE", 1)
    client, url = client_of("affairs_worker"), reverse("branches:liaison-list", args=[world.general_branch.public_id])
    page = client.get(url)
    sent = {"person": page.context["person"].public_id, "shown": [world.branch.pk], "follow": [world.branch.pk]}
    page = client.post(url, sent | {"next": page.context["next"]}, follow=True)
    assert [row.pk for row in page.context["rows"]] == [world.other_branch.pk]
    assert page.context["next"] == ""


@pytest.mark.parametrize("more", [0, 12])
def test_queries_do_not_grow_with_branches(world, client_of, query_baseline, more: int) -> None:
    for number in range(more):
        make.organization(world.general_branch, name=f"第{number}党支部")
    client, url = client_of("affairs_worker"), reverse("branches:liaison-list", args=[world.general_branch.public_id])
    with query_baseline("branches:liaison-list"):
        client.get(url)
