"""Run by test_backup in a process of its own: a little of everything in the database that DATABASE_URL names."""

import os
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.cache import cache  # noqa: E402

from apps.accounts import services as accounts  # noqa: E402
from apps.branches.services import person_id_number  # noqa: E402
from apps.core import clock  # noqa: E402
from apps.duties.services.laying_out import materialise  # noqa: E402
from apps.members.models import ImportBatch, ImportFile  # noqa: E402
from apps.reminders.models import OutsideSwitch  # noqa: E402
from tests import world as worlds  # noqa: E402
from tests.factories import activities as records  # noqa: E402
from tests.factories.people import fake_id  # noqa: E402

DAY = date(2026, 3, 18)


def main() -> None:
    world = worlds.build()
    secretary = world.users["secretary"]
    now = clock.now()
    member = world.people["member"]
    person_id_number(member, fake_id(date(1990, 5, 12)))
    member.save()
    filed = records.filed(
        world.branch,
        secretary,
        "committee_meeting",
        DAY - timedelta(days=5),
        part={"minutes": "研究“三会一课”安排；\\n\t50%"},
    )
    records.filed(world.other_branch, world.users["other_secretary"], "party_lecture", DAY - timedelta(days=3))
    records.attached(filed, secretary)
    materialise(today=DAY)
    accounts.code_issue(user=world.users["member"], by=None, now=now)
    session = SessionStore()
    session["of"] = "nobody"
    session.save()
    cache.set("tries", 3)
    batch = ImportBatch.objects.create(
        organization=world.branch, created_by=secretary, planned_by=secretary, created_at=now, since=DAY, language="en",
        file_name="名册.xlsx", state=ImportBatch.State.TO_CHECK,
    )  # fmt: skip
    ImportFile.objects.create(batch=batch, kind="upload", sealed=b"sealed bytes of an upload")
    OutsideSwitch.objects.create(is_held=False)


if __name__ == "__main__":
    main()
