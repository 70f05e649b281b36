"""Who may open what; tests/access.py explains."""

from collections.abc import Callable

from apps.voices.models import ReceptionDay
from tests.access import Row
from tests.factories import voices as make
from tests.world import World


def branch(world: World) -> list:
    return [world.branch.public_id]


def general(world: World) -> list:
    return [world.general_branch.public_id]


def day(world: World) -> list:
    """One is enough, however many rows ask for it."""
    return [world.branch.public_id, (ReceptionDay.objects.first() or make.day(world)).pk]


def door(world: World) -> list:
    return day(world)[:1]


def handled_by(role: str) -> Callable[[World], list]:
    def args(world: World) -> list:
        row = make.matter(world, handler=role)
        return [world.branch.public_id, row.public_id]

    return args


def step(name: str) -> Callable[[World], list]:
    return lambda world: [*handled_by("secretary")(world), name]


def report(**fields) -> Callable[[World], list]:
    def args(world: World) -> list:
        row = make.report(world, **fields)
        return [world.branch.public_id, row.public_id]

    return args


def idea(world: World) -> list:
    return [world.branch.public_id, make.suggestion(world).public_id]


def published(world: World) -> list:
    row = make.answered(world, make.suggestion(world))
    return [world.branch.public_id, row.public_id]


def need(world: World) -> list:
    return [world.branch.public_id, make.need(world).public_id]


ABOUT_SECRETARY = {"concerned": ("secretary",)}
NOBODY_BUT_SECRETARY = (302, 404, 404, 404, 422, 404, 404, 404, 404)
# anonymous, member, group leader, committee member, secretary, other secretary, affairs worker, upper worker, administrator
ACCESS: dict[str, Row | list[Row]] = {
    "voices:state-ask": [Row((200,) * 9), Row((422,) * 9, method="post")],
    "voices:public-days": [Row((200,) * 9, door), Row((404,) * 9, branch)],
    "voices:day-list": [
        Row((302, 200, 200, 200, 200, 404, 200, 200, 404), door),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "voices:day-add": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), branch),
        Row((302, 404, 404, 422, 422, 404, 404, 404, 404), branch, "post"),
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), general),
    ],
    "voices:day-cancel": Row((302, 404, 404, 302, 302, 404, 404, 404, 404), day, "post"),
    "voices:terms-edit": [
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 404, 404, 422, 422, 404, 404, 404, 404), branch, "post"),
    ],
    "voices:matter-list": [
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "voices:matter-add": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), branch),
        Row((302, 404, 404, 422, 422, 404, 404, 404, 404), branch, "post"),
    ],
    "voices:matters-take-over": Row((302, 404, 404, 404, 302, 404, 404, 404, 404), branch, "post"),
    "voices:matter-detail": [
        Row((302, 404, 404, 404, 200, 404, 404, 404, 404), handled_by("secretary")),
        # The receiver and the handler, here the staff above; nobody between them.
        Row((302, 404, 404, 404, 200, 404, 200, 404, 404), handled_by("affairs_worker")),
    ],
    "voices:matter-step": [
        Row(NOBODY_BUT_SECRETARY, step("accept"), "post"),
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), step("burn"), "post"),
    ],
    "voices:matter-hand-over": Row(NOBODY_BUT_SECRETARY, handled_by("secretary"), "post"),
    "voices:matter-satisfaction": Row(NOBODY_BUT_SECRETARY, handled_by("secretary"), "post"),
    "voices:matter-word": Row((302, 404, 404, 404, 200, 404, 404, 404, 404), handled_by("secretary")),
    "voices:matter-erase": Row((302, 404, 404, 404, 302, 404, 404, 404, 404), handled_by("secretary"), "post"),
    "voices:code-renew": Row((302, 404, 404, 404, 302, 404, 404, 404, 404), handled_by("secretary"), "post"),
    "voices:report-list": [
        Row((302, 200, 200, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "voices:report-add": [
        Row((302, 200, 200, 200, 200, 404, 404, 404, 404), branch),
        Row((302, 422, 422, 422, 422, 404, 404, 404, 404), branch, "post"),
    ],
    "voices:report-detail": [
        Row((302, 200, 404, 404, 200, 404, 404, 404, 404), report()),
        # The secretary is concerned: it goes to the staff above, past the whole committee.
        Row((302, 200, 404, 404, 404, 404, 200, 404, 404), report(**ABOUT_SECRETARY)),
        Row((302, 200, 404, 404, 404, 404, 404, 200, 404), report(concerned=("secretary", "affairs_worker"))),
    ],
    "voices:report-acknowledge": Row(NOBODY_BUT_SECRETARY, report(), "post"),
    "voices:report-pass-up": Row((302, 404, 404, 404, 404, 404, 422, 404, 404), report(**ABOUT_SECRETARY), "post"),
    "voices:report-answer": Row(NOBODY_BUT_SECRETARY, report(), "post"),
    "voices:suggestion-list": [
        Row((302, 200, 200, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 200, 200, 200, 200, 404, 200, 200, 404), lambda world: published(world)[:1]),
    ],
    "voices:suggestion-add": [
        Row((302, 200, 200, 200, 200, 404, 404, 404, 404), branch),
        Row((302, 422, 422, 422, 422, 404, 404, 404, 404), branch, "post"),
    ],
    "voices:suggestion-detail": [
        Row((302, 200, 404, 200, 200, 404, 404, 404, 404), idea),  # the author and the committee
        Row((302, 200, 404, 200, 200, 404, 404, 404, 404), published),
    ],
    "voices:suggestion-answer": Row(NOBODY_BUT_SECRETARY, idea, "post"),
    "voices:suggestion-change": Row(NOBODY_BUT_SECRETARY, published, "post"),
    "voices:help-list": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), lambda world: need(world)[:1]),
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), general),
    ],
    "voices:help-add": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), branch),
        Row((302, 404, 404, 422, 422, 404, 404, 404, 404), branch, "post"),
    ],
    "voices:help-detail": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), need),
        Row((302, 404, 404, 422, 422, 404, 404, 404, 404), need, "post"),
    ],
    "voices:changed": [
        Row((302, 200, 200, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 404, 404, 404), general),
    ],
}
