"""The day's round: what is owed is written down, and at 08:30 on a working day said, one digest a person."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from apps.reminders import asking, recipients
from apps.reminders.models import Digest, DigestLine, Reminder, Round
from apps.reminders.schedule import may_open, next_opening
from apps.reminders.services import owing
from apps.reminders.working_days import WorkingDays, working_days

AT_ONCE = 1_000
SECONDS = 60  # of one wake-up; the next goes on

# One mail for a person who wants any. Nobody who has one waiting gets a second: that one takes this digest along.
DELIVERIES = """
INSERT INTO reminders_delivery (key, channel, person_id, state, attempts, last_error, next_try_at)
SELECT gen_random_uuid(), 'mail', d.person_id, 'waiting', 0, '', statement_timestamp() + interval '60 seconds'
FROM reminders_digest d
JOIN branches_person p ON p.id = d.person_id
JOIN accounts_user u ON u.id = p.user_id AND u.is_active AND u.email <> '' AND u.email_confirmed_at IS NOT NULL
LEFT JOIN reminders_preference f ON f.person_id = d.person_id
WHERE d.day = %(day)s AND d.kind = %(kind)s AND d.delivery_id IS NULL AND coalesce(f.outside, 'mail') = 'mail'
ON CONFLICT (person_id, channel, robot_id, sitting_id) WHERE state = 'waiting' DO NOTHING
"""
# Locked: a message that is being put together at this moment must not miss a line.
ATTACH = """
UPDATE reminders_digest d SET delivery_id = v.id
FROM (
    SELECT id, person_id FROM reminders_delivery
    WHERE state = 'waiting' AND channel = 'mail'
        AND person_id IN (SELECT person_id FROM reminders_digest WHERE day = %(day)s AND kind = %(kind)s AND delivery_id IS NULL)
    FOR UPDATE
) v
WHERE v.person_id = d.person_id AND d.day = %(day)s AND d.kind = %(kind)s AND d.delivery_id IS NULL
"""


@dataclass
class Outcome:
    """Of one wake-up: reminders written down, lines said, digests begun, reminders found settled, whether the day is done."""

    owed: int = 0
    lines: int = 0
    digests: int = 0
    settled: int = 0
    nobody: int = 0
    is_closed: bool = False


def run_round(*, now: datetime, clock: Callable[[], float] = time.monotonic) -> Outcome:
    """Take the day's round as far as it goes now. Twice at once, or cut short at any point, it says nothing twice.

    Before 08:30 and on days off it writes down only. Whoever holds the day's row works; a second scheduler finds it locked.
    """
    today, until = now.date(), clock() + SECONDS
    days = working_days(today)
    outcome = Outcome()
    Round.objects.bulk_create([Round(day=today)], ignore_conflicts=True)
    if not _owed_today(today, outcome):
        return outcome
    if not may_open(now, days):
        return outcome
    if not _open(today, outcome):
        return outcome
    while clock() < until:
        if not _say_some(today, days, outcome):
            break
    return outcome


def _mine(today: date) -> Round | None:
    """The day's row, locked until the transaction ends; None while somebody else has it."""
    return Round.objects.select_for_update(skip_locked=True).filter(day=today).first()


@transaction.atomic
def _owed_today(today: date, outcome: Outcome) -> bool:
    if (row := _mine(today)) is None:
        return False
    if row.owed_at is None:
        outcome.owed += owing.owe(today=today)
        Round.objects.filter(day=today).update(owed_at=Now())
    return True


@transaction.atomic
def _open(today: date, outcome: Outcome) -> bool:
    """The digest of the day takes what is written down by now; what comes later is for the next."""
    if (row := _mine(today)) is None or row.closed_at is not None:
        return False
    if row.opened_at is None:
        outcome.owed += owing.owe(today=today)
        last = Reminder.objects.waiting().aggregate(last=Max("pk"))["last"] or 0
        Round.objects.filter(day=today).update(opened_at=Now(), up_to=last)
    return True


@transaction.atomic
def _say_some(today: date, days: WorkingDays, outcome: Outcome) -> bool:
    """One chunk, said or not at all. False when nothing is left, or somebody else is at it."""
    row = _mine(today)
    if row is None or row.closed_at is not None:
        return False
    waiting = Reminder.objects.waiting().filter(pk__gt=row.said_to, pk__lte=row.up_to or 0)
    chunk = list(waiting.order_by("pk")[:AT_ONCE])
    if not chunk:
        put_outside(today, Digest.Kind.DAILY)
        Round.objects.filter(day=today).update(closed_at=Now())
        outcome.is_closed = True
        return False
    say(chunk, today, Digest.Kind.DAILY, outcome)
    Round.objects.filter(day=today).update(said_to=chunk[-1].pk)
    return True


def say(chunk: list[Reminder], today: date, kind: str, outcome: Outcome) -> None:
    """Into the digests of those who are to hear it. Inside the caller's transaction."""
    owed = asking.still_owed(chunk, today)
    gone = [one.pk for one in chunk if one.pk not in owed and one.step_on <= today]
    outcome.settled += Reminder.objects.filter(pk__in=gone).settle()
    chunk = [one for one in chunk if one.pk in owed]
    told = recipients.resolve(chunk, today, asking.overdue(chunk, today))
    people = sorted({person for heard in told.values() for person, _ in heard})
    begun = Digest.objects.filter(person__in=people, day=today, kind=kind).count()
    Digest.objects.bulk_create(
        [Digest(person_id=person, day=today, kind=kind) for person in people], ignore_conflicts=True
    )
    digests = dict(Digest.objects.filter(person__in=people, day=today, kind=kind).values_list("person_id", "pk"))
    rows = [
        DigestLine(digest_id=digests[person], reminder_id=one.pk, reason=reason)
        for one in chunk
        for person, reason in told[one.pk]
    ]
    DigestLine.objects.bulk_create(rows, ignore_conflicts=True)
    heard = [pk for pk, people_told in told.items() if people_told]
    Reminder.objects.filter(pk__in=heard).update(state=Reminder.State.TOLD)
    unheard = [pk for pk, people_told in told.items() if not people_told]
    Reminder.objects.filter(pk__in=unheard).update(state=Reminder.State.NOBODY)
    outcome.lines += len(rows)
    outcome.digests += len(digests) - begun
    outcome.nobody += len(unheard)


def put_outside(today: date, kind: str) -> None:
    """Mail for whoever wants it, held a minute; a message that has not gone out yet takes the new digest along."""
    with connection.cursor() as cursor:
        for statement in (ATTACH, DELIVERIES, ATTACH):
            cursor.execute(statement, {"day": today, "kind": kind})


@transaction.atomic
def say_urgent(*, now: datetime) -> int:
    """A meeting before the next digest was moved or cancelled: at once, for those who asked for it; once a day at most.

    For everybody else, and for a second change, the app shows it and the next digest says it.
    """
    today = now.date()
    days = working_days(today)
    before = next_opening(now, days).date() if next_opening(now, days) > now else days.after(today)
    had_one = Digest.objects.filter(day=today, kind=Digest.Kind.URGENT).values("person")
    rows = (
        Reminder.objects.waiting()
        .filter(
            source="meeting_change", due_on__range=(today, before), person__reminder_preference__urgent_meetings=True
        )
        .exclude(person__in=had_one)
    )
    chunk = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:AT_ONCE])
    if not chunk:
        return 0
    outcome = Outcome()
    say(chunk, today, Digest.Kind.URGENT, outcome)
    put_outside(today, Digest.Kind.URGENT)
    return outcome.digests
