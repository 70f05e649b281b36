"""What happens to reminders when things break: real workers, real schedulers, real brokers. Run by `make faults`.

Prints figures and exits with 1 where a message is lost, said twice in the app, or sent under another key.
Leases are cut short by hand after a kill, so that a run takes minutes; everything else is as in service.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from tests.bench._stage import ROOT, stage

PEOPLE = 200
DOWN = float(os.environ.get("BROKER_DOWN_SECONDS", "60"))
failures: list[str] = []


class Machine:
    """Workers and schedulers on one broker."""

    def __init__(self, folder: Path, broker: str, now: str) -> None:
        self.folder, self.children = folder, []
        self.env = os.environ | {"PROBE_FOLDER": str(folder), "ZHIBU_NOW": now}
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
        return child

    def kill(self, child: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop(self) -> None:
        for child in self.children:
            self.kill(child)


def wire(folder: Path) -> list[tuple[str, str]]:
    file = folder / "wire"
    return [tuple(line.split()) for line in file.read_text().splitlines()] if file.exists() else []


def wait(condition, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def fresh() -> None:
    from apps.reminders.models import Delivery, Digest, Heartbeat, Reminder, Round

    for model in (Digest, Delivery, Reminder, Round, Heartbeat):
        model.objects.all().delete()


def lease_over() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE reminders_delivery SET lease_until = now() WHERE state = 'sending'")


def report(name: str, folder: Path, expected: int, began: float, most_twice: int = 0) -> None:
    from apps.reminders.models import Delivery, DigestLine

    sent = wire(folder)
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


def all_out(folder: Path, expected: int):
    return lambda: len({person for person, _ in wire(folder)}) >= expected


def killed(broker: str, name: str) -> None:
    """kill -9 of the worker, all of it, once while it says and once while it sends."""
    from apps.reminders.models import Delivery, DigestLine

    with folder_of() as folder:
        began, machine = time.monotonic(), Machine(folder, broker, "2026-03-24T09:00:00")
        try:
            machine.start("beat")
            worker = machine.start("worker")
            wait(lambda: DigestLine.objects.count() >= 40, 60)
            machine.kill(worker)
            said = DigestLine.objects.count()
            worker = machine.start("worker")
            wait(lambda: len(wire(folder)) >= 60, 90)
            machine.kill(worker)
            on_wire, leased = len(wire(folder)), Delivery.objects.filter(state="sending").count()
            print(f"{name}: killed with {said} of {PEOPLE} said, again with {on_wire} sent and {leased} leased")
            lease_over()
            machine.start("worker")
            wait(all_out(folder, PEOPLE), 180)
            time.sleep(2)
        finally:
            machine.stop()
        report(f"kill -9 in mid-batch, {name}", folder, PEOPLE, began, most_twice=2)


def two_schedulers(broker: str, name: str) -> None:
    with folder_of() as folder:
        began, machine = time.monotonic(), Machine(folder, broker, "2026-03-24T09:00:00")
        try:
            for what in ("beat", "beat", "worker", "worker"):
                machine.start(what)
            wait(all_out(folder, PEOPLE), 180)
            time.sleep(3)
        finally:
            machine.stop()
        report(f"two schedulers, two workers, {name}", folder, PEOPLE, began)


def downtime() -> None:
    """Owed on Monday, nothing runs until Thursday; then one round."""
    with folder_of() as folder:
        began, machine = time.monotonic(), Machine(folder, "", "2026-03-26T09:00:00")
        try:
            machine.start("beat")
            machine.start("worker")
            wait(all_out(folder, PEOPLE), 180)
        finally:
            machine.stop()
        report("three days of downtime", folder, PEOPLE, began)


def fulfilled() -> None:
    """Half of it is done after it was said and before it is sent."""
    from apps.reminders.models import Delivery, Reminder

    with folder_of() as folder:
        began, machine = time.monotonic(), Machine(folder, "", "2026-03-24T09:00:00")
        machine.env |= {"PROBE_PACE": "0.05"}
        try:
            machine.start("beat")
            worker = machine.start("worker")
            wait(lambda: Delivery.objects.count() >= PEOPLE or len(wire(folder)) > 0, 90)
            machine.kill(worker)
            gone = {person for person, _ in wire(folder)}
            rest = [pk for pk in Reminder.objects.values_list("source_id", flat=True) if str(pk) not in gone]
            done = rest[::2]
            (folder / "done").write_text(" ".join(map(str, done)))
            lease_over()
            machine.start("worker")
            wait(lambda: not Delivery.objects.under_way().exists(), 180)
        finally:
            machine.stop()
        late = {person for person, _ in wire(folder)} & set(map(str, done))
        print(f"fulfilled between owing and sending: {len(done)} done, {len(late)} of them sent")
        if late:
            failures.append("fulfilled")
        report("fulfilled between owing and sending", folder, PEOPLE - len(done), began, most_twice=2)


def broker_down(folder: Path, start_broker, url: str, name: str) -> None:
    from apps.reminders.models import DigestLine

    began, machine = time.monotonic(), Machine(folder, url, "2026-03-24T09:00:00")
    machine.env |= {"PROBE_PACE": "0.1"}
    broker = start_broker()
    try:
        machine.start("beat")
        machine.start("worker")
        wait(lambda: len(wire(folder)) >= 20 or DigestLine.objects.count() >= 20, 60)
        broker.kill()
        broker.wait()
        time.sleep(DOWN)
        broker = start_broker()
        wait(all_out(folder, PEOPLE), 180)
        time.sleep(2)
    finally:
        machine.stop()
        broker.kill()
        broker.wait()
    report(f"broker down for {DOWN:.0f} s, {name}", folder, PEOPLE, began)


@contextlib.contextmanager
def folder_of():
    fresh()
    with tempfile.TemporaryDirectory(prefix="zhibu-faults-") as name:
        try:
            yield Path(name)
        except BaseException:
            log = Path(name) / "log"
            print(log.read_text()[-3000:] if log.exists() else "")
            raise


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def redis(port: int, folder: Path) -> subprocess.Popen:
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--appendonly", "yes"],
        stdout=subprocess.DEVNULL,
    )
    wait(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 10)
    return server


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
        if "redis" in chosen:
            on_redis()
        if "rabbitmq" in chosen:
            on_rabbitmq()
    if failures:
        sys.exit(f"failed: {', '.join(failures)}")


def on_redis() -> None:
    if not shutil.which("redis-server"):
        print("Redis is not installed: its runs are left out.")
        return
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        server = redis(port, data)
        try:
            killed(url, "Redis")
            two_schedulers(url, "Redis")
        finally:
            server.kill()
            server.wait()
        with folder_of() as folder:
            broker_down(folder, lambda: redis(port, data), url, "Redis")


def on_rabbitmq() -> None:
    url = os.environ.get("RABBITMQ_URL")
    if not url:
        print("RABBITMQ_URL is not set: its runs are left out.")
        return
    killed(url, "RabbitMQ")
    two_schedulers(url, "RabbitMQ")


if __name__ == "__main__":
    main()
