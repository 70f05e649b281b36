"""Writing down what is owed: one INSERT … SELECT per set of a source, over the whole tree, and nothing twice."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.branches.models import Organization, PartyGroup, Person
from apps.core.errors import RuleBroken
from apps.core.sources import COLUMNS, source_of, sources
from apps.reminders import asking
from apps.reminders.models import Reminder
from apps.reminders.schedule import reach
from apps.reminders.working_days import working_days

if TYPE_CHECKING:
    from apps.accounts.models import User

REOPENED = "reopened"
SETTLE_AT_ONCE = 5_000

INSERT = """
INSERT INTO reminders_reminder (source, source_id, step, step_on, due_on, path, branch_id, organization_id, group_id, person_id)
SELECT %s, owed.* FROM ({rows}) AS owed ({columns})
ON CONFLICT (source, source_id, step, organization_id, group_id, person_id) DO NOTHING
"""
# What was settled and is owed again, at the step it had reached, gets one more: a withdrawn record, a waiver taken back.
AGAIN = """
INSERT INTO reminders_reminder (source, source_id, step, step_on, due_on, path, branch_id, organization_id, group_id, person_id)
SELECT r.source, r.source_id, %s, owed.step_on, owed.due_on, owed.place, owed.branch, r.organization_id, r.group_id, r.person_id
FROM ({rows}) AS owed ({columns})
JOIN reminders_reminder r ON r.source = %s AND r.source_id = owed.source_id AND r.step = owed.step AND r.state = 'settled'
    AND r.organization_id IS NOT DISTINCT FROM owed.organization AND r.group_id IS NOT DISTINCT FROM owed."group"
    AND r.person_id IS NOT DISTINCT FROM owed.person
ON CONFLICT (source, source_id, step, organization_id, group_id, person_id) DO NOTHING
"""


def owe(*, today: date) -> int:
    """Write down every step reached by `today`, with the days off that follow. Returns how many are new; a rerun adds none.

    Each set is a transaction of its own: a source that fails holds up no other's rows that are already in.
    """
    until = reach(today, working_days(today))
    return sum(_insert(source.slug, rows) for source in sources for rows in source.owed(until))


@transaction.atomic
def _insert(slug: str, rows: QuerySet) -> int:
    sql, params = rows.query.sql_with_params()
    columns = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(AGAIN.format(rows=sql, columns=columns), [REOPENED, *params, slug])
        again = cursor.rowcount
        cursor.execute(INSERT.format(rows=sql, columns=columns), [slug, *params])
        return int(again + cursor.rowcount)


def settle(*, today: date, most: int = 2_000_000) -> int:
    """What was told and is owed no more becomes settled, the newest first, so that a matter that comes up again is noticed."""
    told = Reminder.objects.filter(state=Reminder.State.TOLD).order_by("-pk")
    settled = seen = 0
    chunk = list(told[:SETTLE_AT_ONCE])
    while chunk and seen < most:
        owed = asking.still_owed(chunk, today)
        settled += Reminder.objects.filter(pk__in=[one.pk for one in chunk if one.pk not in owed]).settle()
        seen += len(chunk)
        chunk = list(told.filter(pk__lt=chunk[-1].pk)[:SETTLE_AT_ONCE])
    return settled


def nudge(
    *, source: str, source_id: int, branch: Organization, by: "User", today: date, organization: Organization | None = None,
    group: PartyGroup | None = None, person: Person | None = None, due_on: date | None = None,
) -> bool:  # fmt: skip
    """A friendly word by a person: a line of the next digest, at most one a day. False if there is one already.

    Exactly one of `organization`, `group`, `person` owes it. Whether `by` may is for the caller to know. Raises RuleBroken where
    nothing is owed any more.
    """
    known = source_of(source)
    if known is None or source_id not in known.still_owed([source_id], today):
        raise RuleBroken(_("This is done; there is nothing to remind of."))
    _row, is_new = Reminder.objects.get_or_create(
        source=source,
        source_id=source_id,
        step=f"nudge-{today.isoformat()}",
        organization=organization,
        group=group,
        person=person,
        defaults={"branch": branch, "path": branch.path, "step_on": today, "due_on": due_on, "nudged_by": by},
    )
    return is_new


def tell(
    *, source: str, step: str, people: Mapping[int, int], branch: Organization, today: date, due_on: date | None = None
) -> int:
    """Something happened that these people hear of in their next digest: source id → person. Thirty changes are one line.

    Who has a line of the same thing waiting gets no second one: it is said as it then stands.
    """
    waiting = set(
        Reminder.objects.waiting().filter(source=source, source_id__in=people).values_list("source_id", flat=True)
    )
    fresh = [
        Reminder(
            source=source, source_id=source_id, step=step, person_id=person, branch=branch, path=branch.path, step_on=today,
            due_on=due_on,
        )
        for source_id, person in people.items()
        if source_id not in waiting
    ]  # fmt: skip
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
