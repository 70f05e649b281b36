"""How fast what is owed is written down and said, for 2,000 branches, a week before the end of a month."""

import sys
import time
from datetime import date

from tests.bench._stage import stage

TODAY = date(2026, 3, 24)

ACCOUNTS = """
WITH made AS (
    INSERT INTO accounts_user (password, public_id, username, email, email_confirmed_at, language, text_size, is_active,
        is_administrator, created_at)
    SELECT '!', 'b' || p.id, 'bench' || p.id, 'b' || p.id || '@example.test', now(), '', '', true, false, now()
    FROM branches_person p
    WHERE p.user_id IS NULL AND EXISTS (SELECT FROM branches_post s WHERE s.person_id = p.id AND s.kind = 'branch_secretary')
    RETURNING id, username
)
UPDATE branches_person p SET user_id = made.id FROM made WHERE made.username = 'bench' || p.id
"""


def timed(what: str, work, rows=None) -> None:
    began = time.monotonic()
    done = work()
    seconds = time.monotonic() - began
    count = rows(done) if rows else done
    print(f"{what:<46} {count:>9,} rows {seconds:>7.2f} s", flush=True)


def main() -> int:
    with stage("M", TODAY):
        from django.db import connection
        from django.utils import timezone

        from apps.branches.models import Organization
        from apps.core.clock import now
        from apps.duties.models import DutyPeriod
        from apps.duties.services.laying_out import materialise
        from apps.reminders.models import Reminder
        from apps.reminders.services import digesting, owing

        materialise(today=TODAY)
        with connection.cursor() as cursor:
            cursor.execute(ACCOUNTS)
            cursor.execute("ANALYZE")
        branches = Organization.objects.filter(kind=Organization.Kind.BRANCH).count()
        open_now = DutyPeriod.objects.unfulfilled().count()
        print(f"{branches:,} branches, {open_now:,} open periods, {timezone.localtime(now()):%Y-%m-%d}")
        timed("owe, the first time (with a year's catch-up)", lambda: owing.owe(today=TODAY))
        timed("owe again, nothing new", lambda: owing.owe(today=TODAY))
        waiting = Reminder.objects.waiting().count()
        began = time.monotonic()
        outcome = digesting.run_round(now=now())
        seconds = time.monotonic() - began
        said = waiting - Reminder.objects.waiting().count()
        print(
            f"one wake-up of the round: {said:,} of {waiting:,} reminders resolved in {seconds:.0f} s "
            f"({said / seconds:,.0f} a second), {outcome.digests:,} digests ({outcome.digests / seconds:,.0f} a second)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
