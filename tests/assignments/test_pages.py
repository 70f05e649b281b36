"""The pages of assignments: what they show, and how many queries they take."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.assignments.services import assignment_give
from tests.factories import activities as act
from tests.factories import assignments as tasks


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
    at, above = world.branch.public_id, world.general_branch.public_id
    sent = tasks.batch(world.general_branch, [world.branch, world.other_branch])
    for _place in range(number - 1):
        tasks.batch(world.general_branch, [world.branch])
    for role, name, args in (
        ("member", "assignment-mine", []), ("secretary", "assignment-list", [at]), ("secretary", "assignment-new", [at]),
        ("secretary", "assignment-detail", [at, one.public_id]), ("affairs_worker", "request-list", [above]),
        ("affairs_worker", "request-new", [above]), ("affairs_worker", "request-detail", [above, sent.public_id]),
        ("affairs_worker", "request-export", [above, sent.public_id]),
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


def test_somebody_who_has_just_left_is_said_clearly_and_the_text_stays(world, client_of):
    """The page was opened while the member was still on the list."""
    one = give(world)
    url = reverse("assignments:assignment-act", args=[world.branch.public_id, one.public_id, "delegate"])
    world.people["second"].memberships.update(ends_before=act.at().date())
    typed = {"version": "1", "person": world.people["second"].pk, "text": "你熟悉情况"}
    page = client_of("secretary").post(url, typed)
    assert page.status_code == 422
    assert "no longer a member" in page.content.decode()
    assert "你熟悉情况" in page.content.decode()
    one.refresh_from_db()
    assert one.assignee == world.people["member"]


def test_a_file_handed_in_is_read_by_giver_and_member_alone(world, client_of):
    one = give(world)
    url = reverse("assignments:assignment-act", args=[world.branch.public_id, one.public_id, "submit"])
    file = SimpleUploadedFile("证明.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    assert client_of("member").post(url, {"version": "1", "files": [file]}).status_code == 302
    kept = one.evidence.get()
    there = reverse("assignments:evidence-detail", args=[world.branch.public_id, one.public_id, kept.public_id])
    assert client_of("secretary").get(there).content == b"%PDF-1.4\n%%EOF"
    assert client_of("group_leader").get(there).status_code == 404


def test_done_on_behalf_is_marked_on_the_page(world, client_of):
    one = assignment_give(
        organization=world.branch, assignee=world.people["second"], title="送学上门", by=world.users["secretary"], now=act.at()
    )  # fmt: skip
    secretary = client_of("secretary")
    url = reverse("assignments:assignment-detail", args=[world.branch.public_id, one.public_id])
    assert "has no account" in secretary.get(url).content.decode()
    assert secretary.post(f"{url}finish/", {"version": "1", "text": "电话里说的"}).status_code == 302
    assert "noted on behalf" in secretary.get(url).content.decode()
