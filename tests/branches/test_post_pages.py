"""Pages of posts, groups and people not counted: who may enter what, bad input, the second press."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from apps.branches.models import Organization, Person, Post
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World


@pytest.fixture
def staff(client_of) -> Client:
    return client_of("affairs_worker")


def url(name: str, *args: object) -> str:
    return reverse(f"branches:{name}", args=args)


class TestPosts:
    def enter(self, client: Client, organization: Organization, **data: object):
        given = {"starts_on": TODAY.isoformat()} | {name: getattr(v, "public_id", v) for name, v in data.items()}
        return client.post(url("post-create", organization.public_id), given)

    def test_the_secretary_enters_from_the_roster(self, world: World, client_of, query_baseline) -> None:
        secretary = client_of("secretary")
        with query_baseline("branches:post-create"):
            answer = self.enter(secretary, world.branch, kind="publicity_member", person=world.people["third"])
        assert answer.status_code == 302
        assert Post.objects.get(kind="publicity_member").person == world.people["third"]
        again = self.enter(secretary, world.branch, kind="publicity_member", person=world.people["third"])
        assert again.status_code == 422
        assert "already holds" in again.content.decode()

    def test_a_group_leader_needs_a_group(self, world: World, client_of) -> None:
        send = {"kind": "group_leader", "person": world.people["third"]}
        answer = self.enter(client_of("secretary"), world.branch, **send)
        assert answer.status_code == 422
        assert "Choose the group." in answer.content.decode()
        assert self.enter(client_of("secretary"), world.branch, **send, group=world.group).status_code == 302

    def test_staff_enter_a_secretary_who_is_in_no_books_yet(self, world: World, staff: Client) -> None:
        new = make.organization(world.general_branch, name="三车间党支部")
        assert self.enter(staff, new, kind="branch_secretary", new_name=" 欧阳　明 ").status_code == 302
        post = Post.objects.get(organization=new)
        assert (post.person.name, post.person.organization, post.entered_by) == (
            "欧阳明",
            new,
            world.users["affairs_worker"],
        )
        again = self.enter(staff, new, kind="deputy_secretary", new_name="欧阳明")
        assert again.status_code == 422
        assert "in the list already" in again.content.decode()
        assert Person.objects.filter(name="欧阳明").count() == 1

    def test_a_refused_post_leaves_no_person_behind(self, world: World, staff: Client) -> None:
        answer = self.enter(staff, world.branch, kind="branch_secretary", new_name="欧阳明")
        assert answer.status_code == 422
        assert "has a secretary" in answer.content.decode()
        assert not Person.objects.filter(name="欧阳明").exists()

    def test_the_administrator_enters_staff_by_user_name_or_name(self, world: World, client_of) -> None:
        desk = client_of("administrator")
        assert self.enter(desk, world.general_branch, kind="affairs_worker", username="Member").status_code == 302
        assert Post.objects.filter(organization=world.general_branch, person=world.people["member"]).exists()
        assert self.enter(desk, world.general_branch, kind="affairs_worker", new_name="欧阳明").status_code == 302
        page = desk.get(url("post-create", world.general_branch.public_id)).content.decode()
        assert "欧阳明" in page
        assert world.people["third"].name not in page

    @pytest.mark.parametrize(("change", "words"), [
        ({"kind": ""}, "Choose"),
        ({"kind": "branch_secretary"}, "valid choice"),
        ({"kind": "affairs_worker"}, "valid choice"),
        ({"person": ""}, "Choose “Person”"),
        ({"person": "nonsense"}, "valid choice"),
        ({"person": "OTHER"}, "valid choice"),
        ({"person": "SELF"}, "valid choice"),
        ({"starts_on": ""}, "Fill in"),
        ({"starts_on": "2026-02-30"}, "valid date"),
        ({"starts_on": "1900-01-01"}, "1 July 1921"),
        ({"starts_on": "2020-01-01"}, "founded later"),
    ])  # fmt: skip
    def test_bad_input(self, world: World, client_of, change: dict, words: str) -> None:
        Organization.objects.filter(pk=world.branch.pk).update(founded_on=date(2021, 1, 1))
        if change.get("person") in ("OTHER", "SELF"):
            change = {"person": world.people["other_third" if change["person"] == "OTHER" else "secretary"]}
        before = Post.objects.count()
        send = {"kind": "publicity_member", "person": world.people["third"]} | change
        answer = self.enter(client_of("secretary"), world.branch, **send)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert Post.objects.count() == before

    @pytest.mark.parametrize(("given", "words"), [
        ({}, "Choose a person, or write"),
        ({"new_name": "欧阳明", "username": "member"}, "not both"),
        ({"username": "nobody-here"}, "No person has this user name"),
        ({"new_name": "·"}, "Write the name"),
        ({"new_name": "名" * 61}, "at most 60"),
    ])  # fmt: skip
    def test_bad_names(self, world: World, client_of, given: dict, words: str) -> None:
        answer = self.enter(client_of("administrator"), world.general_branch, kind="affairs_worker", **given)
        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_a_post_ends_once_and_after_its_beginning(self, world: World, client_of) -> None:
        secretary, post = client_of("secretary"), world.branch.posts.get(kind="discipline_member")
        end = url("post-end", world.branch.public_id, post.pk)
        assert "after it began" in secretary.post(end, {"ends_before": "2023-12-31"}).content.decode()
        assert secretary.post(end, {"ends_before": TODAY.isoformat()}).status_code == 302
        assert secretary.post(end, {"ends_before": TODAY.isoformat()}).status_code == 409


class TestGroupsAndCounting:
    def test_a_group_is_made_renamed_and_closed(self, world: World, client_of) -> None:
        desk = client_of("secretary")
        desk.post(url("group-create", world.branch.public_id), {"name": "第三小组", "starts_on": "2026-03-01"})
        group = world.branch.groups.get(name="第三小组")
        change = url("group-change", world.branch.public_id, group.public_id)
        assert desk.post(change, {"name": "青年小组"}).status_code == 302
        assert desk.post(change, {"ends_before": TODAY.isoformat()}).status_code == 302
        group.refresh_from_db()
        assert (group.name, group.ends_before) == ("青年小组", TODAY)
        assert desk.post(change, {"ends_before": TODAY.isoformat()}).status_code == 409

    @pytest.mark.parametrize("data", [
        {"name": "", "starts_on": "2026-03-01"}, {"name": "名" * 41, "starts_on": "2026-03-01"},
        {"name": "第三小组", "starts_on": ""}, {"name": "第一小组", "starts_on": "2026-03-01"},
    ])  # fmt: skip
    def test_bad_groups(self, world: World, client_of, data: dict) -> None:
        answer = client_of("secretary").post(url("group-create", world.branch.public_id), data)
        assert answer.status_code == 422
        assert world.branch.groups.count() == 2

    def test_a_group_of_another_branch_is_not_there(self, world: World, client_of) -> None:
        answer = client_of("other_secretary").get(
            url("group-change", world.other_branch.public_id, world.group.public_id)
        )
        assert answer.status_code == 404

    def test_left_out_and_back(self, world: World, client_of) -> None:
        desk = client_of("secretary")
        page = url("not-counted-list", world.branch.public_id)
        send = {
            "person": world.people["third"].public_id,
            "ground": "away",
            "resolution": "3月5日大会",
            "starts_on": "2026-03-05",
        }
        assert desk.post(page, send).status_code == 302
        assert desk.post(page, send).status_code == 422
        assert "3月5日大会" in desk.get(page).content.decode()
        row = world.branch.not_counted.get()
        end = url("not-counted-end", world.branch.public_id, row.pk)
        assert desk.post(end, {"ends_before": "2026-03-01"}).status_code == 422
        assert desk.post(end, {"ends_before": TODAY.isoformat()}).status_code == 302
        assert desk.post(end, {"ends_before": TODAY.isoformat()}).status_code == 409

    @pytest.mark.parametrize("change", [
        {"person": "OTHER"}, {"person": ""}, {"ground": "nonsense"}, {"resolution": ""}, {"resolution": "x" * 121},
        {"starts_on": ""},
    ])  # fmt: skip
    def test_bad_resolutions(self, world: World, client_of, change: dict) -> None:
        if change.get("person") == "OTHER":
            change = {"person": world.people["other_third"].public_id}
        send = {
            "person": world.people["third"].public_id,
            "ground": "away",
            "resolution": "3月5日大会",
            "starts_on": "2026-03-05",
        }
        answer = client_of("secretary").post(url("not-counted-list", world.branch.public_id), send | change)
        assert answer.status_code == 422
        assert not world.branch.not_counted.exists()
