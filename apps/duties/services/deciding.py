"""What people decide about a period: waive, ask, refuse, explain, reopen."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.branches.querysets import nearest_staff
from apps.branches.rules import reviewer_of
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import audit
from apps.duties import rules
from apps.duties.models import DutyNote, DutyPeriod
from apps.duties.querysets import DutyPeriodQuerySet

if TYPE_CHECKING:
    from apps.accounts.models import User

Closed, Kind = DutyPeriod.Closed, DutyNote.Kind


def _close(period: DutyPeriod, closed_as: str) -> None:
    """One conditional UPDATE: a meeting may be filed, or a colleague decide, while the form is open."""
    open_still = DutyPeriod.objects.filter(pk=period.pk).unfulfilled()
    if not open_still.update(closed_as=closed_as):
        raise EditConflict(_("This has changed meanwhile: look at it again."))
    period.closed_as = closed_as


def _note(period: DutyPeriod, kind: str, by: "User", reason: str, organization_id: int) -> None:
    DutyNote.objects.create(period=period, kind=kind, by=by, reason=reason, organization_id=organization_id)
    audit(by=by, action=f"duty_{kind}", subject=period, organization_id=period.organization_id)


@transaction.atomic
def period_waive(*, period: DutyPeriod, by: "User", today: date, reason: str) -> None:
    """Nothing is asked for this period any more; the nearest level above with staff decides."""
    reviewer = reviewer_of(period.organization, today)
    if reviewer is None or not rules.can_waive(by, period, reviewer):
        raise RuleBroken(_("Only the staff of the nearest committee above can waive a duty that is still open."))
    _close(period, Closed.WAIVED)
    _note(period, Kind.WAIVED, by, reason, reviewer.pk)


@transaction.atomic
def waiver_ask(*, period: DutyPeriod, by: "User", reason: str) -> None:
    """The branch asks the level above; nothing changes until that decides."""
    if not rules.can_ask_waiver(by, period):
        raise RuleBroken(_("Only the secretary or deputy can ask, while the duty is open."))
    if pending_request(period):
        raise RuleBroken(_("This has been asked already and is waiting for an answer."))
    _note(period, Kind.WAIVER_ASKED, by, reason, period.organization_id)


@transaction.atomic
def waiver_refuse(*, period: DutyPeriod, by: "User", today: date, reason: str) -> None:
    """Answer a request with no, and say why."""
    reviewer = reviewer_of(period.organization, today)
    if reviewer is None or not rules.reviews(by, reviewer):
        raise RuleBroken(_("Only the staff of the nearest committee above can answer this."))
    DutyPeriod.objects.select_for_update().get(pk=period.pk)  # two answers at once: the second finds no request
    if not pending_request(period):
        raise EditConflict(_("This has been answered already."))
    _note(period, Kind.WAIVER_REFUSED, by, reason, reviewer.pk)


def pending_request(period: DutyPeriod) -> DutyNote | None:
    """The branch's request that nobody has answered."""
    last = period.notes.order_by("-at", "-pk").first()
    return last if last and last.kind == Kind.WAIVER_ASKED else None


@transaction.atomic
def period_explain(*, period: DutyPeriod, by: "User", reason: str) -> None:
    """The branch's own written reason closes a duty that is asked generally or by custom."""
    if not rules.can_explain(by, period):
        if rules.can_ask_waiver(by, period):
            raise RuleBroken(_("This duty is not asked “generally”: ask the committee above for a waiver."))
        raise RuleBroken(_("Only the secretary or deputy can explain, while the duty is open."))
    _close(period, Closed.EXPLAINED)
    _note(period, Kind.EXPLAINED, by, reason, period.organization_id)


@transaction.atomic
def period_reopen(*, period: DutyPeriod, by: "User", today: date, reason: str) -> None:
    """Take back a waiver or an explanation: it is owed again, by the same dates."""
    reviewer = reviewer_of(period.organization, today)
    if not rules.can_reopen(by, period, reviewer):
        raise RuleBroken(_("Only what was waived or explained can be reopened, by those who may decide."))
    if not DutyPeriod.objects.filter(pk=period.pk, closed_as=period.closed_as).update(closed_as=Closed.OPEN):
        raise EditConflict(_("This has changed meanwhile: look at it again."))
    period.closed_as = Closed.OPEN
    organization_id = reviewer.pk if reviewer and rules.reviews(by, reviewer) else period.organization_id
    _note(period, Kind.REOPENED, by, reason, organization_id)


def waivable_at_once(
    organization: Organization, user: "User", today: date, slug: str, starts_on: date
) -> DutyPeriodQuerySet:
    """Open periods of one duty below `organization` for which the user's is the nearest level with staff."""
    open_periods = (
        DutyPeriod.objects.under(organization.path).filter(rule__slug=slug, starts_on=starts_on).unfulfilled()
    )
    return open_periods.filter(nearest_staff(user, today, path="path")).order_by("path", "group_id")


@transaction.atomic
def subtree_waive(
    *, organization: Organization, slug: str, starts_on: date, by: "User", today: date, reason: str
) -> list[DutyPeriod]:
    """Waive one duty of one period for the whole subtree at once: every branch that has not done it. Returns those."""
    if not rules.can_tailor(by, organization):
        raise RuleBroken(_("Only the staff of this committee can waive for the branches below it."))
    rows = waivable_at_once(organization, by, today, slug, starts_on)
    periods = list(rows.select_for_update(of=("self",)))
    DutyPeriod.objects.filter(pk__in=[period.pk for period in periods]).update(closed_as=Closed.WAIVED)
    DutyNote.objects.bulk_create(
        [
            DutyNote(period=period, kind=Kind.WAIVED, by=by, reason=reason, organization=organization)
            for period in periods
        ],
        batch_size=2000,
    )
    audit(
        by=by,
        action="duty_waived_at_once",
        subject=organization,
        organization_id=organization.pk,
        fields=[slug, starts_on.isoformat()],
        note=str(len(periods)),
    )
    return periods
