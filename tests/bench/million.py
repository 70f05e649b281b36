"""A month of duties for a million branches beside the bare INSERT of the same rows: `make bench SCALE=L`.

Takes some minutes and about 6 GB of disk, so it runs only when asked for. The bar: four million periods in at most 30 s, and at
most 1.3 times what the bare statement takes into an empty copy of the table with all its indexes.
"""

import os
import sys
import time
from datetime import date

from tests.bench import _stage

TODAY = date(2026, 4, 1)  # a month and a quarter begin: a branch without committee and groups owes four duties
MOST_SECONDS, MOST_TIMES = 30, 1.3
SERVER = {"shared_buffers": "2GB", "max_wal_size": "16GB", "checkpoint_timeout": "30min"}

COPY = "CREATE TABLE floor (LIKE duties_dutyperiod INCLUDING ALL)"
# One statement a duty, as it is laid out; nothing is judged, nothing can conflict.
BARE = """
INSERT INTO floor (rule_id, organization_id, group_id, root_id, path, for_year, starts_on, ends_before, due_on, soon_from,
    overdue_from, required, done, late, closed_as)
SELECT r.id, o.id, NULL, o.root_id, o.path, 2026, %(starts_on)s::date, %(ends_before)s::date,
    %(ends_before)s::date - 1, %(ends_before)s::date - r.soon_days, %(ends_before)s::date + r.grace_days, r.times, 0, 0, ''
FROM branches_organization o JOIN duties_dutyrule r ON r.slug = %(slug)s AND r.set_by_id IS NULL
WHERE o.kind = 'branch'
"""
SPANS = (
    ("general_meeting", date(2026, 4, 1), date(2026, 7, 1)),
    ("party_lecture", date(2026, 4, 1), date(2026, 7, 1)),
    ("theme_day", date(2026, 4, 1), date(2026, 5, 1)),
    ("talk", date(2026, 1, 1), date(2027, 1, 1)),
)


def as_owner():  # noqa: ANN201
    import psycopg
    from django.conf import settings

    from apps.core.stack.broker import connection_string

    return psycopg.connect(connection_string(settings.OWNER_DATABASE), autocommit=True)


def bare() -> tuple[int, float, float]:
    """Rows, seconds, seconds of processor."""
    with as_owner() as owner:
        owner.execute(COPY)
        pid, rows = owner.info.backend_pid, 0
        began, used = time.monotonic(), _stage.cpu_seconds(pid)
        for slug, starts_on, ends_before in SPANS:
            values = {"slug": slug, "starts_on": starts_on, "ends_before": ends_before}
            rows += owner.execute(BARE, values).rowcount
        seconds, used = time.monotonic() - began, _stage.cpu_seconds(pid) - used
        owner.execute("DROP TABLE floor")
    return rows, seconds, used


def laid_out() -> tuple[int, float, float]:
    from django.db import connection

    from apps.duties.services.laying_out import materialise

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    began, used = time.monotonic(), _stage.cpu_seconds(pid)
    rows = materialise(today=TODAY)
    return rows, time.monotonic() - began, _stage.cpu_seconds(pid) - used


def boards() -> None:
    """What a committee above a million branches asks all day."""
    from django.test import Client

    from apps.accounts.models import User
    from apps.branches.models import Organization
    from apps.duties.models import DutyPeriod

    with as_owner() as owner:
        owner.execute("VACUUM ANALYZE duties_dutyperiod")  # as the server does by itself within some minutes
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="staff"))
    top = Organization.objects.get(parent=None)
    periods, later = DutyPeriod.objects.under(top.path), date(2026, 5, 20)
    print(_stage.HEAD)
    for timing in (
        _stage.timed("subtree list, a page of 50", lambda: client.get(f"/b/{top.public_id}/duties/branches/"), 20),
        _stage.timed("overdue in the whole tree, none", lambda: periods.overdue(TODAY).count(), 10),
        _stage.timed("overdue in the whole tree, a million", lambda: periods.overdue(later).count(), 5),
        _stage.timed("open in the whole tree, four million", lambda: periods.unfulfilled().count(), 5),
    ):
        print(timing.line, flush=True)


def main() -> int:
    if os.environ.get("SCALE") != "L":
        print("not asked for: make bench SCALE=L")
        return 0
    with _stage.stage("L", TODAY, **SERVER):
        print(_stage.machine())
        results = {"bare INSERT": bare(), "materialise": laid_out(), "materialise, nothing to do": laid_out()}
        for name, (rows, seconds, used) in results.items():
            print(f"{name:<44}{rows:>9} rows{seconds:>8.1f} s{used:>8.1f} s of processor", flush=True)
        (rows, floor, _), (same, seconds, _), (none, again, _) = results.values()
        print(
            f"{seconds / floor:.2f} times the bare INSERT, at most {MOST_TIMES}; {seconds:.1f} s, at most {MOST_SECONDS}"
        )
        boards()
        is_met = rows == same and none == 0 and seconds <= MOST_SECONDS and seconds <= MOST_TIMES * floor and again <= 2
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
