"""The roster on screen: who stands on it, in which order, and how much of each."""

import re
from datetime import date

import pytest
from django.urls import reverse

from apps.branches import services as branches
from apps.branches.models import Membership
from tests.factories.branches import SINCE, TODAY, account, member, organization, post
from tests.factories.people import fake_id


def names(response) -> list[str]:
    """People of the list, from the top down."""
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', response.content.decode(), re.S)
    return [re.sub(r"<[^>]+>", "", row).strip() for row in rows]


def listed(client, world, **query) -> list[str]:
    return names(client.get(reverse("members:roster-list", args=[world.branch.public_id]), query))


@pytest.fixture
def client(client_of):
    return client_of("secretary")


def test_posts_first_then_surname_strokes(world, client):
    assert listed(client, world) == ["王建国", "李芳", "张强", "刘洋", "孙丽", "陈静", "周敏", "赵军"]


def test_phones_are_masked_and_id_numbers_absent(world, client):
    person = world.people["member"]
    branches.person_id_number(person, fake_id(date(1980, 1, 2)))
    person.mobile_phone = "13812345678"
    person.save()
    page = client.get(reverse("members:roster-list", args=[world.branch.public_id])).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "990000" not in page
    assert "9900**" not in page


@pytest.mark.parametrize("q", ["陈静", "chenjing", "chen jing", "cj", "CJ"])
def test_people_are_found_by_characters_pinyin_and_initials(world, client, q):
    assert listed(client, world, q=q) == ["陈静"]


def test_search_stays_in_the_branch(world, client):
    assert listed(client, world, q="吴磊") == []


def test_filters(world, client):
    world.people["third"].memberships.update(standing="suspended", is_mobile=True)
    assert listed(client, world, category="probationary_member") == ["周敏"]
    assert listed(client, world, standing="suspended") == ["孙丽"]
    assert listed(client, world, standing="mobile") == ["孙丽"]
    assert listed(client, world, group=world.group.public_id) == ["王建国", "张强", "孙丽", "陈静"]
    assert listed(client, world, group="none") == []


def test_the_roster_of_a_past_day(world, client):
    member(world.branch, "冯安", starts_on=date(2026, 3, 1))
    world.people["third"].memberships.update(ends_before=date(2026, 2, 1))
    assert "冯安" in listed(client, world)
    assert "孙丽" not in listed(client, world)
    before = listed(client, world, on="2026-01-31")
    assert "冯安" not in before
    assert "孙丽" in before


@pytest.mark.parametrize("on", ["2026-13-45", "yesterday", "9999-01-01", ""])
def test_a_day_that_means_nothing_is_today(world, client, on):
    assert len(listed(client, world, on=on)) == 8


def test_who_left_is_listed_with_day_and_reason(world, client):
    world.people["third"].memberships.update(ends_before=date(2026, 2, 1), end_reason="transferred:市一院党支部")
    response = client.get(reverse("members:roster-list", args=[world.branch.public_id]), {"left": "1"})
    assert names(response) == ["孙丽"]
    assert "2026-01-31" in response.content.decode()
    assert "Transferred to another branch · 市一院党支部" in response.content.decode()


def test_counts_leave_guests_apart(world, client):
    guest = world.people["other_member"]
    branches.membership_start(
        person=guest,
        organization=world.branch,
        category=Membership.Category.FULL,
        starts_on=SINCE,
        by=None,
        is_hosted=True,
    )
    response = client.get(reverse("members:roster-list", args=[world.branch.public_id]))
    text = response.content.decode()
    assert "8 members (7 full, 1 probationary)" in text
    assert "1 taking part from elsewhere" in text
    assert guest.public_id not in text.replace(
        reverse("members:membership-end", args=[world.branch.public_id, guest.public_id]), ""
    )


def test_a_group_leader_sees_the_own_group_without_personal_columns(world, client_of):
    world.people["second"].born_on = date(1977, 7, 7)
    world.people["second"].save()
    response = client_of("group_leader").get(reverse("members:roster-list", args=[world.branch.public_id]))
    assert names(response) == ["李芳", "刘洋", "周敏", "赵军"]
    assert "1977" not in response.content.decode()


def test_levels_above_the_nearest_staff_see_counts_only(world, client_of):
    text = client_of("upper_worker").get(reverse("members:roster-list", args=[world.branch.public_id])).content.decode()
    assert "8 members" in text
    assert not any(person.name in text for person in world.branch.people.all())


def test_staff_is_nearest_again_where_nobody_is_between(world, client_of):
    world.people["affairs_worker"].posts.update(ends_before=TODAY)
    assert len(names(client_of("upper_worker").get(reverse("members:roster-list", args=[world.branch.public_id])))) == 8


def test_an_empty_roster_offers_the_import(world, client_of):
    empty = organization(world.general_branch, name="新支部")
    someone = member(empty, "何苗")
    post(someone, "branch_secretary")
    account(someone, username="fresh")
    someone.memberships.all().delete()
    world.users["fresh"] = someone.user
    text = client_of("fresh").get(reverse("members:roster-list", args=[empty.public_id])).content.decode()
    assert reverse("members:import-start", args=[empty.public_id]) in text
    assert "Nobody is on the roster yet" in text


@pytest.mark.parametrize("more", [0, 12])
def test_queries_do_not_grow_with_rows(world, client, query_baseline, more):
    for _number in range(more):
        member(world.branch, "冯安")
    with query_baseline("members:roster-list"):
        response = client.get(reverse("members:roster-list", args=[world.branch.public_id]))
    assert len(names(response)) == 8 + more


def test_the_printed_page_says_when_in_the_readers_words(world, client_of):
    url = reverse("members:roster-list", args=[world.branch.public_id])
    assert "Printed 18 Mar 2026 09:00" in client_of("secretary").get(url).content.decode()
