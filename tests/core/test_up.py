"""`manage.py up` as people meet it: started, hurt, stopped."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds processes in /proc")

SEND = "import django; django.setup(); from apps.core.tasks import purge_sessions; purge_sessions.delay()"


class Stack:
    def __init__(self, home: Path):
        self.home = home
        dropped = (
            "DATABASE_URL",
            "DATABASE_OWNER_URL",
            "CELERY_BROKER_URL",
            "ZHIBU_NOW",
            "ZHIBU_AS_OWNER",
            "ZHIBU_KEYRING",
        )
        self.environment = {key: value for key, value in os.environ.items() if key not in dropped} | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "ZHIBU_HOME": str(home),
            "LC_ALL": "en_US.UTF-8",
            "PYTHONWARNINGS": "",
        }
        self.output = home / "console"
        self.process: subprocess.Popen | None = None
        self.address = ""

    def command(self) -> list[str]:
        return [sys.executable, "manage.py", "up", "--port", "18300", "--without-demo"]

    def start(self) -> None:
        self.home.mkdir(exist_ok=True)
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                self.command(), cwd=settings.BASE_DIR, env=self.environment, stdout=output, stderr=output
            )
        self.wait_for(lambda: "ready" in self.said())
        self.address = re.search(r"http://\S+", self.said())[0]

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, condition, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain\n{self.said()}"
            assert self.process.poll() is None, self.said()
            time.sleep(0.1)

    def pid_of(self, word: str) -> int:
        """The direct child whose command line has this word; 0 while there is none."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                arguments = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if parent == self.process.pid and word.encode() in arguments:
                return int(folder.name)
        return 0

    def postmaster(self) -> int:
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])

    def answers(self) -> bool:
        """Whether a page that asks the database for the time is served; one that does not exist does."""
        try:
            urllib.request.urlopen(f"{self.address}no-such-page", timeout=20).close()
        except urllib.error.HTTPError as error:
            return error.code == 404
        except OSError:
            return False
        return False

    def send_task(self) -> None:
        subprocess.run([sys.executable, "-c", SEND], cwd=settings.BASE_DIR, env=self.environment, check=True)

    def tasks_done(self) -> int:
        return len(re.findall(r"purge_sessions\S* succeeded", (self.home / "log" / "worker.log").read_text()))


@pytest.fixture
def stack(tmp_path):
    stack = Stack(tmp_path / "home")
    yield stack
    if stack.process and stack.process.poll() is None:
        stack.process.send_signal(signal.SIGINT)
        stack.process.wait(40)


def test_everything_starts_survives_and_stops(stack):
    stack.start()
    assert stack.answers()
    stack.send_task()
    stack.wait_for(lambda: stack.tasks_done() == 1)

    second = subprocess.run(
        stack.command(), cwd=settings.BASE_DIR, env=stack.environment, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert f"already running in {stack.home} (process {stack.process.pid})" in second.stderr

    for word in ("worker", "gunicorn", "beat"):
        before = stack.pid_of(word)
        os.kill(before, signal.SIGKILL)
        stack.wait_for(lambda word=word, before=before: stack.pid_of(word) not in (0, before))
    before = stack.postmaster()
    os.kill(before, signal.SIGKILL)
    stack.wait_for(lambda: "PostgreSQL had stopped and runs again." in stack.said())
    assert stack.postmaster() != before
    stack.wait_for(stack.answers)
    stack.send_task()
    stack.wait_for(lambda: stack.tasks_done() == 2)

    left_behind = [stack.pid_of("worker"), stack.pid_of("gunicorn"), stack.pid_of("beat"), stack.postmaster()]
    assert all(left_behind)
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(40) == 0
    assert stack.said().endswith("Stopping …\nStopped.\n")
    assert not [pid for pid in left_behind if Path(f"/proc/{pid}/cmdline").exists() and is_alive(pid)]


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
