"""Who may open what; tests/access.py explains."""

import uuid
from datetime import date

from apps.reminders.models import HolidayOverride, Robot
from apps.reminders.services.feeding import feed_issue
from tests.access import Row
from tests.world import World

# A person is reminded; an account without one is not. The administrator of the tests is no person.
PERSON = (302, 200, 200, 200, 200, 200, 200, 200, 404)
ADMINISTRATOR = (302, *[404] * 7, 200)
DONE = (302, *[404] * 7, 302)


def holiday(world: World) -> list:
    return [HolidayOverride.objects.create(day=date(2026, 5, 9), is_working=True).pk]


def parked(world: World) -> list:
    from apps.reminders.models import Delivery

    return [Delivery.objects.create(channel="mail", person=world.people["member"], state="parked").key]


COMMITTEE = (302, 404, 404, 200, 200, *[404] * 4)
LEADER = (302, 404, 404, 404, 200, *[404] * 4)


def branch(world: World) -> list:
    return [world.branch.public_id]


def fed(world: World) -> list:
    return [feed_issue(of=world.branch, by=world.users["secretary"])]


def robot(world: World) -> list:
    row = Robot.objects.create(organization=world.branch, kind="wecom", name="群", url_sealed=b"x", url_host="a.test")
    return [world.branch.public_id, row.pk]


ACCESS: dict[str, Row | list[Row]] = {
    "reminders:healthz": Row((503,) * 9),  # nothing has run in a test: red, and no sign-in asked for
    "reminders:list": Row((302, *[200] * 8)),
    "reminders:settings": [Row(PERSON), Row((302, *[422] * 7, 404), method="post")],
    "reminders:outbox": Row(ADMINISTRATOR),
    "reminders:test-mail": Row(DONE, method="post"),
    "reminders:release": Row(DONE, method="post"),
    "reminders:delivery-retry": [
        Row((302, *[404] * 8), lambda world: [uuid.uuid4()], "post"),
        Row(DONE, parked, "post"),
    ],
    "reminders:delivery-discard": [
        Row(ADMINISTRATOR, parked),
        Row((302, *[404] * 7, 422), parked, "post"),
        Row((302, *[404] * 8), lambda world: [uuid.uuid4()]),
    ],
    "reminders:holiday-create": [Row(ADMINISTRATOR), Row((302, *[404] * 7, 422), method="post")],
    "reminders:holiday-delete": Row(DONE, holiday, "post"),
    "reminders:feed-issue": Row(PERSON, method="post"),
    "reminders:feed-revoke": Row((302, *[302] * 7, 404), method="post"),
    "reminders:feed": [Row((404,) * 9, lambda world: ["2" * 32]), Row((200,) * 9, fed)],  # the address is the key
    "reminders:branch": Row(COMMITTEE, branch),
    "reminders:branch-feed-issue": Row(LEADER, branch, "post"),
    "reminders:branch-feed-revoke": Row((302, 404, 404, 404, 302, *[404] * 4), branch, "post"),
    "reminders:robot-create": [Row(LEADER, branch), Row((302, 404, 404, 404, 422, *[404] * 4), branch, "post")],
    # its address does not open: back to the page, which says so
    "reminders:robot-test": Row((302, 404, 404, 404, 302, *[404] * 4), robot, "post"),
    "reminders:robot-remove": Row((302, 404, 404, 404, 302, *[404] * 4), robot, "post"),
}
