"""Who may open what; tests/access.py explains."""

from tests.access import Row
from tests.factories import supervision as made
from tests.factories import voices as said
from tests.world import World


def way_of_row(world: World) -> list:
    return [world.branch.public_id, "rectification", made.row(world.branch).public_id]


def way_of_matter(world: World) -> list:
    return [world.branch.public_id, "matter", said.matter(world, handler="committee_member").public_id]


ACCESS: dict[str, Row | list[Row]] = {
    "chains:chain-detail": [
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), way_of_row),
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), way_of_matter),
    ],
}
