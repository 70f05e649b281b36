"""The listener of filings: what a record fulfils is counted in the transaction that files, corrects or withdraws it."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.models import Activity, ActivityVersion
from apps.core.errors import RuleBroken
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
    if new.state == Activity.State.FILED:
        _refuse_too_late(new, rules)
    found = _periods(versions, rules)
    if new.state == Activity.State.FILED and _lay_out_missing(new, rules, found, today):
        found = _periods(versions, rules)
    counting.recount_periods([period.pk for period in found], today=today, are_locked=True)
    if ceased := [period.pk for period in found if period.closed_as == DutyPeriod.Closed.NOT_APPLICABLE]:
        applying.judge(ceased, today=today)


def _refuse_too_late(new: ActivityVersion, rules: list[DutyRule]) -> None:
    """Made good (补开) at most two periods back, or to the end of the year in which a yearly duty fell due."""
    if new.counts_for is None:
        return
    for rule in rules:
        period = rule.cadence.containing(new.counts_for)
        if period and new.kind.slug in rule.fulfilled_by and new.held_on > rule.cadence.accepted_until(period):
            raise RuleBroken(_("That period can no longer be made good; the record can count for its own date."))


def _periods(versions: list[ActivityVersion], rules: list[DutyRule]) -> list[DutyPeriod]:
    """Locked, for counting.recount_periods."""
    scope = Q(pk__in=())
    for version in versions:
        day = version.counts_for or version.held_on
        fulfilled = [rule.pk for rule in rules if version.kind.slug in rule.fulfilled_by]
        spans = Q(starts_on__lte=day, ends_before__gt=day)
        if version.for_year:
            spans |= Q(for_year=version.for_year, rule__in=[rule.pk for rule in rules if rule.window])
        scope |= (
            spans
            & Q(organization=version.organization_id, rule__in=fulfilled)
            & (Q(group=None) | Q(group=version.group_id))
        )
    rows = DutyPeriod.objects.filter(scope).order_by("pk").select_for_update()
    return list(rows.only("pk", "rule_id", "starts_on", "group_id", "organization_id", "closed_as"))


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
