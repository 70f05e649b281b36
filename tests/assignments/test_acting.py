"""What people do with an assignment, and what happens when two do it at once."""

from datetime import timedelta

import pytest

from apps.assignments.models import Assignment
from apps.assignments.services import assignment_act, assignment_give
from apps.core.errors import EditConflict, RuleBroken
from tests.factories import activities as act
from tests.factories import branches as make


@pytest.fixture
def one(world):
    return give(world, "member")


def give(world, to, **fields):
    return assignment_give(
        organization=world.branch, assignee=world.people[to], title="联系社区", by=world.users["secretary"], now=act.at(),
        **fields,
    )  # fmt: skip


def do(world, one, what, role, **fields):
    row = Assignment.objects.select_related("assignee__user", "organization").get(pk=one.pk)
    fields.setdefault("version", row.version)
    assignment_act(one=row, act=what, by=world.users[role], now=act.at(), **fields)
    one.refresh_from_db()
    return one


def test_submitted_returned_submitted_accepted(world, one):
    do(world, one, "begin", "member")
    do(world, one, "submit", "member", text="已联系")
    do(world, one, "return", "secretary", text="请写明时间")
    do(world, one, "submit", "member", text="3月8日上午")
    assert do(world, one, "accept", "secretary").state == "done"
    steps = one.events.values_list("act", "text", "on_behalf")
    assert list(steps) == [
        ("give", "", False), ("begin", "", False), ("submit", "已联系", False), ("return", "请写明时间", False),
        ("submit", "3月8日上午", False), ("accept", "", False),
    ]  # fmt: skip


def test_the_assignee_cannot_accept_and_the_member_beside_can_do_nothing(world, one):
    do(world, one, "submit", "member", text="好了")
    for role in ("member", "group_leader", "committee_member", "other_secretary"):
        with pytest.raises(RuleBroken):
            do(world, one, "accept", role)


def test_on_behalf_of_a_member_without_account_and_marked(world):
    one = give(world, "second")
    assert world.people["second"].user is None
    assert do(world, one, "finish", "secretary", text="电话里说的").state == "done"
    assert one.events.last().on_behalf


def test_never_on_behalf_of_one_who_can_sign_in(world, one):
    with pytest.raises(RuleBroken):
        do(world, one, "finish", "secretary")


def test_declined_is_passed_on_and_one_who_has_left_gets_nothing(world, one):
    do(world, one, "decline", "member", text="出差")
    with pytest.raises(RuleBroken, match="no longer a member"):
        do(world, one, "delegate", "secretary", person=world.people["other_member"])
    assert do(world, one, "delegate", "secretary", person=world.people["second"]).state == "todo"
    assert one.assignee == world.people["second"]


def test_postponed_to_a_day_to_come(world, one):
    with pytest.raises(RuleBroken):
        do(world, one, "postpone", "secretary", due_on=make.TODAY - timedelta(days=1))
    day = make.TODAY + timedelta(days=9)
    assert do(world, one, "postpone", "secretary", due_on=day).due_on == day


def test_two_at_once_conflict_and_the_same_press_twice_does_not(world, one):
    do(world, one, "submit", "member", text="好了", version=1)
    do(world, one, "submit", "member", text="好了", version=1)
    assert one.events.count() == 2
    with pytest.raises(EditConflict):
        do(world, one, "cancel", "secretary", text="不用了", version=1)
    assert one.state == "submitted"


def test_given_once_however_often_the_button_is_pressed(world):
    assert give(world, "member", request_key="k") == give(world, "member", request_key="k")
    with pytest.raises(RuleBroken, match="no longer a member"):
        give(world, "other_member")


def test_who_sees_it(world, one):
    seen = {role for role, user in world.users.items() if user and Assignment.objects.visible_to(user).exists()}
    assert seen == {"member", "committee_member", "secretary"}
    assert {role for role, user in world.users.items() if user and Assignment.objects.manageable_by(user).exists()} == {
        "secretary"
    }


def test_overdue_from_the_day_after_until_it_is_handed_in(world):
    one = give(world, "member", due_on=make.TODAY)
    late = make.TODAY + timedelta(days=1)
    assert not Assignment.objects.overdue(make.TODAY).exists()
    assert Assignment.objects.overdue(late).get() == one
    do(world, one, "submit", "member", text="好了")
    assert not Assignment.objects.overdue(late).exists()
