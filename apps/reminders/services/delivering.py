"""Outside messages: claimed with a lease, each put together and sent by itself, acknowledged one by one.

Nothing holds a lock while a mail server thinks. Leases and pauses run by the database's clock.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.core.models import audit
from apps.core.stack.broker import LEASE_SECONDS
from apps.reminders import channels, writing
from apps.reminders.channels import Refused, Unreachable
from apps.reminders.models import Delivery, Digest
from apps.reminders.schedule import back_off, is_quiet
from apps.reminders.services import switching
from apps.reminders.working_days import working_days

if TYPE_CHECKING:
    from apps.accounts.models import User

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=LEASE_SECONDS)
SECONDS = 60  # after which no further one of the batch is begun: the lease has room for one slow server more
MOST_TRIES = 5
State = Delivery.State


@dataclass
class Outcome:
    """Of one wake-up."""

    sent: int = 0
    dropped: int = 0
    again: int = 0
    parked: int = 0
    keys: list[str] = field(default_factory=list)  # of what was sent


def deliver(*, now: datetime, limit: int = 20, clock: Callable[[], float] = time.monotonic) -> Outcome:
    """Send what may leave now, batch after batch, for a minute. In quiet hours only what is urgent."""
    outcome, until = Outcome(), clock() + SECONDS
    if switching.is_held():
        return outcome
    urgent_only = is_quiet(now, working_days(now.date()))
    while clock() < until:
        claimed = claim(limit=limit, urgent_only=urgent_only, outcome=outcome)
        if not claimed:
            break
        for place, delivery in enumerate(claimed):
            if clock() >= until:
                give_back(claimed[place:])
                break
            _deliver_one(delivery, now, outcome)
    return outcome


@transaction.atomic
def claim(*, limit: int, urgent_only: bool, outcome: Outcome) -> list[Delivery]:
    """Mine for the length of a lease. What has been begun five times and never came back is parked: it kills its worker."""
    free = Q(state=State.WAITING, next_try_at__lte=Now()) | Q(state=State.SENDING, lease_until__lte=Now())
    rows = Delivery.objects.under_way().filter(free)
    if urgent_only:
        rows = rows.filter(Exists(Digest.objects.filter(delivery=OuterRef("pk"), kind=Digest.Kind.URGENT)))
    rows = rows.order_by("next_try_at").select_for_update(skip_locked=True)[:limit]
    mine = list(rows)
    spent = [one.pk for one in mine if one.attempts >= MOST_TRIES]
    outcome.parked += Delivery.objects.filter(pk__in=spent).update(
        state=State.PARKED, ended_at=Now(), lease_until=None, last_error="crashed"
    )
    mine = [one for one in mine if one.attempts < MOST_TRIES]
    Delivery.objects.filter(pk__in=[one.pk for one in mine]).update(
        state=State.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE
    )
    for one in mine:
        one.attempts += 1
    return mine


def give_back(deliveries: list[Delivery]) -> None:
    """Not begun: no attempt is counted."""
    for one in deliveries:
        _wait(one, attempts=one.attempts - 1)


def _end(delivery: Delivery, **values: object) -> bool:
    """Only while it is still mine: whose lease ran out finds that another has taken over."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts)
    return bool(mine.update(**values))


@transaction.atomic
def _wait(delivery: Delivery, **values: object) -> None:
    """Back into the queue under its key. Where a newer one has come in meanwhile, its lines join this one: one goes out."""
    newer = Delivery.objects.select_for_update().filter(
        state=State.WAITING, channel=delivery.channel, person=delivery.person_id, robot=delivery.robot_id,
        sitting_id=delivery.sitting_id,
    ).first()  # fmt: skip
    if newer:
        Digest.objects.filter(delivery=newer).update(delivery=delivery)
        newer.delete()
    _end(delivery, state=State.WAITING, lease_until=None, **values)


def _deliver_one(delivery: Delivery, now: datetime, outcome: Outcome) -> None:
    """A row that fails, in whatever way, ends its own attempt and no other's."""
    try:
        letter = writing.letter_of(delivery, now)
        if letter is None:
            _end(delivery, state=State.DROPPED, ended_at=Now(), lease_until=None)
            outcome.dropped += 1
            return
        with translation.override(letter.language):
            channels.send(delivery, letter)
    except Unreachable as problem:
        _fail(delivery, problem.code, outcome)
    except Refused as problem:
        _park(delivery, problem.code, outcome)
    except Exception as problem:  # the message may hold an address: only its type is kept
        code = f"error-{type(problem).__name__}"
        logger.error("Delivery %s failed: %s", delivery.key, code)
        _fail(delivery, code, outcome)
    else:
        if _end(delivery, state=State.SENT, ended_at=Now(), lease_until=None, last_error=""):
            outcome.sent += 1
            outcome.keys.append(str(delivery.key))


def _fail(delivery: Delivery, code: str, outcome: Outcome) -> None:
    if delivery.attempts >= MOST_TRIES:
        _park(delivery, code, outcome)
        return
    pause = back_off(delivery.attempts)
    _wait(delivery, next_try_at=Now() + pause, last_error=code[:60])
    outcome.again += 1


def _park(delivery: Delivery, code: str, outcome: Outcome) -> None:
    _end(delivery, state=State.PARKED, ended_at=Now(), lease_until=None, last_error=code[:60])
    outcome.parked += 1


@transaction.atomic
def retry(*, delivery: Delivery, by: "User") -> None:
    """A parked message once more, under its key. Raises RuleBroken where it is not parked or a newer one waits."""
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if row.state != State.PARKED:
        raise RuleBroken(_("This message is not parked any more."))
    newer = Delivery.objects.filter(
        state=State.WAITING, channel=row.channel, person=row.person_id, robot=row.robot_id, sitting_id=row.sitting_id
    ).first()
    if newer:
        raise RuleBroken(_("A newer message to the same place is waiting; it says the same."))
    Delivery.objects.filter(pk=row.pk).update(
        state=State.WAITING, attempts=0, next_try_at=Now(), ended_at=None, lease_until=None
    )
    audit(by=by, action="delivery_retry", subject=row)


@transaction.atomic
def discard(*, delivery: Delivery, reason: str, by: "User") -> None:
    """A parked message is given up; it stays visible with the reason. Raises RuleBroken where it is not parked any more.

    In the app its lines were said long ago; what is still owed comes again with the next step.
    """
    parked = Delivery.objects.filter(pk=delivery.pk, state=State.PARKED)
    if not parked.update(state=State.DISCARDED, discard_reason=reason, discarded_by=by, ended_at=Now()):
        raise RuleBroken(_("This message is not parked any more."))
    audit(by=by, action="delivery_discard", subject=delivery, fields=["state", "discard_reason"])
