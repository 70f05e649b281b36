"""Who gets which answer from the pages about duties: tests.access."""

from datetime import date

from apps.duties.models import DutyRule
from apps.duties.services import tailoring
from apps.duties.services.laying_out import materialise
from tests.access import Row
from tests.factories.branches import TODAY
from tests.factories.duties import period
from tests.world import World

FEB = date(2026, 2, 1)


def branch(world: World) -> list:
    return [world.branch.public_id]


def february_board(world: World) -> list:
    materialise(today=TODAY)
    return branch(world)


def general(world: World) -> list:
    return [world.general_branch.public_id]


def february(slug: str):
    """An overdue period of the branch."""

    def args(world: World) -> list:
        materialise(today=TODAY)
        return [world.branch.public_id, period(world.branch, slug, FEB).pk]

    return args


def group_february(world: World) -> list:
    """Of the group that the group leader leads: the second one."""
    materialise(today=TODAY)
    return [world.branch.public_id, period(world.branch, "group_meeting", FEB, world.branch.groups.last()).pk]


def own_rule(world: World) -> list:
    """A duty that the branch added for itself."""
    from apps.activities.models import ActivityKind

    rule = DutyRule.objects.filter(set_by=world.branch).first() or tailoring.duty_add(
        organization=world.branch, by=world.users["secretary"], today=TODAY, name="每月一学", months=1, times=1,
        kinds=[ActivityKind.objects.get(slug="group_study")],
    )  # fmt: skip
    return [world.branch.public_id, rule.pk]


def override(world: World) -> list:
    return [world.general_branch.public_id, "theme_day"]


# anonymous, member, group leader, committee member, secretary, other secretary, affairs worker, upper worker, administrator
ACCESS = {
    "duties:board-detail": [
        Row((302, 404, 200, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 404, 200, 200, 200, 404, 200, 200, 404), february_board, query="?view=quarter&year=2026"),
        Row((302, 404, 200, 200, 200, 404, 200, 200, 404), february_board, query="?view=list&year=2026"),
        Row((302, 404, 404, 404, 404, 404, 302, 302, 404), general),
    ],
    "duties:period-detail": [
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), february("theme_day")),
        Row((302, 404, 200, 200, 200, 404, 200, 200, 404), group_february),
    ],
    "duties:period-waive": Row((302, 404, 404, 404, 404, 404, 422, 404, 404), february("theme_day"), "post"),
    "duties:period-refuse": Row((302, 404, 404, 404, 404, 404, 422, 404, 404), february("theme_day"), "post"),
    "duties:period-ask": Row((302, 404, 404, 404, 422, 404, 404, 404, 404), february("theme_day"), "post"),
    "duties:period-explain": Row((302, 404, 404, 404, 422, 404, 404, 404, 404), february("committee_meeting"), "post"),
    "duties:period-reopen": Row((302, 404, 404, 404, 422, 404, 422, 404, 404), february("committee_meeting"), "post"),
    "duties:subtree-list": [
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), branch),
    ],
    "duties:subtree-export": [
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), branch),
    ],
    "duties:subtree-waive": Row(
        (302, 404, 404, 404, 404, 404, 200, 404, 404), general, query="?month=2026-02&duty=theme_day"
    ),
    "duties:rule-list": [
        Row((302, 404, 200, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "duties:rule-add": [
        Row((302, 404, 404, 404, 200, 404, 404, 404, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), general),
    ],
    "duties:rule-override": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), override),
        Row((302, 404, 404, 404, 404, 404, 422, 404, 404), override, "post"),
    ],
    "duties:rule-end": Row((302, 404, 404, 404, 302, 404, 404, 404, 404), own_rule, "post"),
}
