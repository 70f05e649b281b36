"""A thing that every probe person owes, a channel that writes to a file, and ticks every second: for the scripts beside it.

Loaded by the real worker and beat: `celery -A tests.faults._probe`. Folder and pace come from the environment.
"""

import os
import time
from datetime import date, timedelta
from pathlib import Path

from django.db.models import DateField, Value

from apps.core.sources import Line, sources, steps
from config.celery import app

FOLDER = Path(os.environ["PROBE_FOLDER"])
OWED_ON = date(2026, 3, 23)
PREFIX = "探针"


class Probe:
    slug, label, topic = "probe", "probe", "duty"

    def owed(self, until):
        from apps.branches.models import Person

        if until >= OWED_ON:
            yield steps(
                Person.objects.filter(name__startswith=PREFIX), source_id="pk", step=Value("once"), person="pk",
                step_on=Value(OWED_ON, DateField()), place="organization__path", branch="organization_id",
            )  # fmt: skip

    def still_owed(self, ids, today):
        done = FOLDER / "done"
        return set(ids) - set(map(int, done.read_text().split() if done.exists() else ()))

    def paused(self, ids):
        return set()

    def overdue(self, ids, today):
        return set()

    def lines(self, ids, today):
        return {pk: Line(f"probe {pk}", "", "/") for pk in ids}


def send(delivery, letter) -> None:
    """On the wire: one line a message, whole even if the next moment kills the process."""
    descriptor = os.open(FOLDER / "wire", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, f"{letter.person.pk} {letter.key}\n".encode())
    os.close(descriptor)
    time.sleep(float(os.environ.get("PROBE_PACE", "0.02")))


def install() -> None:
    from apps.reminders import channels
    from apps.reminders.services import digesting

    sources[:] = [Probe()]
    channels.send = send
    digesting.AT_ONCE = 20
    digesting.DELIVERIES = digesting.DELIVERIES.replace("60 seconds", "1 second")
    said = digesting.say

    def slowly(*args, **options):
        said(*args, **options)
        time.sleep(0.1)

    digesting.say = slowly


app.conf.beat_schedule = {
    name: {"task": f"apps.reminders.tasks.{name}", "schedule": timedelta(seconds=1), "options": {"expires": 5}}
    for name in ("round_tick", "deliver_tick")
}
app.on_after_finalize.connect(lambda **_: install(), weak=False)
