"""What stands on the home pages of member, secretary and staff, and what comes back on the next agenda."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.activities import registry
from apps.activities.models import ActivityKind
from tests.factories import activities as act
from tests.factories import assignments as tasks
from tests.factories.branches import TODAY

LATE, SOON = TODAY - timedelta(days=2), TODAY + timedelta(days=2)


def home(client_of, role):
    context = client_of(role).get(reverse("core:home")).context
    return [
        {(row.title, row.status) for row in context[name] if row.domain == "assignment"} for name in ("mine", "others")
    ]


def test_mine_first_and_what_the_others_have_to_answer_below(world, client_of):
    for title, state in (("要做", "todo"), ("退回", "returned"), ("已交", "submitted"), ("做完", "done")):
        tasks.assignment(world.branch, world.people["member"], state=state, title=title)
    tasks.assignment(world.branch, world.people["second"], title="别人的")
    assert home(client_of, "member") == [{("要做", "todo"), ("退回", "returned")}, {("已交", "submitted")}]


def test_the_secretary_decides_does_the_branchs_and_sees_what_is_late(world, client_of):
    member = world.people["member"]
    for title, fields in (
        ("待确认", {"state": "submitted"}), ("办不了", {"state": "declined"}), ("逾期", {"due_on": LATE}),
        ("延期", {"asked_due_on": SOON, "due_on": SOON}), ("不急", {"due_on": SOON}),
    ):  # fmt: skip
        tasks.assignment(world.branch, member, title=title, **fields)
    tasks.assignment(world.branch, None, world.general_branch, title="上级的")
    tasks.assignment(world.other_branch, world.people["other_member"], title="外支部", due_on=LATE)
    mine, others = home(client_of, "secretary")
    assert mine == {("待确认", "submitted"), ("办不了", "declined"), ("延期", "todo"), ("上级的", "todo")}
    assert others == {("逾期", "todo")}


def test_staff_have_a_row_a_request_that_waits_for_them(world, client_of):
    tasks.batch(
        world.general_branch, [world.branch, world.other_branch], states=["submitted", "declined"], title="等答复"
    )
    tasks.batch(world.general_branch, [world.branch], title="在办")
    page = client_of("affairs_worker").get(reverse("core:home"))
    (row,) = [row for row in page.context["mine"] if row.domain == "assignment"]
    assert (row.title, row.detail) == ("等答复", "2 branches wait for an answer")


@pytest.mark.parametrize(
    ("fields", "comes_back"),
    [
        ({"due_on": TODAY}, True), ({"due_on": SOON}, False), ({"due_on": None}, True),
        ({"state": "returned", "due_on": SOON}, True),
        ({"state": "declined", "due_on": SOON}, True), ({"state": "submitted", "due_on": LATE}, False),
        ({"state": "done", "due_on": LATE}, False), ({"state": "cancelled", "due_on": LATE}, False),
    ],
)  # fmt: skip
def test_what_is_unfinished_comes_back_on_the_committees_next_agenda(world, fields, comes_back):
    tasks.assignment(world.branch, world.people["member"], **fields)
    committee, general = (ActivityKind.objects.get(slug=slug) for slug in ("committee_meeting", "general_meeting"))
    assert registry.agenda_for(world.branch, committee, TODAY) == (["Unfinished: 联系社区"] if comes_back else [])
    assert registry.agenda_for(world.branch, general, TODAY) == []
    assert registry.agenda_for(world.other_branch, committee, TODAY) == []


def test_one_tap_puts_it_on_the_agenda(world, client_of):
    tasks.assignment(world.branch, world.people["member"], due_on=LATE)
    one = act.draft(world.branch, world.users["secretary"], "committee_meeting", typed={"held_on": ["0318"]})
    url = reverse("activities:log-edit", args=[world.branch.public_id, one.public_id])
    secretary = client_of("secretary")
    form = secretary.get(url + "?step=3").context["log"].parts[0].form
    assert "Unfinished: 联系社区" in [value for value, _label in form.fields["chips"].choices]
    typed = {
        "version": one.version, "kind": "committee_meeting", "held_on": "0318", "main-chips": "Unfinished: 联系社区", "go": "4",
    }  # fmt: skip
    assert secretary.post(url, typed).status_code == 302
    log = secretary.get(url + "?step=4").context["log"]
    assert [item.title for item in log.record.parts[0].agenda] == ["Unfinished: 联系社区"]
