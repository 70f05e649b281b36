"""How long the pages and the jobs take, on the demonstration and on 2,000 branches: `make bench`.

Pages are asked in this process as the application role, without network; the first answer is not timed. A POST of the log flow
really files. Jobs run in a transaction that is taken back.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date

from tests.bench import _stage

TODAY = date(2026, 3, 18)
PAGES, FILINGS, JOBS = 30, 15, 3
SECRETARY = {"S": "lifang", "M": "secretary"}
STAFF = {"S": "zhoumin", "M": "staff"}


def pages(scale: str) -> list[_stage.Timing]:
    from django.test import Client

    from apps.accounts.models import User

    def signed_in(username: str) -> tuple[Client, str]:
        user = User.objects.select_related("person__organization").get(username=username)
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        return client, user.person.organization.public_id

    def answer(client: Client, url: str) -> Callable[[], None]:
        def ask() -> None:
            response = client.get(url)
            assert response.status_code == 200, (url, response.status_code)

        return ask

    secretary, branch = signed_in(SECRETARY[scale])
    staff, top = signed_in(STAFF[scale])
    asked = (
        ("home of a secretary", secretary, "/"),
        ("roster", secretary, f"/b/{branch}/members/"),
        ("duty board", secretary, f"/b/{branch}/duties/"),
        ("meetings", secretary, f"/b/{branch}/meetings/"),
        ("log, first page", secretary, f"/b/{branch}/log/"),
        ("home of staff", staff, "/"),
        ("branches and duties, a page of 50", staff, f"/b/{top}/duties/branches/"),
        ("the same, only what is overdue", staff, f"/b/{top}/duties/branches/?month=2026-02&state=overdue"),
        ("branches to put right", staff, f"/b/{top}/quality/"),
        ("attendance of branches, a page of 50", staff, f"/b/{top}/participation/"),
        ("hand-over pack", secretary, f"/b/{branch}/handover/"),
        ("organization tree", staff, "/organizations/"),
        ("organization search", staff, "/organizations/?q=党支部"),
    )
    return [_stage.timed(name, answer(client, url), PAGES) for name, client, url in asked] + filings(secretary, branch)


def filings(client, branch: str) -> list[_stage.Timing]:  # noqa: ANN001
    """Begin, save, check and file a committee meeting, as a browser would send it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from apps.activities.models import Activity

    steps: dict[str, list[float]] = {}
    queries: dict[str, int] = {}

    def step(name: str, status: int, ask: Callable, *given):  # noqa: ANN002, ANN202
        with CaptureQueriesContext(connection) if name not in queries else nullcontext() as captured:
            began = time.perf_counter()
            response = ask(*given)
            seconds = time.perf_counter() - began
        assert response.status_code == status, (name, response.status_code)
        if name in queries:
            steps.setdefault(name, []).append(seconds * 1000)
        else:
            queries[name] = len(captured)
        return response

    for number in range(FILINGS + 1):
        kind = {"kind": "committee_meeting", "request_key": f"bench-{number}"}
        here = step("log, begin", 302, client.post, f"/b/{branch}/log/", kind).url.partition("?")[0]
        one = Activity.objects.get(public_id=here.rstrip("/").rpartition("/")[2])
        people = set(re.findall(r'name="(att-[^"]+)"', client.get(here).content.decode()))
        present = {name: ["present"] for name in people}
        said = one.draft | present | {"version": [str(one.version)], "main-minutes": ["研究下月工作安排。"]}
        step("log, save", 302, client.post, here, said | {"go": ["4"]})
        check = step("log, check", 200, client.get, f"{here}?step=4")
        one.refresh_from_db()
        confirmed = re.search(r'name="confirmed" value="([^"]+)"', check.content.decode())[1]
        said |= {"version": [str(one.version)], "confirmed": [confirmed]}
        step("log, file", 302, client.post, f"{here}file/", said)
    return [_stage.Timing(name, found, queries[name]) for name, found in steps.items()]


def jobs() -> list[_stage.Timing]:
    from django.db import transaction

    from apps.duties.models import DutyPeriod, Materialised
    from apps.duties.services.laying_out import materialise
    from apps.duties.services.reconciling import reconcile

    def from_nothing() -> None:
        DutyPeriod.objects.all().delete()
        Materialised.objects.all().delete()
        materialise(today=TODAY)

    def taken_back(job: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with transaction.atomic():
                job()
                transaction.set_rollback(True)

        return run

    def proven(full: bool) -> None:
        report = reconcile(today=TODAY, full=full)
        assert report.is_clean, report

    rows = DutyPeriod.objects.count()
    return [
        _stage.timed("materialise, nothing to do", lambda: materialise(today=TODAY), 10),
        _stage.timed(f"materialise, all {rows:,} from nothing", taken_back(from_nothing), JOBS),
        _stage.timed("materialise, next month", taken_back(lambda: materialise(today=date(2026, 4, 1))), JOBS),
        _stage.timed("reconcile, every night", taken_back(lambda: proven(False)), JOBS),
        _stage.timed("reconcile in full, monthly", taken_back(lambda: proven(True)), JOBS),
    ]


def measure(scale: str) -> None:
    with _stage.stage(scale, TODAY):
        from apps.branches.models import Membership, Organization

        branches = Organization.objects.filter(kind="branch").count()
        members = Membership.objects.on(TODAY).count()
        print(f"{branches:,} branches, {members:,} members; {_stage.machine()}\n{_stage.HEAD}", flush=True)
        for timing in (*pages(scale), *jobs()):
            print(timing.line, flush=True)


def main() -> int:
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return 0
    for scale in ("S", "M"):  # a process each: one reads its settings once
        command = [sys.executable, "-m", "tests.bench.speed", scale]
        if code := subprocess.run(command, cwd=_stage.ROOT, env=os.environ, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
