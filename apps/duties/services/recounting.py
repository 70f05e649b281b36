"""The listener of filings: what a record fulfils is counted in the transaction that files, corrects or withdraws it."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from apps.activities.models import Activity, ActivityVersion
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.rulebook import Rulebook
from apps.duties.services import applying, counting, laying_out


def recount(activity: Activity, old: ActivityVersion | None, new: ActivityVersion) -> None:
    """Count the periods of what counted before and of what counts now: a correction may move a record to another date, kind,
    group or branch.
    """
    today = timezone.localdate(new.filed_at)
    versions = [version for version in (old, new) if version is not None]
    kinds = {version.kind.slug for version in versions}
    rules = list(DutyRule.objects.periodic().filter(fulfilled_by__overlap=list(kinds)).select_related("set_by"))
    found = _periods(versions, rules)
    if new.state == Activity.State.FILED and _lay_out_missing(new, rules, found, today):
        found = _periods(versions, rules)
    counting.recount_periods([period.pk for period in found], today=today)
    if ceased := [period.pk for period in found if period.closed_as == DutyPeriod.Closed.NOT_APPLICABLE]:
        applying.judge(ceased, today=today)


def _periods(versions: list[ActivityVersion], rules: list[DutyRule]) -> list[DutyPeriod]:
    scope = Q(pk__in=())
    for version in versions:
        day = version.counts_for or version.held_on
        fulfilled = [rule.pk for rule in rules if version.kind.slug in rule.fulfilled_by]
        spans = Q(starts_on__lte=day, ends_before__gt=day)
        if version.for_year:
            spans |= Q(for_year=version.for_year, rule__in=[rule.pk for rule in rules if rule.window])
        scope |= spans & Q(organization=version.organization_id, rule__in=fulfilled) & (
            Q(group=None) | Q(group=version.group_id)
        )
    return list(DutyPeriod.objects.filter(scope).only("pk", "rule_id", "starts_on", "group_id", "organization_id", "closed_as"))


def _lay_out_missing(new: ActivityVersion, rules: list[DutyRule], found: list[DutyPeriod], today: date) -> bool:
    """A record entered before the tick that lays out its period, or for a branch set up this morning."""
    day, organization = new.counts_for or new.held_on, new.organization
    there = {(period.rule_id, period.starts_on) for period in found if period.organization_id == organization.pk}
    book, added = Rulebook(tuple(rules)), False
    for rule in rules:
        period = rule.cadence.containing(day) if rule.is_active and new.kind.slug in rule.fulfilled_by else None
        if period is None or period.starts_on > today or (rule.pk, period.starts_on) in there:
            continue
        if book.holding(rule.slug, organization.path, period.starts_on) == rule:
            added |= bool(laying_out.insert_periods(rule, [period], organizations=[organization.pk]))
    return added
