"""Who gets which answer from the addresses of assignments."""

from apps.assignments.models import Assignment
from apps.assignments.services import assignment_give
from tests.access import Row
from tests.factories import activities as act
from tests.factories import assignments as tasks


def branch(world):
    return [world.branch.public_id]


def one(world):
    row = assignment_give(
        organization=world.branch,
        assignee=world.people["member"],
        title="联系社区",
        by=world.users["secretary"],
        now=act.at(),
    )
    return [world.branch.public_id, row.public_id]


def cancel(world):
    return [*one(world), "cancel"]


def begin(world):
    return [*one(world), "begin"]


def file(world):
    there = one(world)
    task = Assignment.objects.get(public_id=there[1])
    return [*there, tasks.evidence(task, world.users["secretary"]).public_id]


def committee(world):
    return [world.general_branch.public_id]


def sent(world):
    return [world.general_branch.public_id, tasks.batch(world.general_branch, [world.branch]).public_id]


STAFF = (302, 404, 404, 404, 404, 404, 200, 404, 404)
LEADS = (302, 404, 404, 404, 200, 404, 404, 404, 404)
ACCESS = {
    "assignments:assignment-mine": Row((302, 200, 200, 200, 200, 200, 200, 200, 200)),
    "assignments:assignment-list": Row((302, 404, 404, 200, 200, 404, 404, 404, 404), branch),
    "assignments:assignment-new": [Row(LEADS, branch), Row((302, 404, 404, 404, 422, 404, 404, 404, 404), branch, "post")],
    "assignments:assignment-detail": Row((302, 200, 404, 200, 200, 404, 404, 404, 404), one),
    "assignments:evidence-detail": Row((302, 200, 404, 200, 200, 404, 404, 404, 404), file),
    "assignments:request-list": Row(STAFF, committee),
    "assignments:request-new": [
        Row(STAFF, committee), Row((302, 404, 404, 404, 404, 404, 422, 404, 404), committee, "post"),
    ],
    "assignments:request-detail": Row(STAFF, sent),
    "assignments:request-export": Row(STAFF, sent),
    "assignments:request-act": Row((302, 404, 404, 404, 404, 404, 422, 404, 404), sent, "post"),
    "assignments:assignment-act": [
        Row((302, 404, 404, 404, 422, 404, 404, 404, 404), cancel, "post"),
        Row((302, 302, 404, 404, 404, 404, 404, 404, 404), begin, "post", {"version": "1"}),
    ],
}  # fmt: skip
