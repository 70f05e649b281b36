"""What the branch does with its report: edit the words, hand it in, take it back."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from apps.branches.models import Post
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import audit
from apps.reports import drafting, figures, periods, rules
from apps.reports.models import WORDS_AT_MOST, Report, ReportNote, ReportVersion

if TYPE_CHECKING:
    from apps.accounts.models import User

State = Report.State


def drafted(report: Report) -> drafting.Draft:
    """From the records as they stand."""
    return drafting.draft(report.organization, report.span, periods.next_span(report.span, report.months))


def words(report: Report) -> drafting.Draft:
    """As they would be handed in now: edited, or else drafted. Asks nothing when both blocks were edited."""
    if report.plan is not None and report.work is not None:
        return drafting.Draft(report.plan, report.work)
    fresh = drafted(report)
    return drafting.Draft(
        fresh.plan if report.plan is None else report.plan, fresh.work if report.work is None else report.work
    )


@transaction.atomic
def words_save(*, report: Report, by: "User", now: datetime, version: int, plan: str | None, work: str | None) -> None:
    """A block equal to its draft, or None, goes on following the records. `version` is the one the user saw."""
    if not rules.can_write(by, report):
        raise RuleBroken(_("The words are edited by the branch committee, while the report is with the branch."))
    if max(len(plan or ""), len(work or "")) > WORDS_AT_MOST:
        raise RuleBroken(_("At most %(count)d characters a block.") % {"count": WORDS_AT_MOST})
    fresh = drafted(report) if plan is not None or work is not None else drafting.Draft("", "")
    changed = Report.objects.filter(pk=report.pk, version=version, state__in=Report.WITH_BRANCH).update(
        plan=None if plan is None or _same(plan, fresh.plan) else plan,
        work=None if work is None or _same(work, fresh.work) else work,
        saved_by=by,
        saved_at=now,
        version=F("version") + 1,
    )
    if not changed:
        raise EditConflict(
            _("Somebody else has changed this report meanwhile. Your text is below; the other one is beside it.")
        )
    audit(by=by, action="report_words", subject=report, organization_id=report.organization_id, fields=["plan", "work"])


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.strip()


@transaction.atomic
def report_submit(*, report: Report, by: "User", now: datetime, today: date, version: int) -> None:
    """Hand in words, numbers and rows as they stand now. The second press of the same button changes nothing.

    Whether the person still holds the post is asked of the database here, whatever the page believed.
    """
    if report.state == State.SUBMITTED and report.submitted_by_id == by.pk:
        return
    if not report.is_over(today):
        raise RuleBroken(_("It can be handed in once the period has ended."))
    leads = Post.objects.on(today).filter(person__user=by, kind__in=Post.LEADERS, organization=OuterRef("organization"))
    mine = Report.objects.filter(Exists(leads), pk=report.pk, state__in=Report.WITH_BRANCH, version=version)
    changed = mine.update(
        state=State.SUBMITTED, submitted_by=by, submitted_at=now, opened_at=None, put_aside_at=None, reviewed_by=None,
        reviewed_for=None, reviewed_at=None, handed_in=F("handed_in") + 1, version=F("version") + 1,
    )  # fmt: skip
    if not changed:
        _refuse(report, by, today)
        return
    said = words(report)
    ReportVersion.objects.create(
        report=report,
        number=report.handed_in + 1,
        plan=said.plan,
        work=said.work,
        figures=figures.snapshot(figures.Scope.of(report.organization), report.span, today),
        fields_typed=(report.plan is not None) + (report.work is not None),
        submitted_by=by,
        submitted_at=now,
    )
    audit(by=by, action="report_submit", subject=report, organization_id=report.organization_id)


def _refuse(report: Report, by: "User", today: date) -> None:
    """Say why nothing could be handed in; silent where the same press has come before."""
    leads = Post.objects.on(today).filter(
        person__user=by, kind__in=Post.LEADERS, organization_id=report.organization_id
    )
    if not leads.exists():
        raise RuleBroken(_("Only the secretary, the deputy or the acting secretary hands in the report."))
    now_stands = Report.objects.get(pk=report.pk)
    if now_stands.state == State.SUBMITTED and now_stands.submitted_by_id == by.pk:
        return
    raise EditConflict(_("This report has changed meanwhile. Look at it again before you hand it in."))


@transaction.atomic
def report_withdraw(*, report: Report, by: "User", now: datetime) -> None:
    """Take it back as long as nobody above has opened it."""
    if report.state == State.WITHDRAWN:
        return
    if not rules.can_withdraw(by, report):
        raise RuleBroken(_("The review has begun; it cannot be withdrawn any more."))
    taken = Report.objects.filter(pk=report.pk, state=State.SUBMITTED, opened_at=None, version=report.version)
    if not taken.update(state=State.WITHDRAWN, version=F("version") + 1):
        raise EditConflict(_("The review has begun; it cannot be withdrawn any more."))
    ReportNote.objects.create(
        report=report, number=report.handed_in, kind=ReportNote.Kind.WITHDRAWN, by=by,
        organization_id=report.organization_id, at=now,
    )  # fmt: skip
    audit(by=by, action="report_withdraw", subject=report, organization_id=report.organization_id)
