"""The pages of assignments: what they show, and how many queries they take."""

import pytest
from django.urls import reverse

from apps.assignments.services import assignment_give
from tests.factories import activities as act


def give(world, title="联系社区"):
    return assignment_give(
        organization=world.branch,
        assignee=world.people["member"],
        title=title,
        by=world.users["secretary"],
        now=act.at(),
    )


@pytest.mark.parametrize("number", [1, 6])
def test_queries_do_not_grow(world, client_of, query_baseline, number):
    one = next(iter([give(world, f"任务{place}") for place in range(number)]))
    at = world.branch.public_id
    for role, name, args in (
        ("member", "assignment-mine", []), ("secretary", "assignment-list", [at]), ("secretary", "assignment-new", [at]),
        ("secretary", "assignment-detail", [at, one.public_id]),
    ):  # fmt: skip
        client = client_of(role)
        with query_baseline(f"assignments:{name}"):
            page = client.get(reverse(f"assignments:{name}", args=args))
        assert page.status_code == 200


def test_a_conflict_shows_both_texts(world, client_of):
    one = give(world)
    url = reverse("assignments:assignment-act", args=[world.branch.public_id, one.public_id, "submit"])
    assert client_of("member").post(url, {"version": "1", "text": "已联系"}).status_code == 302
    page = client_of("secretary").post(url.replace("submit", "cancel"), {"version": "1", "text": "不用了"})
    assert page.status_code == 409
    assert "已联系" in page.content.decode()
    assert "不用了" in page.content.decode()
    one.refresh_from_db()
    assert one.state == "submitted"


def test_it_stands_on_the_home_page_of_who_does_it(world, client_of):
    one = give(world)
    assert one.title in client_of("member").get(reverse("core:home")).content.decode()
