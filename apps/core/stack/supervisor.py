"""Keeps PostgreSQL, web, worker and beat alive until told to stop.

Standard library only, and run by itself (`python -m apps.core.stack.supervisor`): it stays in memory for days.
"""

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from apps.core.stack.postgres import Cluster, PostgresError
from apps.core.stack.words import gettext as _

ROOT = Path(__file__).resolve().parents[3]
LONGEST_PAUSE = 30  # seconds between two attempts to start what keeps dying
STABLE_AFTER = 60  # seconds of life after which earlier deaths are forgotten
PATIENCE = 20  # seconds a program gets to finish what it is doing
LARGEST_LOG = 10_000_000
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """On Linux: a supervisor that was killed outright leaves no web server behind that holds its port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Pause:
    """How long to wait before the next attempt: 1, 2, 4 … 30 seconds, from the start again after a stable minute."""

    clock: Callable[[], float]
    deaths: int = 0
    started_at: float = 0
    next_try_at: float = 0

    def began(self) -> None:
        self.started_at = self.clock()

    def ended(self) -> int:
        now = self.clock()
        self.deaths = 1 if now - self.started_at > STABLE_AFTER else self.deaths + 1
        seconds = min(1 << (self.deaths - 1), LONGEST_PAUSE)
        self.next_try_at = now + seconds
        return seconds

    def is_over(self) -> bool:
        return self.clock() >= self.next_try_at


@dataclass
class Program:
    """One child in a session of its own, so that Ctrl-C reaches the supervisor alone."""

    name: str
    command: Sequence[str | Path]
    log: Path
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    pause: Pause = field(default_factory=lambda: Pause(time.monotonic))

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.old"))
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=self.pass_fds,
                preexec_fn=die_with_parent,  # safe: the supervisor has no threads
            )
        self.pause.began()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def terminate(self) -> None:
        """The main process alone: the worker's pool must live on to finish its tasks."""
        if self.process and self.is_alive():
            self.process.terminate()

    def kill_the_rest(self) -> None:
        """Children outlive a killed main process and would hold on to its tasks."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


@dataclass
class Supervisor:
    programs: list[Program]
    cluster: Cluster | None
    say: Callable[[str], None]
    is_ready: Callable[[], bool]
    on_ready: Callable[[], None]
    signals: int = 0
    database_pause: Pause = field(default_factory=lambda: Pause(time.monotonic))

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
                signal.signal(number, self._on_signal)
        try:
            self.database_pause.began()
            for program in self.programs:
                program.start()
            announced = False
            while not self.signals:
                self.tick()
                if not announced and self.is_ready():
                    announced = True
                    self.on_ready()
                time.sleep(0.2)
        finally:
            self.stop()

    def _on_signal(self, number: int, frame: object) -> None:
        self.signals += 1

    def tick(self) -> None:
        """Bring back what died and whose pause is over."""
        if self.cluster and not self.cluster.is_running() and self.database_pause.is_over():
            seconds = self.database_pause.ended()
            try:
                self.cluster.start()
                self.database_pause.began()
                self.say(_("PostgreSQL had stopped and runs again."))
            except PostgresError as error:
                self.say(_(error.template) % error.values)
                self.say(_("Next attempt in %(seconds)d s.") % {"seconds": seconds})
        for program in self.programs:
            if program.process is None:
                if program.pause.is_over():
                    program.start()
            elif not program.is_alive():
                code = program.process.returncode
                program.kill_the_rest()
                program.process = None
                seconds = program.pause.ended()
                values = {"name": program.name, "code": code, "seconds": seconds, "log": program.log}
                self.say(_("%(name)s ended (%(code)s) and starts again in %(seconds)d s. Log: %(log)s") % values)

    def stop(self) -> None:
        """Ask, wait, then insist; PostgreSQL last. A second Ctrl-C shortens the wait."""
        self.say(_("Stopping …"))
        asked = self.signals
        for program in self.programs:
            program.terminate()
        deadline = time.monotonic() + PATIENCE
        while any(program.is_alive() for program in self.programs):
            if time.monotonic() > deadline or self.signals > max(asked, 1):
                break
            time.sleep(0.05)
        for program in self.programs:
            program.kill_the_rest()
            if program.process:
                program.process.wait()
        if self.cluster:
            self.cluster.stop()
        self.say(_("Stopped."))


def bind(port: int, say: Callable[[str], None]) -> socket.socket:
    """A listening socket on this machine only, at `port` or the next free one.

    The supervisor keeps it: while the web server restarts, requests wait instead of being refused.
    """
    for candidate in range(port, port + 50):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", candidate))
            listener.listen(128)
        except OSError:
            listener.close()
            say(_("Port %(port)d is taken, trying the next.") % {"port": candidate})
            continue
        listener.set_inheritable(True)
        return listener
    raise SystemExit(_("No free port from %(port)d on.") % {"port": port})


def answers(port: int) -> bool:
    """Whether the web server says anything in HTTP."""
    request = b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(request)
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def programs(home: Path, listener: socket.socket) -> list[Program]:
    python, logs = sys.executable, home / "log"
    celery = [python, "-m", "celery", "-A", "config"]
    return [
        Program(
            "web",
            [python, "-m", "gunicorn", "-c", "python:config.gunicorn", "--bind", f"fd://{listener.fileno()}"],
            logs / "web.log",
            pass_fds=(listener.fileno(),),
        ),
        Program(
            "worker",
            [*celery, "worker", "-c", "1", "-l", "INFO", "--without-mingle", "--without-gossip", "--without-heartbeat"],
            logs / "worker.log",
        ),
        Program(
            "beat",
            [*celery, "beat", "-l", "INFO", "--schedule", home / "beat-schedule", "--pidfile="],
            logs / "beat.log",
        ),
    ]


def line(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(text, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--embedded", action="store_true", help="PostgreSQL of the home folder is ours to keep alive")
    options = parser.parse_args()
    listener = bind(options.port, line)
    port = listener.getsockname()[1]

    def ready() -> None:
        line("")
        line(_("Zhibu is ready: %(address)s") % {"address": f"http://127.0.0.1:{port}/"})
        line(
            _("Data in %(home)s, logs in %(logs)s. Ctrl-C stops everything.")
            % {"home": options.home, "logs": options.home / "log"}
        )

    Supervisor(
        programs=programs(options.home, listener),
        cluster=Cluster(options.home / "postgres") if options.embedded else None,
        say=line,
        is_ready=lambda: answers(port),
        on_ready=ready,
    ).run()


if __name__ == "__main__":
    main()
