"""Brokers of one's own, started and killed by the scripts beside this one: free ports, own folders, nothing left behind."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

READY = 90  # seconds; RabbitMQ takes its time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Broker:
    """Starts at once and waits until it listens. `kill` is kill -9; `start` again finds its data."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self) -> None:
        command, env = self.command()
        self.child = subprocess.Popen(
            command, env=os.environ | env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        if not wait(lambda: _listens(self.port), READY):
            self.kill()
            raise RuntimeError(f"{type(self).__name__} did not start")

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def remove(self) -> None:
        self.kill()

    def command(self) -> tuple[list[str], dict[str, str]]:
        raise NotImplementedError

    @property
    def url(self) -> str:
        raise NotImplementedError


class Redis(Broker):
    def command(self) -> tuple[list[str], dict[str, str]]:
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--appendonly", "yes"]
        return ["redis-server", *words], {}

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


class RabbitMQ(Broker):
    """Its script by the side of the one on the path: that one wants to become another user."""

    def __init__(self, folder: Path) -> None:
        self.ports = free_port(), free_port()
        super().__init__(folder)

    def command(self) -> tuple[list[str], dict[str, str]]:
        script = sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))[-1]
        epmd, distribution = self.ports
        return [str(script)], {
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_NODENAME": f"zhibu{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
        }

    def remove(self) -> None:
        """Erlang's port mapper outlives the node, and ends only once it has noticed that the node is gone."""
        super().remove()
        env = os.environ | {"ERL_EPMD_PORT": str(self.ports[0])}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        wait(lambda: subprocess.run(["epmd", "-kill"], env=env, check=False, **quiet).returncode == 0, 10)

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"


def is_there(kind: type[Broker]) -> bool:
    if kind is Redis:
        return shutil.which("redis-server") is not None
    return bool(list(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server")))
