"""What dies comes back, ever more slowly; what is asked to stop may finish first."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from apps.core.stack import supervisor
from apps.core.stack.postgres import PostgresError
from apps.core.stack.supervisor import Pause, Program, Supervisor


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture
def program(tmp_path):
    program = Program("web", ["sleep", "60"], tmp_path / "log" / "web.log", pause=Pause(Clock()))
    yield program
    program.kill_the_rest()
    if program.process:
        program.process.wait()


def supervise(*programs, cluster=None, said=None):
    return Supervisor(
        programs=list(programs),
        cluster=cluster,
        say=(said if said is not None else []).append,
        is_ready=lambda: True,
        on_ready=lambda: None,
        database_pause=Pause(Clock()),
    )


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with contextlib.suppress(OSError):  # a zombie of somebody else's child is gone, too
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


def test_pauses_double_up_to_half_a_minute_and_are_forgotten_after_a_stable_one():
    pause = Pause(clock := Clock())
    pause.began()
    assert [pause.ended() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert not pause.is_over()
    clock.now += 30
    assert pause.is_over()
    pause.began()
    clock.now += 61
    assert pause.ended() == 1


def test_a_killed_program_starts_again_after_its_pause(program):
    said = []
    watch = supervise(program, said=said)
    program.start()
    first = program.process.pid
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not program.is_alive())
    watch.tick()
    watch.tick()
    assert program.process is None, "the pause is not over"
    program.pause.clock.now += 1
    watch.tick()
    assert program.is_alive()
    assert program.process.pid != first
    assert said == [f"web ended (-9) and starts again in 1 s. Log: {program.log}"]


def test_children_of_a_killed_program_are_removed_before_it_returns(program):
    program.command = ["sh", "-c", "sleep 60 & echo $!; wait"]
    program.start()
    wait_for(lambda: program.log.read_text().strip())
    child = int(program.log.read_text())
    os.kill(program.process.pid, signal.SIGKILL)
    wait_for(lambda: not program.is_alive())
    assert not gone(child)
    supervise(program).tick()
    wait_for(lambda: gone(child))


def test_stopping_signals_the_main_process_alone_and_waits_for_it(program):
    # The child would die of a signal to the group; the main process finishes its work only with the child alive.
    program.command = ["sh", "-c", "sleep 0.5 & trap 'wait; echo finished; exit 0' TERM; echo up; wait"]
    program.start()
    wait_for(lambda: program.log.read_text() == "up\n")
    began = time.monotonic()
    supervise(program).stop()
    assert program.log.read_text() == "up\nfinished\n"
    assert time.monotonic() - began < 5


def test_who_does_not_listen_is_killed_when_patience_ends(program, monkeypatch):
    monkeypatch.setattr(supervisor, "PATIENCE", 0.3)
    program.command = ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done"]
    program.start()
    wait_for(lambda: program.log.read_text() == "up\n")
    supervise(program).stop()
    assert program.process.returncode == -signal.SIGKILL


class Database:
    """Stands for the cluster: down, and up again at the given attempt."""

    def __init__(self, attempts):
        self.attempts, self.running, self.stopped = attempts, False, False

    def is_running(self):
        return self.running

    def start(self):
        self.attempts -= 1
        if self.attempts:
            raise PostgresError("PostgreSQL refused: %(said)s", said="no space")
        self.running = True

    def stop(self):
        self.stopped = True


def test_postgres_is_watched_like_the_others_and_stopped_last(program):
    said = []
    watch = supervise(program, cluster=(database := Database(attempts=2)), said=said)
    program.start()
    watch.tick()
    watch.tick()  # within the pause: no further attempt
    assert said == ["PostgreSQL refused: no space", "Next attempt in 1 s."]
    watch.database_pause.clock.now += 1
    watch.tick()
    assert database.running
    assert said[2:] == ["PostgreSQL had stopped and runs again."]
    database.stop = lambda: said.append(f"web alive: {program.is_alive()}")
    watch.stop()
    assert said[3:] == ["Stopping …", "web alive: False", "Stopped."]


def test_a_taken_port_is_said_and_the_next_one_used():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port, said = taken.getsockname()[1], []
        with supervisor.bind(port, said.append) as listener:
            address, used = listener.getsockname()
    assert address == "127.0.0.1"
    assert used > port
    assert said[0] == f"Port {port} is taken, trying the next."


def test_the_supervisor_stays_small():
    program = "import sys, apps.core.stack.supervisor; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {name for name in loaded if name.partition(".")[0] in {"django", "celery", "psycopg"}}
