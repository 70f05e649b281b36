"""Who gets which answer from the addresses of assignments."""

from apps.assignments.services import assignment_give
from tests.access import Row
from tests.factories import activities as act


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


LEADS = (302, 404, 404, 404, 200, 404, 404, 404, 404)
ACCESS = {
    "assignments:assignment-mine": Row((302, 200, 200, 200, 200, 200, 200, 200, 200)),
    "assignments:assignment-list": Row((302, 404, 404, 200, 200, 404, 404, 404, 404), branch),
    "assignments:assignment-new": [Row(LEADS, branch), Row((302, 404, 404, 404, 422, 404, 404, 404, 404), branch, "post")],
    "assignments:assignment-detail": Row((302, 200, 404, 200, 200, 404, 404, 404, 404), one),
    "assignments:assignment-act": [
        Row((302, 404, 404, 404, 422, 404, 404, 404, 404), cancel, "post"),
        Row((302, 302, 404, 404, 404, 404, 404, 404, 404), begin, "post", {"version": "1"}),
    ],
}  # fmt: skip
