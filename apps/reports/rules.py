"""In which state is what allowed, and to whom. Services refuse on these; pages show or hide by them."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from apps.branches.models import Organization
from apps.reports.models import Report

if TYPE_CHECKING:
    from apps.accounts.models import User

UNDO_FOR = timedelta(minutes=10)
State = Report.State


def can_write(user: "User", report: Report) -> bool:
    """The branch committee edits the words while the report is with the branch."""
    return report.is_with_branch and report.organization_id in user.reach.committee_of


def can_submit(user: "User", report: Report, today: date) -> bool:
    """Secretary, deputy or acting secretary, once the period has ended."""
    return report.is_with_branch and report.organization_id in user.reach.leader_of and report.is_over(today)


def can_withdraw(user: "User", report: Report) -> bool:
    """Until the review has begun."""
    return (
        report.state == State.SUBMITTED and report.opened_at is None and report.organization_id in user.reach.leader_of
    )


def reviews(user: "User", reviewer: Organization | None) -> bool:
    """`reviewer` is the nearest level above the branch that has staff."""
    return reviewer is not None and reviewer.pk in user.reach.staff_of


def can_undo(report: Report, now: datetime) -> bool:
    """Ten minutes, and nothing has happened to it since."""
    decided = report.state in (State.APPROVED, State.RETURNED)
    return decided and report.reviewed_at is not None and now - report.reviewed_at <= UNDO_FOR


def days_waiting(report: Report, today: date) -> int:
    """Whole days since it was handed in: the reviewer's waiting time, the same for both sides."""
    from django.utils import timezone

    if report.submitted_at is None:
        return 0
    return max(0, (today - timezone.localdate(report.submitted_at)).days)
