"""Who gets which answer: anonymous, member, group_leader, committee_member, secretary, other_secretary, affairs_worker,
upper_worker, administrator."""

from tests.access import Row
from tests.factories.branches import TODAY
from tests.world import World


def branch(world: World) -> list:
    return [world.branch.public_id]


def general(world: World) -> list:
    return [world.general_branch.public_id]


def post(kind: str):
    return lambda world: [world.branch.public_id, world.branch.posts.get(kind=kind).pk]


def group(world: World) -> list:
    return [world.branch.public_id, world.group.public_id]


def member(world: World) -> list:
    return [world.branch.public_id, world.people["member"].public_id]


def not_counted(world: World) -> list:
    row = world.branch.not_counted.get_or_create(
        person=world.people["third"], ground="away", resolution="x", starts_on=TODAY
    )
    return [world.branch.public_id, row[0].pk]


INSIDE = (302, 200, 200, 200, 200, 404, 200, 200, 200)
ABOVE = (302, 404, 404, 404, 404, 404, 200, 200, 200)  # staff of any level above, and the administrator
LEADER = (302, 404, 404, 404, 200, 404, 404, 404, 404)
LEADER_AND_ABOVE = (302, 404, 404, 404, 200, 404, 200, 200, 200)


def refused(answers: tuple[int, ...]) -> tuple[int, ...]:
    """The same people, an empty form."""
    return tuple(422 if answer == 200 else answer for answer in answers)


ACCESS = {
    "branches:liaison-list": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 200), args=general),
        Row((302, 404, 404, 404, 404, 404, 302, 404, 302), args=general, method="post"),
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), args=branch),
    ],
    "branches:organization-list": [
        Row((302, 404, 404, 404, 404, 404, 200, 200, 200)),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 200), query="?q=车间"),
    ],
    "branches:organization-create": [
        Row((302, 404, 404, 404, 404, 404, 404, 404, 200)),  # a new top
        Row((302, 404, 404, 404, 404, 404, 404, 404, 422), method="post"),
    ],
    "branches:organization-detail": [
        Row(INSIDE, args=branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 200), args=general),
    ],
    "branches:organization-change": [
        Row(LEADER_AND_ABOVE, args=branch),
        Row(refused(LEADER_AND_ABOVE), args=branch, method="post"),
        Row((302, 404, 404, 404, 404, 404, 404, 200, 200), args=general),  # not one's own committee
    ],
    "branches:organization-move": [Row(ABOVE, args=branch), Row(refused(ABOVE), args=branch, method="post")],
    "branches:organization-dissolve": [Row(ABOVE, args=branch), Row(refused(ABOVE), args=branch, method="post")],
    "branches:import-start": [
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), args=branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 200), args=general),
        Row((302, 404, 404, 404, 404, 404, 422, 422, 422), args=general, method="post"),
    ],
    "branches:import-confirm": Row((302, 404, 404, 404, 404, 404, 422, 422, 422), args=general, method="post"),
    "branches:post-create": [
        Row((302, 404, 404, 404, 200, 404, 200, 404, 404), args=branch),
        Row((302, 404, 404, 404, 422, 404, 422, 404, 404), args=branch, method="post"),
        Row((302, 404, 404, 404, 404, 404, 404, 200, 200), args=general),  # a general branch has a secretary, and staff
    ],
    "branches:post-end": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), args=post("branch_secretary")),
        Row((302, 404, 404, 404, 200, 404, 404, 404, 404), args=post("discipline_member")),
        Row((302, 404, 404, 404, 422, 404, 404, 404, 404), args=post("discipline_member"), method="post"),
    ],
    "branches:group-create": [
        Row(LEADER_AND_ABOVE, args=branch),
        Row(refused(LEADER_AND_ABOVE), args=branch, method="post"),
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), args=general),
    ],
    "branches:group-change": [
        Row(LEADER_AND_ABOVE, args=group),
        Row(refused(LEADER_AND_ABOVE), args=group, method="post"),
    ],
    "branches:not-counted-list": [Row(LEADER, args=branch), Row(refused(LEADER), args=branch, method="post")],
    "branches:not-counted-end": [Row(LEADER, args=not_counted), Row(refused(LEADER), args=not_counted, method="post")],
    "branches:account-list": [
        Row((302, 404, 404, 404, 200, 404, 200, 404, 200), args=branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 200), args=general),
    ],
    "branches:account-issue": [
        Row((302, 404, 404, 404, 422, 404, 422, 404, 422), args=branch, method="post"),
        Row((302, *[405] * 8), args=branch),
    ],
    "branches:account-close": [
        Row(
            (302, 404, 404, 404, 302, 404, 422, 404, 404), args=member, method="post"
        ),  # staff: told who answers for it
    ],
    "branches:account-reopen": [Row((302, 404, 404, 404, 422, 404, 422, 404, 404), args=member, method="post")],
}
