"""Who may open what; tests/access.py explains."""

from tests.access import Row
from tests.factories import surveys as ask

# anonymous, member, group_leader, committee_member, secretary, other_secretary, affairs_worker, upper_worker, administrator
KEEPS = (302, 404, 404, 200, 200, 404, 404, 404, 404)
GOES_ON = (302, 404, 404, 302, 302, 404, 404, 404, 404)
REFUSES = (302, 404, 404, 422, 422, 404, 404, 404, 404)
ASKED = (302, 200, 200, 200, 200, 404, 404, 404, 404)


def branch(world):
    return [world.branch.public_id]


def draft(world):
    return [world.branch.public_id, ask.draft(world.branch, world.users["secretary"]).public_id]


def opened(world):
    return [world.branch.public_id, ask.opened(world.branch, world.users["secretary"]).public_id]


def closed(world):
    one = ask.opened(world.branch, world.users["secretary"])
    ask.closed(one)
    return [world.branch.public_id, one.public_id]


def mine(world):
    return [ask.opened(world.branch, world.users["secretary"]).public_id]


def kept_draft(world):
    return [ask.draft(world.branch, world.users["secretary"]).public_id]


def link(world):
    return [ask.opened(world.branch, world.users["secretary"], audience="link").link_token]


ACCESS: dict[str, Row | list[Row]] = {
    "surveys:survey-own": Row((302, 200, 200, 200, 200, 200, 200, 200, 200)),
    "surveys:survey-answer": [
        Row(ASKED, mine), Row((302, 404, 404, 404, 404, 404, 404, 404, 404), kept_draft),
        Row((302, 422, 422, 422, 422, 404, 404, 404, 404), mine, "post"),
        Row((302, 302, 302, 302, 302, 404, 404, 404, 404), mine, "post", {"q1": "0"}),
    ],
    "surveys:survey-link": Row((200, 200, 200, 200, 200, 200, 200, 200, 200), link),
    "surveys:survey-list": Row(KEEPS, branch),
    "surveys:survey-create": [Row(KEEPS, branch), Row(REFUSES, branch, "post")],
    "surveys:survey-detail": [Row(KEEPS, draft), Row(KEEPS, opened), Row(KEEPS, closed)],
    "surveys:survey-edit": [Row(KEEPS, draft), Row(GOES_ON, opened), Row(REFUSES, draft, "post")],
    "surveys:survey-open": Row(GOES_ON, draft, "post"),
    "surveys:survey-close": Row(GOES_ON, opened, "post"),
    "surveys:survey-copy": Row(GOES_ON, closed, "post"),
    "surveys:survey-delete": Row(GOES_ON, opened, "post"),  # refused: a deleted draft is gone for the next role
    "surveys:survey-sheet": Row(KEEPS, opened),
    "surveys:survey-paper": [Row(KEEPS, opened), Row(GOES_ON, closed), Row(REFUSES, opened, "post")],
    "surveys:survey-reply": Row(REFUSES, closed, "post"),
    "surveys:result-word": [Row(KEEPS, closed), Row(GOES_ON, opened)],
}  # fmt: skip
