"""Who may open what; tests/access.py explains."""

import uuid
from datetime import date

from apps.reminders.models import HolidayOverride
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
    "reminders:holiday-create": [Row(ADMINISTRATOR), Row((302, *[404] * 7, 422), method="post")],
    "reminders:holiday-delete": Row(DONE, holiday, "post"),
}
