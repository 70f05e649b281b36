"""Who gets which answer from the pages of reports: tests.access."""

from apps.reports.models import CannedReason, Report
from tests.access import Row
from tests.factories import reports as rep
from tests.world import World


def branch(world: World) -> list:
    return [world.branch.public_id]


def general(world: World) -> list:
    return [world.general_branch.public_id]


def draft(world: World) -> list:
    return [world.branch.public_id, rep.report(world.branch).code]


def _handed_in(world: World) -> Report:
    found = Report.objects.filter(organization=world.branch, state="submitted").first()
    return found or rep.submitted(world.branch, world.users["secretary"])


def handed_in(world: World) -> list:
    return [world.branch.public_id, _handed_in(world).code]


def to_review(world: World) -> list:
    return [world.general_branch.public_id, world.branch.public_id, _handed_in(world).code]


def upper(world: World) -> list:
    """The queue of a committee that is not the nearest with staff."""
    return [world.committee.public_id, world.branch.public_id, _handed_in(world).code]


def sentence(world: World) -> list:
    one, _new = CannedReason.objects.get_or_create(
        organization=world.general_branch, use="returned", text="请补充照片。"
    )
    return [world.general_branch.public_id, one.public_id]


def figure(of):
    return lambda world: [*of(world), "held_theme_day"]


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
    "reports:report-list": [
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), branch),
        Row((302, 404, 404, 404, 404, 404, 200, 200, 404), general),
    ],
    "reports:report-detail": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), draft),
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), handed_in),
    ],
    "reports:report-write": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), draft),
        Row((302, 404, 404, 302, 302, 404, 404, 404, 404), handed_in),
        Row((302, 404, 404, 422, 422, 404, 404, 404, 404), draft, "post"),
    ],
    "reports:report-submit": Row((302, 404, 404, 404, 422, 404, 404, 404, 404), draft, "post"),
    "reports:report-withdraw": Row((302, 404, 404, 404, 302, 404, 404, 404, 404), handed_in, "post"),
    "reports:figure-rows": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), figure(draft)),
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), figure(handed_in)),
    ],
    "reports:report-word": [
        Row((302, 404, 404, 200, 200, 404, 404, 404, 404), draft),
        Row((302, 404, 404, 200, 200, 404, 200, 200, 404), handed_in),
    ],
    "reports:report-excel": Row((302, 404, 404, 200, 200, 404, 200, 200, 404), handed_in),
    "reports:review-queue": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), general),
        Row((302, *[404] * 8), branch),
    ],
    "reports:review-detail": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), to_review),
        Row((302, *[404] * 8), upper),
    ],
    "reports:review-approve": Row((302, 404, 404, 404, 404, 404, 422, 404, 404), to_review, "post"),
    "reports:review-return": Row((302, 404, 404, 404, 404, 404, 422, 404, 404), to_review, "post"),
    "reports:review-aside": Row((302, 404, 404, 404, 404, 404, 302, 404, 404), to_review, "post"),
    "reports:review-undo": Row((302, 404, 404, 404, 404, 404, 302, 404, 404), to_review, "post"),
    "reports:sentence-list": [
        Row((302, 404, 404, 404, 404, 404, 200, 404, 404), general),
        Row((302, 404, 404, 404, 404, 404, 422, 404, 404), general, "post"),
    ],
    "reports:sentence-remove": Row((302, 404, 404, 404, 404, 404, 302, 404, 404), sentence, "post"),
}
