"""What happens to reminders when things break: real workers, real schedulers, real brokers. Run by `make faults`.

Mail goes over the wire to a server that takes it. Prints figures and exits with 1 where a message is lost, said twice in the app,
or sent under another key. Leases are cut short by hand after a kill, so that a run takes minutes; all else is as in service.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.bench import _stage
from tests.bench._stage import ROOT, stage
from tests.factories.smtp import MailServer, mail_server
from tests.faults._brokers import Broker, RabbitMQ, Redis, is_there, wait

PEOPLE = 200
DOWN = float(os.environ.get("BROKER_DOWN_SECONDS", "60"))
failures: list[str] = []


class Machine:
    """Workers and schedulers on one broker."""

    def __init__(self, run: "Run", broker: str, now: str) -> None:
        self.folder, self.children, self.kinds, self.ended = run.folder, [], [], set()
        self.env = os.environ | {"PROBE_FOLDER": str(run.folder), "ZHIBU_NOW": now}
        self.env |= {"EMAIL_URL": f"smtp://127.0.0.1:{run.mail.port}", "SITE_URL": "https://zhibu.example.org/"}
        if broker:
            self.env |= {"CELERY_BROKER_URL": broker}

    def start(self, what: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "celery", "-A", "tests.faults._probe", what, "-l", "WARNING"]
        if what == "worker":
            command += [
                "-c",
                "2",
                "--without-mingle",
                "--without-gossip",
                "--without-heartbeat",
                "-n",
                f"w{len(self.children)}@x",
            ]
        else:
            command += ["--schedule", str(self.folder / f"beat-{len(self.children)}"), "--pidfile="]
        log = open(self.folder / "log", "ab")  # noqa: SIM115
        child = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True)
        self.children.append(child)
        self.kinds.append(what)
        return child

    def tend(self) -> None:
        """What ended by itself starts anew, as under the supervisor."""
        for place, (what, child) in enumerate(zip(self.kinds, self.children, strict=True)):
            if child.poll() is not None and place not in self.ended:
                self.ended.add(place)
                print(f"{what} ended by itself and starts anew")
                self.start(what)
                return

    def kill(self, child: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop(self) -> None:
        for child in self.children:
            self.kill(child)


@dataclass
class Run:
    """One scenario's folder and mail server."""

    folder: Path
    mail: MailServer

    def sent(self) -> list[tuple[str, str]]:
        """Address and Message-ID of each mail the server took."""
        return [
            (address, message["Message-ID"]) for addresses, message in list(self.mail.taken) for address in addresses
        ]

    def all_out(self, expected: int):
        return lambda: len({address for address, _ in self.sent()}) >= expected


def fresh() -> None:
    from apps.reminders.models import Delivery, Digest, Heartbeat, Reminder, Round

    for model in (Digest, Delivery, Reminder, Round, Heartbeat):
        model.objects.all().delete()


def lease_over() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE reminders_delivery SET lease_until = now() WHERE state = 'sending'")


def report(name: str, run: Run, expected: int, began: float, most_twice: int = 0) -> None:
    from apps.reminders.models import Delivery, DigestLine

    sent = run.sent()
    keys: dict[str, set[str]] = {}
    for person, key in sent:
        keys.setdefault(person, set()).add(key)
    in_app = Counter(DigestLine.objects.values_list("digest__person", "reminder"))
    lost = expected - len(keys)
    twice_in_app = sum(count - 1 for count in in_app.values())
    people_twice = len(in_app) - len({person for person, _ in in_app})
    other_keys = sum(len(found) > 1 for found in keys.values())
    twice = len(sent) - len(keys)
    parked = Delivery.objects.filter(state="parked").count()
    print(
        f"{name:<44} owed {expected:>3}  sent {len(keys):>3}  lost {lost}  in-app duplicates {twice_in_app + people_twice}"
        f"  twice on the wire {twice} (same key)  other keys {other_keys}  parked {parked}  {time.monotonic() - began:.0f} s",
        flush=True,
    )
    if lost or twice_in_app or people_twice or other_keys or parked or twice > most_twice:
        failures.append(name)
        print((run.folder / "log").read_text()[-4000:])


def killed(broker: str, name: str) -> None:
    """kill -9 of the worker, all of it, once while it says and once while it sends."""
    from apps.reminders.models import Delivery, DigestLine

    with scenario() as run:
        began, machine = time.monotonic(), Machine(run, broker, "2026-03-24T09:00:00")
        try:
            machine.start("beat")
            worker = machine.start("worker")
            wait(lambda: DigestLine.objects.count() >= 40, 60)
            machine.kill(worker)
            said = DigestLine.objects.count()
            worker = machine.start("worker")
            wait(lambda: len(run.sent()) >= 60, 90)
            machine.kill(worker)
            on_wire, leased = len(run.sent()), Delivery.objects.filter(state="sending").count()
            print(f"{name}: killed with {said} of {PEOPLE} said, again with {on_wire} sent and {leased} leased")
            lease_over()
            machine.start("worker")
            wait(run.all_out(PEOPLE), 180)
            time.sleep(2)
        finally:
            machine.stop()
        report(f"kill -9 in mid-batch, {name}", run, PEOPLE, began, most_twice=2)


def two_schedulers(broker: str, name: str) -> None:
    with scenario() as run:
        began, machine = time.monotonic(), Machine(run, broker, "2026-03-24T09:00:00")
        try:
            for what in ("beat", "beat", "worker", "worker"):
                machine.start(what)
            wait(run.all_out(PEOPLE), 180)
            time.sleep(3)
        finally:
            machine.stop()
        report(f"two schedulers, two workers, {name}", run, PEOPLE, began)


def downtime() -> None:
    """Owed on Monday, nothing runs until Thursday; then one round."""
    with scenario() as run:
        began, machine = time.monotonic(), Machine(run, "", "2026-03-26T09:00:00")
        try:
            machine.start("beat")
            machine.start("worker")
            wait(run.all_out(PEOPLE), 180)
        finally:
            machine.stop()
        report("three days of downtime", run, PEOPLE, began)


def fulfilled() -> None:
    """Half of it is done after it was said and before it is sent."""
    from apps.reminders.models import Delivery, Reminder

    with scenario() as run:
        began, machine = time.monotonic(), Machine(run, "", "2026-03-24T09:00:00")
        run.mail.pauses["DATA"] = 0.05
        try:
            machine.start("beat")
            worker = machine.start("worker")
            wait(lambda: Delivery.objects.count() >= PEOPLE or len(run.sent()) > 0, 90)
            machine.kill(worker)
            gone = {address for address, _ in run.sent()}
            addresses = dict(Reminder.objects.values_list("source_id", "person__user__email"))
            done = [pk for pk, address in addresses.items() if address not in gone][::2]
            (run.folder / "done").write_text(" ".join(map(str, done)))
            lease_over()
            machine.start("worker")
            wait(lambda: not Delivery.objects.under_way().exists(), 180)
        finally:
            machine.stop()
        late = {address for address, _ in run.sent()} & {addresses[pk] for pk in done}
        print(f"fulfilled between owing and sending: {len(done)} done, {len(late)} of them sent")
        if late:
            failures.append("fulfilled")
        report("fulfilled between owing and sending", run, PEOPLE - len(done), began, most_twice=2)


def broker_down(broker: Broker, name: str) -> None:
    """Killed while it is said: the task at work ends, and nothing is sent before a tick arrives again."""
    from apps.reminders.models import DigestLine

    with scenario() as run:
        began, machine = time.monotonic(), Machine(run, broker.url, "2026-03-24T09:00:00")
        run.mail.pauses["DATA"] = 0.1
        try:
            machine.start("beat")
            machine.start("worker")
            wait(lambda: DigestLine.objects.count() >= 20, 90)
            broker.kill()
            before = len(run.sent())
            time.sleep(DOWN)
            print(f"{name}: down with {before} of {PEOPLE} sent, up again with {len(run.sent())}")
            broker.start()
            up = time.monotonic()
            out = run.all_out(PEOPLE)
            wait(lambda: bool(machine.tend() or out()), 400)
            print(f"{name}: all out {time.monotonic() - up:.0f} s after it was there again")
            time.sleep(2)
        finally:
            machine.stop()
        report(f"broker down for {DOWN:.0f} s, {name}", run, PEOPLE, began)


@contextlib.contextmanager
def scenario():
    fresh()
    with tempfile.TemporaryDirectory(prefix="zhibu-faults-") as name, mail_server() as mail:
        run = Run(Path(name), mail)
        mail.pauses["DATA"] = 0.02
        try:
            yield run
        except BaseException:
            log = run.folder / "log"
            print(log.read_text()[-3000:] if log.exists() else "")
            raise


def people() -> None:
    from django.utils import timezone

    from apps.accounts.models import User
    from apps.branches.models import Organization, Person

    prefix = "探针"

    branch = Organization.objects.filter(kind="branch").first()
    for number in range(PEOPLE):
        user = User(username=f"probe{number}", email=f"probe{number}@example.test", email_confirmed_at=timezone.now())
        user.set_unusable_password()
        user.save()
        Person.objects.create(organization=branch, name=f"{prefix}{number}", user=user, stroke_key="", search_keys="")


def main() -> None:
    """Words on the command line choose among the brokers: pgmq, redis, rabbitmq; none means all that are there."""
    chosen = set(sys.argv[1:]) or {"pgmq", "redis", "rabbitmq"}
    with stage("S", date(2026, 3, 24)):
        people()
        if "pgmq" in chosen:
            killed("", "pgmq")
            two_schedulers("", "pgmq")
            downtime()
            fulfilled()
        for kind in (Redis, RabbitMQ):
            if kind.__name__.lower() in chosen:
                on(kind)
        print(f"machine: {_stage.machine()}")
    if failures:
        sys.exit(f"failed: {', '.join(failures)}")


def on(kind: type[Broker]) -> None:
    name = kind.__name__
    if not is_there(kind):
        print(f"{name} is not installed: its runs are left out.")
        return
    with tempfile.TemporaryDirectory(prefix="zhibu-broker-") as data:
        broker = kind(Path(data))
        try:
            killed(broker.url, name)
            two_schedulers(broker.url, name)
            broker_down(broker, name)
        finally:
            broker.remove()


if __name__ == "__main__":
    main()
