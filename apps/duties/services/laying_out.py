"""Laying out periods: one INSERT … SELECT per rule and period over the whole tree, who owes it judged in SQL."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import DateField, F, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.branches.models import Membership, Organization
from apps.core.models import AuditEntry
from apps.core.paths import subtree_end
from apps.duties.models import DutyPeriod, DutyRule, Materialised
from apps.duties.rulebook import Rulebook
from apps.duties.schedule import Period
from apps.duties.services import applying, counting
from apps.duties.services.applying import COMMITTEE_POSTS
from apps.duties.vocabulary import AppliesIf, Each, Owner

# What changes who owes something; read from the audit trail so that nothing waits for the night, whoever wrote it.
STRUCTURE = (
    "organization_create", "organization_change", "organization_move", "organization_dissolve", "group_create", "group_close",
    "post_start", "post_end",
)  # fmt: skip

CATCH_UP = timedelta(days=5 * 366)  # a branch said to be tracked since 1950 gets no thousand months

# "day" is the day on which applicability is judged: the first of the period, or the day from which a newcomer is tracked.
CONDITIONS = {
    AppliesIf.ALWAYS: "TRUE",
    AppliesIf.NOT_TEMPORARY: "o.branch_type <> 'temporary'",
    AppliesIf.HAS_GROUPS: """EXISTS (
        SELECT FROM branches_partygroup pg
        WHERE pg.organization_id = o.id AND pg.starts_on <= {day} AND (pg.ends_before IS NULL OR pg.ends_before > {day}))""",
    AppliesIf.HAS_COMMITTEE: """EXISTS (
        SELECT FROM branches_post po
        WHERE po.organization_id = o.id AND po.kind = ANY(%(committee_posts)s)
            AND po.starts_on <= {day} AND (po.ends_before IS NULL OR po.ends_before > {day}))""",
}

# How many are asked, where the number is asked of every member; counted again whenever the roster moves.
ROSTER = """(
    SELECT count(*) FROM branches_membership m
    WHERE m.organization_id = o.id AND NOT m.is_hosted AND m.standing <> %(suspended)s
        AND m.starts_on <= {day} AND (m.ends_before IS NULL OR m.ends_before > {day}))"""

INSERT = """
INSERT INTO duties_dutyperiod (rule_id, organization_id, group_id, root_id, path, for_year, starts_on, ends_before, due_on,
    soon_from, overdue_from, required, done, late, closed_as)
SELECT %(rule)s, o.id, {group}, o.root_id, o.path, s.for_year, s.starts_on, s.ends_before, s.ends_before - 1,
    s.ends_before - %(soon_days)s, s.ends_before + %(grace_days)s, {required}, 0, 0, ''
FROM (VALUES {spans}) AS s (starts_on, ends_before, for_year)
JOIN branches_organization o ON {tracked}
{groups}
WHERE o.kind = 'branch' AND (o.dissolved_on IS NULL OR o.dissolved_on > {day}) AND {applies} AND {where}
"""
# A branch that has moved keeps the periods that run: what holds at the new place begins with the next one.
UNLESS_ANOTHER_ROW_HELD = """NOT EXISTS (
    SELECT FROM duties_dutyperiod p JOIN duties_dutyrule r ON r.id = p.rule_id AND r.slug = %(slug)s
    WHERE p.organization_id = o.id AND p.rule_id <> %(rule)s AND p.group_id IS NOT DISTINCT FROM {group}
        AND p.starts_on < s.ends_before AND p.ends_before > s.starts_on)"""
# By name, so that only this one index is asked.
KEEP_WHAT_IS_THERE = "ON CONFLICT (organization_id, starts_on, rule_id, group_id) DO NOTHING"


def insert_periods(
    rule: DutyRule,
    periods: Sequence[Period],
    *,
    replaced_in: Iterable[str] = (),
    organizations: Sequence[int] | None = None,
    none_yet: bool = False,
) -> int:
    """Lay out `periods` of `rule` in its subtree, all of it or the given `organizations`. Returns how many were new.

    `none_yet` asks for no row whether it is there already: a fifth faster, and an IntegrityError where one is.

    A newcomer owes a month from the first that starts on or after `tracked_from`, longer periods from the running one.
    """
    monthly = rule.months == 1
    day = "s.starts_on" if monthly else "greatest(s.starts_on, o.tracked_from)"
    params: dict[str, Any] = {
        "rule": rule.pk,
        "slug": rule.slug,
        "soon_days": rule.soon_days,
        "grace_days": rule.grace_days,
        "times": rule.times,
        "committee_posts": list(COMMITTEE_POSTS),
        "suspended": Membership.Standing.SUSPENDED,
    }
    spans = []
    for number, period in enumerate(periods):
        spans.append(f"(%(starts_{number})s::date, %(ends_{number})s::date, %(year_{number})s::smallint)")
        params |= {
            f"starts_{number}": period.starts_on,
            f"ends_{number}": period.ends_before,
            f"year_{number}": period.for_year,
        }
    where = ["TRUE"]
    if rule.set_by:
        where.append("o.path >= %(top)s AND o.path < %(top_end)s")
        params |= {"top": rule.set_by.path, "top_end": subtree_end(rule.set_by.path)}
    for number, path in enumerate(replaced_in):
        where.append(f"NOT (o.path >= %(not_{number})s AND o.path < %(not_end_{number})s)")
        params |= {f"not_{number}": path, f"not_end_{number}": subtree_end(path)}
    if organizations is not None:
        where.append("o.id = ANY(%(organizations)s)")
        params["organizations"] = list(organizations)
    by_group = rule.owner == Owner.GROUP
    group = "g.id" if by_group else "NULL::bigint"
    if organizations is not None:
        where.append(UNLESS_ANOTHER_ROW_HELD.format(group=group))
    sql = INSERT.format(
        group=group,
        required=ROSTER.format(day=day) if rule.each == Each.MEMBER else "%(times)s",
        spans=", ".join(spans),
        tracked="s.starts_on >= o.tracked_from" if monthly else "s.ends_before > o.tracked_from",
        groups=(
            f"JOIN branches_partygroup g ON g.organization_id = o.id AND g.starts_on <= {day}"
            f" AND (g.ends_before IS NULL OR g.ends_before > {day})"
        )
        if by_group
        else "",
        day=day,
        applies=CONDITIONS[AppliesIf(rule.applies_if)].format(day=day),
        where=" AND ".join(where),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql if none_yet else sql + KEEP_WHAT_IS_THERE, params)
        return int(cursor.rowcount)


def rulebook() -> Rulebook:
    """Every rule that the calendar knows."""
    return Rulebook(tuple(DutyRule.objects.periodic().select_related("set_by")))


def periods_by_rule(book: Rulebook, since: date, until: date) -> Iterator[tuple[DutyRule, Period, list[str]]]:
    """Each row with each of its periods between two days, both included, and the paths where another row replaces it."""
    standing: dict[date, set[int]] = {}
    for rule in book.rules:
        for period in rule.cadence.periods(since, until) if rule.is_active else ():
            day = period.starts_on
            if day not in standing:
                standing[day] = {other.pk for other in book.standing(day)}
            if rule.pk in standing[day]:
                yield rule, period, book.replaced_in(rule, day)


def materialise(*, today: date) -> int:
    """Lay out every period that has begun by `today`; what the ledger knows is not looked at again. Returns how many are new.

    Reaches back to the day from which the earliest branch is tracked, so that a month of silence heals itself, and looks again
    at the organizations whose structure changed since yesterday. Each rule and period is a transaction of its own.
    """
    branches = Organization.objects.filter(kind=Organization.Kind.BRANCH)
    since = branches.aggregate(first=Min("tracked_from"))["first"]
    if since is None:
        return 0
    known = set(Materialised.objects.values_list("rule", "starts_on"))
    new = 0
    for rule, period, replaced_in in periods_by_rule(rulebook(), max(since, today - CATCH_UP), today):
        if (rule.pk, period.starts_on) not in known:
            new += _lay_out(rule, period, replaced_in, today)
    touched = AuditEntry.objects.filter(action__in=STRUCTURE, at__gte=timezone.now() - timedelta(days=1))
    organizations = sorted({pk for pk in touched.values_list("organization_id", flat=True) if pk is not None})
    return new + (lay_out_again(organizations, today=today) if organizations else 0)


def lay_out_again(organizations: Sequence[int], *, today: date) -> int:
    """After a change of their structure: what they owe now, and no more what ended with a branch or a group.

    A committee without posts is left to the night: between two elections it would end and begin again.
    """
    new = lay_out_for(organizations, today=today) + catch_up(organizations, today=today)
    ended = DutyPeriod.objects.unfulfilled().filter(
        Q(organization__dissolved_on__lte=today) | Q(group__ends_before__lte=today), organization__in=organizations
    )
    if ids := list(ended.values_list("pk", flat=True)):
        applying.judge(ids, today=today)
    asked_of_members = DutyPeriod.objects.filter(
        organization__in=organizations, starts_on__lte=today, ends_before__gt=today
    ).exclude(rule__each="")
    counting.recount_periods(list(asked_of_members.values_list("pk", flat=True)), today=today)
    return new


def catch_up(organizations: Sequence[int], *, today: date) -> int:
    """All periods of those among them that are tracked from before their first month here: set up, or set back, afterwards."""
    months = DutyPeriod.objects.filter(organization=OuterRef("pk"), rule__months=1).order_by("starts_on")
    first = Coalesce(Subquery(months.values("starts_on")[:1]), Value(today), output_field=DateField())
    behind = (
        Organization.objects.filter(pk__in=organizations, kind=Organization.Kind.BRANCH)
        .alias(first=first)
        .filter(first__gt=F("tracked_from") + Value(timedelta(days=31)))
    )
    found = dict(behind.values_list("pk", "tracked_from"))
    return lay_out_for(sorted(found), today=today, since=max(min(found.values()), today - CATCH_UP)) if found else 0


@transaction.atomic
def _lay_out(rule: DutyRule, period: Period, replaced_in: list[str], today: date) -> int:
    rows = _insert_everywhere(rule, period, replaced_in)
    if today > period.starts_on:  # late: there may be records already
        counting.recount_span(rule, period, today=today)
    Materialised.objects.bulk_create(
        [Materialised(rule=rule, starts_on=period.starts_on, rows=rows)], ignore_conflicts=True
    )
    return rows


def _insert_everywhere(rule: DutyRule, period: Period, replaced_in: list[str]) -> int:
    """Where a filing or a new branch came first, its rows stay; mostly nobody did, and then nothing is looked up row by row."""
    if not DutyPeriod.objects.filter(rule=rule, starts_on=period.starts_on).exists():
        try:
            with transaction.atomic():
                return insert_periods(rule, [period], replaced_in=replaced_in, none_yet=True)
        except IntegrityError:  # one was committed between the look and the statement
            pass
    return insert_periods(rule, [period], replaced_in=replaced_in)


@transaction.atomic
def lay_out_for(organizations: Sequence[int], *, today: date, since: date | None = None) -> int:
    """The periods of these organizations that run today, or all since a day: for a branch set up or changed in mid-month."""
    new = 0
    for rule, period, replaced_in in periods_by_rule(rulebook(), since or today, today):
        if rows := insert_periods(rule, [period], replaced_in=replaced_in, organizations=organizations):
            new += rows
            counting.recount_span(rule, period, today=today, organizations=organizations)
    return new
