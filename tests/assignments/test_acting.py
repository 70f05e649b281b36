"""What people do with an assignment, and what happens when two do it at once."""

import io
from datetime import timedelta

import pytest
from django.db import transaction

from apps.assignments import registry
from apps.assignments.models import Assignment
from apps.assignments.services import Upload, assignment_act, assignment_give
from apps.core.errors import EditConflict, RuleBroken
from tests.factories import activities as act
from tests.factories import assignments as tasks
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


def test_declined_with_somebody_who_could_do_it_instead(world, one):
    with pytest.raises(RuleBroken, match="somebody else"):
        do(world, one, "decline", "member", text="出差", person=world.people["member"])
    do(world, one, "decline", "member", text="出差", person=world.people["second"])
    assert (one.state, one.substitute) == ("declined", world.people["second"])
    do(world, one, "delegate", "secretary", person=world.people["second"])
    assert (one.state, one.assignee, one.substitute) == ("todo", world.people["second"], None)


def test_a_later_day_is_asked_for_and_given_or_refused(world):
    one = give(world, "member", due_on=make.TODAY + timedelta(days=3))
    with pytest.raises(RuleBroken, match="after the one"):
        do(world, one, "ask", "member", text="来不及", due_on=make.TODAY + timedelta(days=3))
    with pytest.raises(RuleBroken):
        do(world, one, "refuse", "secretary", text="不行")
    later = make.TODAY + timedelta(days=9)
    do(world, one, "ask", "member", text="来不及", due_on=later)
    assert (one.state, one.asked_due_on, one.asked_reason) == ("todo", later, "来不及")
    assert Assignment.objects.waiting_for_giver().get() == one
    do(world, one, "refuse", "secretary", text="要赶上会")
    assert one.asked_due_on is None
    do(world, one, "ask", "member", text="真来不及", due_on=later)
    do(world, one, "postpone", "secretary", due_on=later)
    assert (one.due_on, one.asked_due_on) == (later, None)


def test_reminded_at_most_once_a_day_and_nobody_reminds_for_what_is_handed_in(world, one, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "nudge_listeners", [lambda ids, by, today: told.append(list(ids))])
    do(world, one, "nudge", "secretary")
    with pytest.raises(RuleBroken, match="today already"):
        do(world, one, "nudge", "secretary")
    assert told == [[one.pk]]
    assert one.version == 1  # the form of the member is not stale by that
    Assignment.objects.filter(pk=one.pk).update(nudged_on=make.TODAY - timedelta(days=1))
    do(world, one, "nudge", "secretary")
    do(world, one, "submit", "member", text="好了", version=1)
    with pytest.raises(RuleBroken, match="not their turn"):
        do(world, one, "nudge", "secretary")
    assert len(told) == 2


def pdf(name="证明.pdf", data=b"%PDF-1.4\n%%EOF"):
    return Upload(name, io.BytesIO(data), len(data))


def test_handed_in_with_files_each_content_once(world, one):
    do(world, one, "submit", "member", files=[pdf(), pdf("又一次.pdf")])
    assert [(kept.name, kept.content_type) for kept in one.evidence.all()] == [("证明.pdf", "application/pdf")]
    assert one.state == "submitted"


def test_a_file_that_is_not_what_it_says_leaves_everything_as_it_was(world, one):
    with pytest.raises(RuleBroken, match="not what its name says"), transaction.atomic():
        do(world, one, "submit", "member", text="好了", files=[pdf(data=b"MZ")])
    one.refresh_from_db()
    assert (one.state, one.version, one.evidence.count(), one.events.count()) == ("todo", 1, 0, 1)


def test_what_a_member_does_for_the_committee_the_branch_sends_back_and_the_committee_accepts(world):
    one = tasks.assignment(world.branch, None, world.general_branch)
    do(world, one, "delegate", "secretary", person=world.people["member"])
    do(world, one, "submit", "member", text="好了")
    do(world, one, "return", "secretary", text="漏了一项")
    do(world, one, "submit", "member", text="补上了")
    with pytest.raises(RuleBroken):
        do(world, one, "accept", "secretary")
    assert do(world, one, "accept", "affairs_worker").state == "done"


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
