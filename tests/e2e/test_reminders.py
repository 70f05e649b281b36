"""One digest, sent by the real worker on the real beat: to whoever owes something, nothing for what is done."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from apps.core.stack import queue
from apps.duties.models import DutyPeriod
from apps.duties.services.laying_out import materialise
from apps.reminders.models import Delivery, Digest, DigestLine
from tests.e2e import page_checks as check
from tests.e2e.conftest import DESKTOP, PHONE
from tests.factories.branches import TODAY
from tests.factories.duties import file
from tests.factories.reminders import confirmed, hold_is_over

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-03-24T09:00:00"  # a Tuesday: seven days before the last of the month
MARCH = date(2026, 3, 1)
PATIENCE = 100  # seconds: beat ticks by the minute


def until(true: Callable[[], bool], what: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what}\n{log.read_text()[-2000:]}"
        time.sleep(0.5)


@pytest.fixture
def log(world, tmp_path, monkeypatch) -> Iterator[Path]:
    """Worker and beat as `manage.py up` starts them, on the database of the test; the day is fixed for them and for the pages."""
    here = {"NAME": connection.settings_dict["NAME"], "HOST": connection.settings_dict["HOST"]}
    queue.install(owner=settings.OWNER_DATABASE | here, application=settings.APP_DATABASE | here)
    monkeypatch.setenv("ZHIBU_NOW", NOW)
    role, socket = settings.APP_DATABASE["USER"], quote(here["HOST"], safe="")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATABASE_URL": f"postgres://{role}@{socket}/{here['NAME']}",
        "ZHIBU_HOME": str(tmp_path),
        "ZHIBU_KEYRING": str(settings.KEYRING),
        "ZHIBU_NOW": NOW,
    }
    file_of_both, celery = tmp_path / "log", [sys.executable, "-m", "celery", "-A", "config"]
    quiet = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    with open(file_of_both, "wb") as output:
        running = [
            subprocess.Popen([*celery, *words], cwd=ROOT, env=environment, stdout=output, stderr=output)
            for words in (
                ["worker", "-c", "1", *quiet],
                ["beat", "--schedule", str(tmp_path / "beat"), "--pidfile="],
            )
        ]
        yield file_of_both
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")


def test_the_worker_sends_one_digest(world, browse, log, tmp_path):
    secretary = world.users["secretary"]
    materialise(today=TODAY)
    kept = DutyPeriod.objects.filter(
        organization=world.branch, rule__slug__in=("committee_meeting", "theme_day"), starts_on=MARCH
    )
    DutyPeriod.objects.exclude(pk__in=kept).delete()
    file(world.branch, "theme_day", date(2026, 3, 10))
    confirmed(secretary, "secretary@example.test")

    until(lambda: Digest.objects.exists(), "no digest was said", log)
    assert [one.person for one in Digest.objects.all()] == [world.people["secretary"]]
    assert list(DigestLine.objects.values_list("reminder__source", "reminder__step")) == [("duty", "due-7")]
    hold_is_over()
    until(lambda: Delivery.objects.get().state == "sent", "the mail was not sent", log)
    (letter,) = (tmp_path / "mail").iterdir()
    text = letter.read_text()
    assert f"Message-ID: <{Delivery.objects.get().key}@" in text
    assert text.count("/b/") == 1  # one line: what is done is not mentioned

    secretary.language = ""  # from here on the cookie of each browser says which
    secretary.save()
    for language, size, owed, done in (
        ("zh-hans", PHONE, "3月支委会", "主题党日"), ("en", DESKTOP, "March branch committee meeting", "heme"),
    ):  # fmt: skip
        with browse("secretary", language, size) as page:
            page.goto("/reminders/")
            assert owed in page.locator("main").inner_text()
            assert done not in page.locator("main").inner_text()
            assert check.axe(page) == []
            page.goto("/me/reminders/")
            assert check.axe(page) == []
        with browse("committee_member", language, size) as page:
            page.goto("/reminders/")
            assert owed not in page.locator("main").inner_text()

    file(world.branch, "committee_meeting", date(2026, 3, 20))
    with browse("secretary", "zh-hans", PHONE) as page:
        page.goto("/reminders/")
        assert "3月支委会" not in page.locator("main").inner_text()  # done: silence at once
    assert Digest.objects.count() == Delivery.objects.count() == 1
