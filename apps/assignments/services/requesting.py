"""From a committee to many branches at once: one statement to send, one for each act on all of them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from apps.assignments import registry
from apps.assignments.models import Assignment, Batch
from apps.assignments.rules import AT_WORK, OPEN, Act, State
from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.ids import ALPHABET
from apps.core.models import audit
from apps.core.paths import subtree_end

if TYPE_CHECKING:
    from apps.accounts.models import User

# Twelve random bytes a row (those of a UUID that carry its version are left out), each a character of the readable alphabet.
PUBLIC_ID = f"""(
    SELECT string_agg(substr('{ALPHABET}', 1 + get_byte(r.bytes, i) %% {len(ALPHABET)}, 1), '')
    FROM (SELECT uuid_send(gen_random_uuid()) AS bytes WHERE o.id IS NOT NULL) r, unnest(ARRAY[0,1,2,3,4,5,7,9,10,11,12,13]) i
)"""
SEND = f"""
WITH given AS (
    INSERT INTO assignments_assignment (public_id, source, given_by_organization_id, organization_id, batch_id, title, note,
        due_on, state, asked_reason, given_by_id, created_at, version)
    SELECT {PUBLIC_ID}, %(source)s, %(giver)s, o.id, %(batch)s, %(title)s, %(note)s, %(due_on)s, 'todo', '', %(by)s, %(now)s, 1
    FROM branches_organization o
    WHERE o.path >= %(top)s AND o.path < %(end)s AND o.kind = 'branch'
        AND (o.dissolved_on IS NULL OR o.dissolved_on > %(today)s)
        AND (%(chosen)s::bigint[] IS NULL OR o.id = ANY(%(chosen)s))
    ORDER BY o.path  -- the roll-up pages by id
    RETURNING id
)
INSERT INTO assignments_assignmentevent (assignment_id, act, text, on_behalf, by_id, at)
SELECT id, 'give', '', false, %(by)s, %(now)s FROM given
"""
# The rows are changed and their history written by one statement; {change} is what changes, {where} which rows.
TOGETHER = """
WITH changed AS (
    UPDATE assignments_assignment a SET {change}
    WHERE a.batch_id = %(batch)s AND {where}
    RETURNING a.id
)
INSERT INTO assignments_assignmentevent (assignment_id, act, text, on_behalf, by_id, at)
SELECT id, %(act)s, %(text)s, false, %(by)s, %(now)s FROM changed
RETURNING assignment_id
"""


@transaction.atomic
def request_send(
    *, organization: Organization, branches: Collection[int] | None, by: "User", now: datetime, title: str, note: str = "",
    due_on: date | None = None, request_key: str | None = None,
) -> Batch:  # fmt: skip
    """To every branch below the committee, or to those of `branches` (ids) that are below it, however many.

    A dissolved branch is not asked. The second press of the same button answers with the first one's batch.
    """
    if organization.pk not in by.reach.staff_of:
        raise RuleBroken(_("The staff of this committee send assignments to the branches below it."))
    if branches is not None and not branches:
        raise RuleBroken(_("Choose at least one branch."))
    if due_on is not None and due_on < now.date():
        raise RuleBroken(_("Give a day that is still to come."))
    try:
        with transaction.atomic():  # a savepoint: the transaction outlives the second press
            batch = Batch.objects.create(
                organization=organization, title=title, note=note, due_on=due_on, request_key=request_key or None,
                created_by=by, created_at=now,
            )  # fmt: skip
    except IntegrityError:
        return Batch.objects.get(request_key=request_key, organization=organization, created_by=by)
    with connection.cursor() as cursor:
        cursor.execute(SEND, {
            "source": Assignment.Source.REQUEST, "giver": organization.pk, "batch": batch.pk, "title": title, "note": note,
            "due_on": due_on, "by": by.pk, "now": now, "today": now.date(), "top": organization.path,
            "end": subtree_end(organization.path), "chosen": None if branches is None else sorted(set(branches)),
        })  # fmt: skip
        batch.size = cursor.rowcount
    if not batch.size:
        raise RuleBroken(_("There is no branch to send this to."))
    batch.save(update_fields=["size"])
    audit(by=by, action="request_send", subject=batch, organization_id=organization.pk, note=str(batch.size))
    return batch


@transaction.atomic
def batch_nudge(*, batch: Batch, by: "User", now: datetime) -> int:
    """A friendly word to all whose turn it is, at most once a day each. Returns how many."""
    today = now.date()
    ids = _together(
        batch, Act.NUDGE, by, now, "nudged_on = %(today)s",
        "a.state = ANY(%(states)s) AND (a.nudged_on IS NULL OR a.nudged_on < %(today)s)", today=today, states=list(AT_WORK),
    )  # fmt: skip
    if ids:
        registry.on_nudged(ids, by, today)
    return len(ids)


@transaction.atomic
def batch_accept(*, batch: Batch, by: "User", now: datetime, chosen: Collection[str]) -> int:
    """Accept what was handed in, of the rows `chosen` by public id. What changed meanwhile stays as it is."""
    ids = _together(
        batch, Act.ACCEPT, by, now, "state = %(done)s, version = a.version + 1",
        "a.state = %(submitted)s AND a.public_id = ANY(%(chosen)s)",
        done=State.DONE, submitted=State.SUBMITTED, chosen=list(chosen),
    )  # fmt: skip
    return len(ids)


@transaction.atomic
def batch_cancel(*, batch: Batch, by: "User", now: datetime, reason: str) -> int:
    """Call off what is open, with its reason. What is done stays done."""
    reason = reason.strip()[:1000]
    if not reason:
        raise RuleBroken(_("Write one sentence about it."))
    ids = _together(
        batch, Act.CANCEL, by, now, "state = %(cancelled)s, version = a.version + 1, asked_due_on = NULL, asked_reason = ''",
        "a.state = ANY(%(states)s)", text=reason, cancelled=State.CANCELLED, states=list(OPEN),
    )  # fmt: skip
    if ids:
        audit(by=by, action="request_cancel", subject=batch, organization_id=batch.organization_id, note=str(len(ids)))
    return len(ids)


def _together(
    batch: Batch, act: Act, by: "User", now: datetime, change: str, where: str, *, text: str = "", **given: Any
) -> list[int]:
    if batch.organization_id not in by.reach.staff_of:
        raise RuleBroken(_("The staff of the committee that sent this do that."))
    params = {"batch": batch.pk, "act": str(act), "text": text, "by": by.pk, "now": now, **given}
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER.format(change=change, where=where), params)
        return [row[0] for row in cursor.fetchall()]
