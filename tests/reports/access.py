"""Who gets which answer from the pages of reports: tests.access."""

from tests.access import Row
from tests.world import World


def branch(world: World) -> list:
    return [world.branch.public_id]


def general(world: World) -> list:
    return [world.general_branch.public_id]


# anonymous, member, group leader, committee member, secretary, other secretary, affairs worker, upper worker, administrator
PACK = (302, 404, 404, 404, 200, 404, 200, 404, 404)
ACCESS = {
    "reports:coming-list": [
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
        Row((302, *[404] * 8), branch),
    ],
    "reports:participation-detail": [
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "reports:quality-list": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), general),
        Row((302, *[404] * 8), branch),
    ],
    "reports:handover-pack": [Row(PACK, branch), Row((302, *[404] * 8), general)],
    "reports:handover-paper": Row(PACK, branch),
    "reports:handover-change": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 422, 404, 404), branch, "post"),
    ],
}
