"""Places, menu entries, and elections on home pages."""

from datetime import date, timedelta

import pytest
from django.test import RequestFactory
from django.urls import resolve

from apps.branches import menus
from apps.branches.models import Organization, Post
from apps.branches.reach import reach_of
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World


def request_of(world: World, role: str, path: str = "/"):
    request = RequestFactory().get(path)
    request.user = world.users[role]
    request.user.reach = reach_of(request.user, TODAY)
    request.today, request.resolver_match = TODAY, resolve(path)
    return request


def test_who_works_in_several_places_has_a_switch_and_the_address_says_where(world: World, client_of) -> None:
    make.post(world.people["secretary"], "affairs_worker", at=world.committee)
    page = client_of("secretary").get(f"/b/{world.branch.public_id}/organization/").content.decode()
    switch = page.partition('class="topbar__place"')[2].partition("</details>")[0]
    assert switch.count('class="menu__item"') == 2
    assert f'href="/b/{world.branch.public_id}/" aria-current="true"' in switch
    assert f'href="/b/{world.committee.public_id}/"' in switch


@pytest.mark.parametrize(("path", "active"), [("/", "committee"), ("/b/{}/", "branch"), ("/me/settings/", "committee")])
def test_the_place_is_that_of_the_address_else_the_first(world: World, path: str, active: str) -> None:
    make.post(world.people["secretary"], "affairs_worker", at=world.committee)
    request = request_of(world, "secretary", path.format(world.branch.public_id))
    marked = [place.label for place in menus.places(request) if place.active]
    assert marked == [getattr(world, active).name]


def test_a_foreign_address_marks_no_foreign_place(world: World) -> None:
    request = request_of(world, "secretary", f"/b/{world.other_branch.public_id}/")
    assert menus.place_of(request).public_id == world.branch.public_id


@pytest.mark.parametrize(
    ("role", "url"),
    [
        ("administrator", "/organizations/"),
        ("affairs_worker", "/organizations/"),
        ("secretary", None),
        ("member", None),
    ],
)
def test_the_tree_is_for_those_who_work_on_it(world: World, role: str, url: str | None) -> None:
    (entry,) = menus.entries(request_of(world, role))
    assert entry.url == (url or f"/b/{world.branch.public_id}/organization/")


def test_an_account_without_a_place_has_no_entry(world: World) -> None:
    world.users["member"].person.memberships.update(ends_before=TODAY)
    assert list(menus.entries(request_of(world, "member"))) == []


@pytest.mark.parametrize(("role", "due", "seen"), [
    ("secretary", date(2026, 9, 18), ["mine"]),
    ("secretary", date(2026, 9, 19), []),
    ("secretary", date(2026, 3, 1), ["mine"]),
    ("affairs_worker", date(2026, 9, 18), ["others"]),
    ("upper_worker", date(2026, 9, 18), []),  # the nearer staff remind the branch
    ("committee_member", date(2026, 9, 18), []),
    ("other_secretary", date(2026, 9, 18), []),
])  # fmt: skip
def test_six_months_before_a_term_ends(world: World, role: str, due: date, seen: list[str]) -> None:
    Organization.objects.filter(pk=world.branch.pk).update(election_due_on=due)
    rows = list(menus.elections(request_of(world, role), ""))
    assert [str(row.section) for row in rows] == seen
    assert all(row.due_on == due and row.detail.endswith("art. 21") for row in rows)


def test_where_the_level_between_has_no_staff_the_next_one_reminds(world: World) -> None:
    Post.objects.filter(person=world.people["affairs_worker"]).update(ends_before=TODAY)
    Organization.objects.filter(pk=world.branch.pk).update(election_due_on=TODAY)
    (row,) = menus.elections(request_of(world, "upper_worker"), "")
    assert "一车间" in row.title


def test_a_temporary_or_dissolved_branch_has_no_election(world: World) -> None:
    due = {"election_due_on": TODAY}
    Organization.objects.filter(pk=world.branch.pk).update(branch_type="temporary", **due)
    Organization.objects.filter(pk=world.other_branch.pk).update(dissolved_on=TODAY, **due)
    assert list(menus.elections(request_of(world, "affairs_worker"), "")) == []


def test_the_home_of_another_place_shows_its_own_only(world: World) -> None:
    make.post(world.people["secretary"], "deputy_secretary", at=world.other_branch)
    Organization.objects.filter(pk__in=[world.branch.pk, world.other_branch.pk]).update(
        election_due_on=TODAY + timedelta(days=9)
    )
    request = request_of(world, "secretary")
    assert len(list(menus.elections(request, ""))) == 2
    (row,) = menus.elections(request, world.other_branch.public_id)
    assert "二车间" in row.title
