"""Writing down what is owed for 100,000 branches, a week before the end of a quarter: `make bench SCALE=L`."""

import os
import re
import sys
import time
from datetime import date
from pathlib import Path

from tests.bench import _stage

TODAY = date(2026, 3, 24)
NODE = re.compile(
    r"^(?P<depth>\s*)(?:->\s+)?(?P<what>[A-Z][\w ]*?)(?: using \S+)?(?: on (?P<on>\S+))?(?: \S+)?\s+\(cost"
)


def pass_over(what: str, pid: int) -> None:
    from apps.reminders.services import owing

    began, used = time.monotonic(), _stage.cpu_seconds(pid)
    rows = owing.owe(today=TODAY)
    seconds, used = time.monotonic() - began, _stage.cpu_seconds(pid) - used
    print(
        f"{what:<28} {rows:>9,} rows {seconds:>7.1f} s, {used:.1f} s of processor, own memory then {memory(pid):.0f} MB",
        flush=True,
    )


def memory(pid: int) -> float:
    """Of the server's process, without the shared buffers."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return int(fields["RssAnon"].split()[0]) / 1024


def plans() -> None:
    """Of each source's sets the nodes of the plan, and how long it ran."""
    from django.db import connection

    from apps.core.sources import sources
    from apps.reminders.schedule import reach
    from apps.reminders.working_days import working_days

    until = reach(TODAY, working_days(TODAY))
    for source in sources:
        for rows in source.owed(until):
            sql, params = rows.query.sql_with_params()
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", params)
                lines = [line for (line,) in cursor.fetchall()]
            nodes = [
                found["what"] + (f" on {found['on']}" if found["on"] else "")
                for found in map(NODE.match, lines)
                if found
            ]
            took = next((line for line in reversed(lines) if line.startswith("Execution")), "")
            print(f"{source.slug}: {' < '.join(nodes[:8])}; {took}", flush=True)


def main() -> int:
    if os.environ.get("SCALE") != "L":
        print("not asked for: make bench SCALE=L")
        return 0
    with _stage.stage("H", TODAY):
        from django.db import connection

        from apps.branches.models import Organization
        from apps.duties.models import DutyPeriod
        from apps.duties.services.laying_out import materialise

        materialise(today=TODAY)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        branches = Organization.objects.filter(kind=Organization.Kind.BRANCH).count()
        print(f"{branches:,} branches, {DutyPeriod.objects.unfulfilled().count():,} open periods; {_stage.machine()}")
        pid = connection.connection.info.backend_pid
        pass_over("owe, the first time", pid)
        pass_over("owe again, nothing new", pid)
        plans()
    return 0


if __name__ == "__main__":
    sys.exit(main())
