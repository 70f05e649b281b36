"""A server of its own with seeded data, and stopwatches. Imported by the scripts beside it, which `make bench` runs in turn."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def stage(scale: str, today: date, **options: str) -> Iterator[None]:
    """An embedded PostgreSQL, durable as in service, migrated and seeded; Django set up on it as the application role.

    `options` are settings of the server beyond those it comes with. Once in a process: settings are read once.
    """
    from apps.core.stack.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="zhibu-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        # A set clock: what is measured must not depend on the day of the year.
        settings = {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "ZHIBU_HOME": folder,
            "ZHIBU_NOW": f"{today}T09:00:00",
        }
        os.environ.update(settings)
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            os.environ.pop(name, None)
        cluster = Cluster(home / "postgres")
        cluster.start()
        try:
            if options:
                for name, value in options.items():
                    cluster.run_sql(f"ALTER SYSTEM SET {name} = '{value}'")
                cluster.stop()
                cluster.start()
            began = time.monotonic()
            manage("prepare", as_owner=True)
            manage("seed_demo", "--scale", scale)
            cluster.run_sql("VACUUM ANALYZE", "zhibu")
            print(f"seeded in {time.monotonic() - began:.0f} s", flush=True)
            import django

            django.setup()
            yield
        finally:
            cluster.stop()


def manage(*words: str, as_owner: bool = False) -> None:
    env = os.environ | ({"ZHIBU_AS_OWNER": "1"} if as_owner else {})
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def cpu_seconds(pid: int) -> float:
    """What a process has used; on a busy machine this says more than the clock on the wall."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def machine() -> str:
    """Its shape, for the figures that are written down."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, load {os.getloadavg()[0]:.1f}"


@dataclass(frozen=True, slots=True)
class Timing:
    name: str
    milliseconds: list[float]
    queries: int

    @property
    def line(self) -> str:
        ranked = sorted(self.milliseconds)
        p95 = ranked[min(len(ranked) - 1, round(len(ranked) * 0.95))]
        return f"{self.name:<44}{median(ranked):>9.1f}{p95:>9.1f}{self.queries:>9}"


HEAD = f"{'':<44}{'median':>9}{'p95':>9}{'queries':>9}\n{'':<44}{'ms':>9}{'ms':>9}"


def timed(name: str, run: Callable[[], object], times: int) -> Timing:
    """The first run counts queries and is not timed: it also fills caches."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        run()
    queries, found = len(captured), []  # counted at once: the next request empties the log
    for _ in range(times):
        began = time.perf_counter()
        run()
        found.append((time.perf_counter() - began) * 1000)
    return Timing(name, found, queries)
