"""Who gets which answer from the addresses of members."""

from typing import Any

from apps.members.models import ImportBatch
from tests.access import Row
from tests.factories.rosters import imported, row, started
from tests.world import World


def branch(world: World) -> list[Any]:
    return [world.branch.public_id]


def person(role: str) -> Any:
    return lambda world: [world.branch.public_id, world.people[role].public_id]


def hosted(world: World) -> list[Any]:
    """A member of the other branch, asked for at this branch's address: there is no such record here."""
    return [world.branch.public_id, world.people["other_member"].public_id]


def left(world: World) -> list[Any]:
    from tests.factories.branches import TODAY

    world.people["third"].memberships.update(ends_before=TODAY)
    return person("third")(world)


def to_check(world: World) -> list[Any]:
    return [
        world.branch.public_id,
        started(world.branch, world.users["secretary"], [row("钱知行", 身份证号="123")]).public_id,
    ]


def to_map(world: World) -> list[Any]:
    batch = started(world.branch, world.users["secretary"], [row("钱知行")])
    ImportBatch.objects.filter(pk=batch.pk).update(digest="")
    return [world.branch.public_id, batch.public_id]


def done(world: World) -> list[Any]:
    return [world.branch.public_id, imported(world.branch, world.users["secretary"], [row("钱知行")]).public_id]


# anonymous, member, group_leader, committee_member, secretary, other_secretary, affairs_worker, upper_worker, administrator
KEEPERS = (302, 404, 404, 200, 200, 404, 404, 404, 404)
EMPTY = (302, 404, 404, 422, 422, 404, 404, 404, 404)  # let in, empty form refused
REDIRECTED = (302, 404, 404, 302, 302, 404, 404, 404, 404)

ACCESS: dict[str, Row | list[Row]] = {
    "members:roster-list": Row((302, 404, 200, 200, 200, 404, 200, 200, 404), branch),
    "members:roster-export": [
        Row((302, 404, 404, 200, 200, 404, 200, 404, 404), branch),
        Row(
            (302, 404, 404, 200, 200, 404, 200, 404, 404), branch, "post", {"layout": "import", "with_id_numbers": "on"}
        ),
    ],
    "members:person-own": Row((302, 200, 200, 200, 200, 200, 200, 200, 404)),
    "members:person-detail": [
        Row(
            (302, 404, 200, 200, 200, 404, 200, 404, 404), person("second")
        ),  # the group leader leads the second's group
        Row((302, 404, 404, 200, 200, 404, 200, 404, 404), person("third")),
        Row((302, 200, 404, 200, 200, 404, 200, 404, 404), person("member")),  # oneself
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), hosted),
    ],
    "members:id-number-show": [
        Row((302, 404, 404, 302, 302, 404, 302, 404, 404), person("second"), "post"),  # no number on record
        Row((302, 302, 404, 302, 302, 404, 302, 404, 404), person("member"), "post"),
    ],
    "members:person-create": [Row(KEEPERS, branch), Row(EMPTY, branch, "post")],
    "members:person-change": [Row(KEEPERS, person("member")), Row(EMPTY, person("member"), "post")],
    "members:membership-change": [Row(KEEPERS, person("member")), Row(EMPTY, person("member"), "post")],
    "members:membership-end": [Row(KEEPERS, person("member")), Row(EMPTY, person("member"), "post")],
    "members:member-return": [Row(KEEPERS, left), Row(EMPTY, left, "post")],
    "members:import-start": [Row(KEEPERS, branch), Row(EMPTY, branch, "post")],
    "members:import-detail": [Row(KEEPERS, to_check), Row(KEEPERS, done)],
    "members:import-columns": [Row(KEEPERS, to_map), Row(EMPTY, to_check, "post")],
    "members:import-confirm": Row(REDIRECTED, to_check, "post"),
    "members:import-progress": Row(KEEPERS, done),
    "members:import-problems": Row(KEEPERS, to_check),
    "members:import-undo": Row(REDIRECTED, done, "post"),
    "members:import-discard": Row(REDIRECTED, done, "post"),
}
