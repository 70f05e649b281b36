"""What the level above does with a report: begin to read, approve, return, put aside, take a decision back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.branches.rules import reviewer_of
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import audit
from apps.reports import rules
from apps.reports.models import CannedReason, Report, ReportNote

if TYPE_CHECKING:
    from apps.accounts.models import User

State, Kind = Report.State, ReportNote.Kind
MOST_SENTENCES = 30


def reading_begins(*, report: Report, now: datetime) -> None:
    """From now on the branch cannot withdraw it. Not a change that an open form has to know of."""
    if Report.objects.filter(pk=report.pk, state=State.SUBMITTED, opened_at=None).update(opened_at=now):
        report.opened_at = now


def _reviewer(report: Report, by: "User", today: date) -> Organization:
    reviewer = reviewer_of(report.organization, today)
    if reviewer is None or not rules.reviews(by, reviewer):
        raise RuleBroken(_("Only the staff of the nearest committee above review this report."))
    return reviewer


@transaction.atomic
def report_decide(
    *, report: Report, by: "User", now: datetime, today: date, version: int, kind: str, text: str,
    passages: Sequence[dict[str, Any]] = (),
) -> None:  # fmt: skip
    """Approve or return. One conditional UPDATE: of two reviewers the second is told. The second press changes nothing.

    A return says why; `passages` say what is asked for at which line.
    """
    reviewer = _reviewer(report, by, today)
    text = " ".join(text.split())
    if kind == Kind.RETURNED and not text:
        raise RuleBroken(_("Write one sentence saying why; the branch sees it."))
    if report.state == kind and report.reviewed_by_id == by.pk:
        return
    waiting = Report.objects.filter(pk=report.pk, state=State.SUBMITTED, version=version)
    decided = waiting.update(
        state=kind, reviewed_by=by, reviewed_for=reviewer, reviewed_at=now, put_aside_at=None, version=F("version") + 1
    )
    if not decided:
        _say_what_happened(report)
    ReportNote.objects.create(
        report=report,
        number=report.handed_in,
        kind=kind,
        text=text,
        passages=list(passages),
        by=by,
        organization=reviewer,
        at=now,
    )
    audit(by=by, action=f"report_{kind}", subject=report, organization_id=report.organization_id)


def _say_what_happened(report: Report) -> None:
    state = Report.objects.values_list("state", flat=True).get(pk=report.pk)
    if state == State.WITHDRAWN:
        raise EditConflict(_("The branch has just withdrawn this report."))
    if state in (State.APPROVED, State.RETURNED):
        raise EditConflict(_("A colleague has decided about this report meanwhile."))
    raise EditConflict(_("This report was handed in anew meanwhile. Look at it again."))


@transaction.atomic
def report_put_aside(*, report: Report, by: "User", now: datetime, today: date) -> None:
    """To the end of the queue, or back to its place."""
    _reviewer(report, by, today)
    aside = now if report.put_aside_at is None else None
    if not Report.objects.filter(pk=report.pk, state=State.SUBMITTED).update(put_aside_at=aside):
        _say_what_happened(report)
    report.put_aside_at = aside


@transaction.atomic
def decision_undo(*, report: Report, by: "User", now: datetime, today: date) -> None:
    """Within ten minutes, by the one who decided, unless the branch has gone on with it. The line stays in the history."""
    reviewer = _reviewer(report, by, today)
    if report.state == State.SUBMITTED:
        return
    if report.reviewed_by_id != by.pk or not rules.can_undo(report, now):
        raise RuleBroken(_("A decision is taken back within ten minutes, by the one who made it."))
    undone = Report.objects.filter(pk=report.pk, state=report.state, version=report.version).update(
        state=State.SUBMITTED, reviewed_by=None, reviewed_for=None, reviewed_at=None, version=F("version") + 1
    )
    if not undone:
        raise EditConflict(_("The branch has gone on with this report meanwhile."))
    ReportNote.objects.create(
        report=report, number=report.handed_in, kind=Kind.UNDONE, by=by, organization=reviewer, at=now
    )
    audit(by=by, action="report_undone", subject=report, organization_id=report.organization_id)


@transaction.atomic
def sentence_add(*, organization: Organization, by: "User", use: str, text: str) -> CannedReason:
    """A sentence for everyone who reviews for this committee. One that is there already is found again."""
    if organization.pk not in by.reach.staff_of:
        raise RuleBroken(_("The staff of this committee keep its sentences."))
    if CannedReason.objects.filter(organization=organization).count() >= MOST_SENTENCES:
        raise RuleBroken(_("Remove one first: there are %(count)d already.") % {"count": MOST_SENTENCES})
    sentence, _new = CannedReason.objects.get_or_create(organization=organization, use=use, text=" ".join(text.split()))
    return sentence


@transaction.atomic
def sentence_remove(*, sentence: CannedReason, by: "User") -> None:
    if sentence.organization_id not in by.reach.staff_of:
        raise RuleBroken(_("The staff of this committee keep its sentences."))
    sentence.delete()
