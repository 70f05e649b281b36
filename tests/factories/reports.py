"""Reports, laid out and handed in through the services."""

from datetime import date, datetime, timedelta

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.reports import periods
from apps.reports.models import Report
from apps.reports.services import reviewing, writing
from apps.reports.services.laying_out import lay_out
from tests.factories.activities import at
from tests.factories.branches import TODAY

FEBRUARY = date(2026, 2, 1)


def report(branch: Organization, starts_on: date = FEBRUARY, months: int = 1, today: date = TODAY) -> Report:
    """As the night lays it out; `today` is the day of the factories."""
    lay_out(today=today)
    span = periods.span_of(starts_on, months)
    if not Report.objects.filter(organization=branch, months=months, starts_on=starts_on).exists():
        Report.objects.create(
            organization=branch, months=months, starts_on=span.starts_on, ends_before=span.ends_before,
            drafted_from=periods.drafted_from(span), due_on=span.ends_before.replace(day=10),
        )  # fmt: skip
    return fresh(branch, starts_on, months)


def fresh(branch: Organization, starts_on: date = FEBRUARY, months: int = 1) -> Report:
    rows = Report.objects.select_related("organization")
    return rows.get(organization=branch, months=months, starts_on=starts_on)


def submitted(
    branch: Organization, by: User, *, days_ago: int = 0, starts_on: date = FEBRUARY, months: int = 1
) -> Report:
    one = report(branch, starts_on, months)
    when = TODAY - timedelta(days=days_ago)
    writing.report_submit(report=one, by=by, now=at(when), today=when, version=one.version)
    return fresh(branch, starts_on, months)


def decided(
    one: Report,
    by: User,
    kind: str = "approved",
    text: str = "请补充缺席原因。",
    now: datetime | None = None,
    passages: tuple = (),
) -> Report:
    reviewing.report_decide(
        report=one, by=by, now=now or at(), today=TODAY, version=one.version, kind=kind, text=text, passages=passages
    )
    return fresh(one.organization, one.starts_on, one.months)


def edited(one: Report, by: User, *, plan: str = "", work: str = "") -> Report:
    writing.words_save(report=one, by=by, now=at(), version=one.version, plan=plan or None, work=work or None)
    return fresh(one.organization, one.starts_on, one.months)
