"""From a committee to many branches at once, and one act on all of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.assignments import registry
from apps.assignments.models import Assignment, Batch
from apps.assignments.services import batch_accept, batch_cancel, batch_nudge, request_send
from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from tests.factories import branches as make
from tests.factories.activities import at
from tests.factories.assignments import DUE, batch
from tests.factories.branches import TODAY


def send(world, branches=None, role="affairs_worker", **fields):
    fields = {"organization": world.general_branch, "title": "报送年度计划", "due_on": DUE} | fields
    return request_send(branches=branches, by=world.users[role], now=at(), **fields)


def states(one):
    return sorted(one.assignments.values_list("state", flat=True))


def test_one_row_for_every_branch_below_that_is_not_dissolved(world):
    gone = make.organization(world.general_branch, name="已撤销党支部")
    Organization.objects.filter(pk=gone.pk).update(dissolved_on=TODAY)
    one = send(world, note="用模板")
    found = one.assignments.order_by("organization__path").values_list(
        "organization", "assignee", "given_by_organization", "title", "note", "due_on", "state", "source"
    )
    same = (None, world.general_branch.pk, "报送年度计划", "用模板", DUE, "todo", "request")
    assert list(found) == [(world.branch.pk, *same), (world.other_branch.pk, *same)]
    assert one.size == 2
    assert len(set(one.assignments.values_list("public_id", flat=True))) == 2
    assert {len(public_id) for public_id in one.assignments.values_list("public_id", flat=True)} == {12}
    assert [event.act for row in one.assignments.all() for event in row.events.all()] == ["give", "give"]


def test_only_those_chosen_and_none_outside_the_subtree(world):
    elsewhere = make.organization(world.committee, name="别处党支部")
    one = send(world, [world.other_branch.pk, elsewhere.pk, world.committee.pk])
    assert [row.organization for row in one.assignments.all()] == [world.other_branch]
    with pytest.raises(RuleBroken, match="no branch"):
        send(world, [elsewhere.pk])
    assert Batch.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "fields", "says"),
    [
        ("upper_worker", {}, "staff of this committee"),
        ("secretary", {}, "staff of this committee"),
        ("affairs_worker", {"branches": []}, "at least one"),
        ("affairs_worker", {"due_on": TODAY - timedelta(days=1)}, "still to come"),
    ],
)
def test_what_is_refused(world, role, fields, says):
    with pytest.raises(RuleBroken, match=says):
        send(world, role=role, **fields)
    assert not Assignment.objects.exists()


def test_the_second_press_answers_with_the_first_ones_rows(world):
    assert send(world, request_key="k") == send(world, request_key="k")
    assert Assignment.objects.count() == 2


def test_as_many_statements_for_two_branches_as_for_thirty(world):
    with CaptureQueriesContext(connection) as few:
        send(world)
    for number in range(28):
        make.organization(world.general_branch, name=f"第{number}党支部")
    with CaptureQueriesContext(connection) as many:
        assert send(world).size == 30
    assert len(few) == len(many)


def test_all_are_reminded_whose_turn_it_is_once_a_day(world, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "nudge_listeners", [lambda ids, by, today: told.append(set(ids))])
    branches = [world.branch, world.other_branch, make.organization(world.general_branch, name="三车间党支部")]
    one = batch(world.general_branch, branches, states=["todo", "submitted", "returned"])
    staff = world.users["affairs_worker"]
    assert batch_nudge(batch=one, by=staff, now=at()) == 2
    assert batch_nudge(batch=one, by=staff, now=at()) == 0
    assert told == [set(one.assignments.exclude(state="submitted").values_list("pk", flat=True))]


def test_accepted_are_those_picked_that_were_handed_in(world):
    one = batch(world.general_branch, [world.branch, world.other_branch], states=["submitted", "doing"])
    ids = list(one.assignments.values_list("public_id", flat=True))
    assert batch_accept(batch=one, by=world.users["affairs_worker"], now=at(), chosen=[*ids, "fremd"]) == 1
    assert states(one) == ["doing", "done"]
    with pytest.raises(RuleBroken):
        batch_accept(batch=one, by=world.users["secretary"], now=at(), chosen=ids)


def test_called_off_is_what_is_open_with_its_reason(world):
    one = batch(world.general_branch, [world.branch, world.other_branch], states=["done", "doing"])
    with pytest.raises(RuleBroken):
        batch_cancel(batch=one, by=world.users["affairs_worker"], now=at(), reason=" ")
    assert batch_cancel(batch=one, by=world.users["affairs_worker"], now=at(), reason="不用了") == 1
    assert states(one) == ["cancelled", "done"]
    assert one.assignments.get(state="cancelled").events.get().text == "不用了"


def test_the_form_sends_to_the_branches_picked_and_finding_keeps_what_was_typed(world, client_of):
    url = reverse("assignments:request-new", args=[world.general_branch.public_id])
    staff = client_of("affairs_worker")
    key = staff.get(url).context["form"]["request_key"].value()
    typed = {"title": "报送计划", "to": "some", "request_key": key, "branch": [world.branch.public_id]}
    page = staff.post(url, typed | {"find": "1", "look": "二车间"})
    assert [one.pk for one in page.context["offered"]] == [world.other_branch.pk]
    assert page.context["kept"] == [world.branch.public_id]
    assert "报送计划" in page.content.decode()
    assert staff.post(url, typed).status_code == 302
    assert Assignment.objects.get().organization == world.branch


def test_the_roll_up_filters_reminds_and_accepts(world, client_of):
    one = batch(world.general_branch, [world.branch, world.other_branch], states=["submitted", "doing"])
    url = reverse("assignments:request-detail", args=[world.general_branch.public_id, one.public_id])
    staff = client_of("affairs_worker")
    page = staff.get(url + "?state=submitted")
    assert [row.organization for row in page.context["rows"]] == [world.branch]
    assert {state: count for state, _label, count in page.context["counts"]} == {"submitted": 1, "doing": 1}
    ids = list(one.assignments.values_list("public_id", flat=True))
    assert staff.post(url + "all/", {"act": "accept", "chosen": ids}).status_code == 302
    assert states(one) == ["doing", "done"]
    assert staff.post(url + "all/", {"act": "cancel", "reason": ""}).status_code == 422


def test_a_page_begins_after_the_last_row_of_the_one_before(world, client_of):
    more = [make.organization(world.general_branch, name=f"第{number}党支部") for number in range(50)]
    one = send(world)
    url = reverse("assignments:request-detail", args=[world.general_branch.public_id, one.public_id])
    staff = client_of("affairs_worker")
    first = staff.get(url)
    second = staff.get(first.context["next_url"])
    shown = [row.organization for page in (first, second) for row in page.context["rows"]]
    assert shown == sorted([world.branch, world.other_branch, *more], key=lambda branch: branch.path)
    assert second.context["next_url"] == ""


def test_levels_above_the_nearest_staff_read_no_names_of_people(world, client_of):
    """Personal data: the branch and the nearest superior with staff."""
    near, far = batch(world.general_branch, [world.branch]), batch(world.committee, [world.branch])
    for one, role, sees in ((near, "affairs_worker", True), (far, "upper_worker", False)):
        row = one.assignments.get()
        row.assignee = world.people["member"]
        row.save()
        url = reverse("assignments:assignment-detail", args=[world.branch.public_id, row.public_id])
        assert (world.people["member"].name in client_of(role).get(url).content.decode()) == sees
