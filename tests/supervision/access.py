"""Who gets which answer from the pages of supervision: tests.access."""

from datetime import timedelta

from apps.supervision.services import ledger
from tests.access import Row
from tests.factories import supervision as make
from tests.factories.activities import at
from tests.factories.branches import TODAY
from tests.world import World


def branch(world: World) -> list:
    return [world.branch.public_id]


def general(world: World) -> list:
    return [world.general_branch.public_id]


def from_above(world: World) -> list:
    """Found by staff, owned by the member; closing is asked for."""
    one = make.asked(
        world.branch, world.users["secretary"], checking=world.general_branch, owner=world.people["member"]
    )
    return [world.branch.public_id, one.public_id]


def working(world: World) -> list:
    one = make.row(world.branch, checking=world.general_branch, owner=world.people["member"])
    return [world.branch.public_id, one.public_id]


def own_check(world: World) -> list:
    """Found by the branch itself, owned by the member."""
    one = make.asked(world.branch, world.users["secretary"], owner=world.people["member"])
    return [world.branch.public_id, one.public_id]


def proof(world: World) -> list:
    one = make.row(world.branch, checking=world.general_branch, owner=world.people["member"])
    return [world.branch.public_id, make.proof(one, world.users["secretary"]).public_id]


def kept_proof(world: World) -> list:
    """Of a row that is closed: whoever works on it is told why the file stays."""
    one = make.row(world.branch, checking=world.general_branch, owner=world.people["member"])
    file = make.proof(one, world.users["secretary"])
    ledger.closing_ask(row=one, by=world.users["secretary"], now=at(), text="好了")
    ledger.closing_accept(row=one, by=world.users["affairs_worker"], now=at())
    return [world.branch.public_id, file.public_id]


def visited(world: World) -> list:
    """Today, with the other branch's secretary on the team, typed and not closed."""
    one = make.filled(make.visit(world, team=[world.people["other_secretary"]]))
    return [world.general_branch.public_id, one.public_id]


def visited_later(world: World) -> list:
    """The same before its day."""
    day = TODAY + timedelta(days=3)
    one = make.visit(world, team=[world.people["other_secretary"]], starts_on=day)
    return [world.general_branch.public_id, one.public_id]


def closed_visit(world: World) -> list:
    return [world.general_branch.public_id, make.closed_visit(world).public_id]


def photo(world: World) -> list:
    one = make.visit(world, team=[world.people["other_secretary"]])
    return [world.general_branch.public_id, make.photo(one, world.users["affairs_worker"]).public_id]


def own_look(world: World) -> list:
    """The branch looks at itself."""
    one = make.visit(world, organization=world.branch, by=world.users["secretary"])
    return [world.branch.public_id, one.public_id]


def helped(world: World) -> list:
    return [world.branch.public_id, make.help_plan(world).public_id]


# anonymous, member, group leader, committee member, secretary, other secretary, affairs worker, upper worker, administrator
LEDGER = (302, 404, 404, 200, 200, 404, 200, 200, 404)
READ = (302, 200, 404, 200, 200, 404, 200, 200, 404)
WORK = (302, 422, 404, 422, 422, 404, 404, 404, 404)
ACCESS = {
    "supervision:rectification-list": [
        Row(LEDGER, branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general, query="?state=asked&branch=车间"),
    ],
    "supervision:rectification-export": [
        Row(LEDGER, branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "supervision:rectification-add": [
        Row(LEDGER, branch),
        Row((302, 404, 404, 422, 422, 404, 422, 422, 404), branch, "post"),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "supervision:rectification-accept": [
        Row((302, 404, 404, 302, 302, 404, 302, 302, 404), branch, "post"),
        Row((302, 404, 404, 404, 404, 404, 302, 302, 404), general, "post"),
    ],
    "supervision:rectification-detail": [Row(READ, from_above), Row(READ, own_check), Row(READ, working)],
    "supervision:rectification-assign": Row((302, 404, 404, 422, 422, 404, 404, 404, 404), working, "post"),
    "supervision:rectification-measures": Row(WORK, working, "post"),
    "supervision:rectification-progress": Row(WORK, working, "post"),
    "supervision:rectification-ask": Row(WORK, working, "post"),
    "supervision:rectification-decide": [
        Row((302, 404, 404, 404, 404, 404, 422, 404, 404), from_above, "post"),
        Row((302, 404, 404, 404, 422, 404, 422, 404, 404), own_check, "post"),
    ],
    "supervision:rectification-change": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), working),
        Row((302, 404, 404, 404, 404, 404, 422, 404, 404), working, "post"),
    ],
    "supervision:proof-detail": Row(READ, proof),
    "supervision:proof-thumb": Row(READ, proof),
    "supervision:proof-remove": Row((302, 302, 404, 302, 302, 404, 404, 404, 404), kept_proof, "post"),
    "supervision:visit-list": [
        Row(LEDGER, branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "supervision:visit-plan": [
        Row((302, 404, 404, 404, 200, 404, 404, 404, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), general),
        Row((302, 404, 404, 404, 404, 404, 422, 404, 404), general, "post"),
    ],
    "supervision:visit-detail": [
        Row((302, 404, 404, 404, 404, 200, 200, 200, 404), visited),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), visited_later),
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), closed_visit),
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), own_look),
    ],
    "supervision:visit-fill": [
        Row((302, 404, 404, 404, 404, 200, 200, 404, 404), visited),
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), visited_later),
        Row((302, 404, 404, 404, 200, 404, 404, 404, 404), own_look),
        Row((302, 404, 404, 404, 404, 409, 409, 404, 404), visited, "post", {"record": "别的", "version": "1"}),
    ],
    "supervision:visit-send": [
        Row((302, 404, 404, 404, 404, 200, 200, 404, 404), visited),
        Row((302, 404, 404, 404, 404, 409, 409, 404, 404), visited, "post"),
    ],
    "supervision:visit-cancel": Row((302, 404, 404, 404, 404, 422, 422, 404, 404), visited, "post"),
    "supervision:visit-letter": [
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), closed_visit),
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), visited),
    ],
    "supervision:help-list": [
        Row(LEDGER, branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "supervision:help-set": [
        Row((302, *[404] * 8), branch),
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), general),
        Row((302, 404, 404, 404, 404, 404, 422, 404, 404), general, "post"),
    ],
    "supervision:help-detail": Row(LEDGER, helped),
    "supervision:help-note": Row((302, 404, 404, 404, 422, 404, 422, 404, 404), helped, "post"),
    "supervision:help-review": Row((302, 404, 404, 404, 404, 404, 422, 404, 404), helped, "post"),
    "supervision:visit-photos": Row((302, 404, 404, 404, 404, 302, 302, 404, 404), visited, "post"),
    "supervision:photo-detail": Row((302, 404, 404, 404, 404, 200, 200, 200, 404), photo),
    "supervision:photo-thumb": Row((302, 404, 404, 404, 404, 200, 200, 200, 404), photo),
}
