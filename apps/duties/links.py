"""Ways from a duty into the log flow and to a record."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from apps.activities.models import Activity
from apps.branches.models import Organization
from apps.duties.models import DutyPeriod


def _with(url: str, **query: object) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(given)}" if given else url


def log(period: DutyPeriod, today: date) -> str:
    """The log flow with everything the duty knows: kind, group, and the period it is to count for where that is over (补开)."""
    return _with(
        reverse("activities:log-start", args=[period.organization.public_id]),
        kind=period.rule.fulfilled_by[0],
        group=period.group.public_id if period.group else "",
        counts_for=period.starts_on.isoformat() if today > period.due_on else "",
        for_year=period.for_year if period.rule.window else "",
    )


def plan(period: DutyPeriod) -> str:
    return _with(
        reverse("activities:sitting-plan", args=[period.organization.public_id]),
        kind=period.rule.fulfilled_by[0],
        group=period.group.public_id if period.group else "",
    )


def record(organization: Organization, activity: Activity) -> str:
    return reverse("activities:activity-detail", args=[organization.public_id, activity.public_id])
