"""Counting what fulfils a period. One statement, for one filing as for a night over the whole tree, so they cannot differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from apps.branches.models import Membership, Post
from apps.duties.models import DutyPeriod, DutyRule
from apps.duties.schedule import Period

# The better record first: held and entered in time, entered late, held late; then the earlier one.
HITS = """
hits AS (
    SELECT p.id AS period_id, r.each, a.id AS activity_id, a.sitting_id, a.held_on,
        CASE WHEN a.held_on > p.due_on THEN 2
             WHEN (a.filed_at AT TIME ZONE %(zone)s)::date >= p.overdue_from THEN 1 ELSE 0 END AS late
    FROM duties_dutyperiod p
    JOIN duties_dutyrule r ON r.id = p.rule_id
    JOIN activities_activitykind k ON k.slug = ANY(r.fulfilled_by)
    JOIN activities_activity a ON a.organization_id = p.organization_id AND a.kind_id = k.id AND a.state = 'filed'
        AND a.held_on BETWEEN p.starts_on - 366 AND p.ends_before + 731
        AND (p.group_id IS NULL OR a.group_id = p.group_id)
        AND (r."window" <> '' AND a.for_year = p.for_year
             OR (r."window" = '' OR a.for_year IS NULL)
                AND coalesce(a.counts_for, a.held_on) >= p.starts_on AND coalesce(a.counts_for, a.held_on) < p.ends_before)
    WHERE p.id = ANY(%(ids)s)
)"""

# Where the number is asked of every member: people on the roster at the end of the period (today, while it runs), and those
# of them who took part in a talk with somebody from the committee or the secretary.
PEOPLE = """
people AS (
    SELECT p.id AS period_id, m.person_id
    FROM duties_dutyperiod p
    JOIN duties_dutyrule r ON r.id = p.rule_id AND r.each = 'member'
    JOIN branches_membership m ON m.organization_id = p.organization_id AND NOT m.is_hosted AND m.standing <> %(suspended)s
        AND m.starts_on <= least(p.due_on, %(today)s)
        AND (m.ends_before IS NULL OR m.ends_before > least(p.due_on, %(today)s))
    WHERE p.id = ANY(%(ids)s)
),
talks AS MATERIALIZED (  -- first: where the planner does not know the tables yet, it would ask this of every pair
    SELECT h.* FROM hits h
    WHERE h.each = 'member' AND EXISTS (
        SELECT FROM activities_attendance c
        JOIN branches_post po ON po.person_id = c.person_id AND po.kind = ANY(%(talk_posts)s)
            AND po.starts_on <= h.held_on AND (po.ends_before IS NULL OR po.ends_before > h.held_on)
        JOIN duties_dutyperiod p ON p.id = h.period_id AND po.organization_id = p.organization_id
        WHERE c.sitting_id = h.sitting_id AND c.status IN ('present', 'online'))
),
met AS (
    SELECT h.period_id, t.person_id, row_number() OVER (PARTITION BY h.period_id, t.person_id ORDER BY h.late, h.held_on) AS n,
        h.late, h.held_on
    FROM talks h
    JOIN activities_attendance t ON t.sitting_id = h.sitting_id AND t.status IN ('present', 'online')
    JOIN people w ON w.period_id = h.period_id AND w.person_id = t.person_id
)"""

LEFT = f"""
WITH {HITS}, {PEOPLE}
SELECT h.name FROM people w JOIN branches_person h ON h.id = w.person_id
WHERE NOT EXISTS (SELECT FROM met x WHERE x.period_id = w.period_id AND x.person_id = w.person_id)
ORDER BY h.stroke_key, h.id"""

COUNT = f"""
WITH {HITS}, {PEOPLE},
ranked AS (
    SELECT h.*, row_number() OVER (PARTITION BY period_id ORDER BY late, held_on, activity_id) AS n FROM hits h
),
counted AS (
    SELECT p.id, r.times AS required, count(x.n) AS done, max(x.held_on) FILTER (WHERE x.n <= r.times) AS held_on,
        max(x.late) FILTER (WHERE x.n <= r.times) AS late
    FROM duties_dutyperiod p
    JOIN duties_dutyrule r ON r.id = p.rule_id AND r.each = ''
    LEFT JOIN ranked x ON x.period_id = p.id
    WHERE p.id = ANY(%(ids)s)
    GROUP BY p.id, r.times
    UNION ALL
    SELECT p.id, count(w.person_id), count(x.person_id), max(x.held_on), max(x.late)
    FROM duties_dutyperiod p
    JOIN duties_dutyrule r ON r.id = p.rule_id AND r.each = 'member'
    LEFT JOIN people w ON w.period_id = p.id
    LEFT JOIN met x ON x.period_id = p.id AND x.person_id = w.person_id AND x.n = 1
    WHERE p.id = ANY(%(ids)s)
    GROUP BY p.id
),
proven AS (
    SELECT id, required, done,
        CASE WHEN required > 0 AND done >= required THEN held_on END AS held_on,
        CASE WHEN required > 0 AND done >= required THEN late ELSE 0 END AS late
    FROM counted
)
UPDATE duties_dutyperiod p SET required = n.required, done = n.done, held_on = n.held_on, late = n.late
FROM proven n JOIN duties_dutyperiod was ON was.id = n.id
WHERE p.id = n.id AND (p.required, p.done, p.late) IS DISTINCT FROM (n.required, n.done, n.late)
    OR p.id = n.id AND p.held_on IS DISTINCT FROM n.held_on
RETURNING p.id, was.required, was.done, p.required, p.done
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A period whose stored count was not what its records say."""

    period_id: int
    required_before: int
    done_before: int
    required: int
    done: int

    @property
    def is_roster_only(self) -> bool:
        """People came or left: expected between two nights, no sign of a missed filing."""
        return self.done_before == self.done


def recount_periods(ids: Sequence[int], *, today: date, are_locked: bool = False) -> list[Difference]:
    """Count these periods anew from the records; returns those that changed.

    Their rows are locked first and counted by a second statement, which then sees every filing that came before: two filings,
    or a filing and the nightly run, cannot overwrite each other with what they saw earlier. `are_locked`: the caller has done
    so, in the order of their ids, in this transaction.
    """
    if not ids:
        return []
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if not are_locked:
            cursor.execute("SELECT FROM duties_dutyperiod WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(ids)])
        cursor.execute(COUNT, _params(ids, today))
        return [Difference(*row) for row in cursor.fetchall()]


def _params(ids: Sequence[int], today: date) -> dict[str, Any]:
    return {
        "ids": list(ids),
        "today": today,
        "zone": settings.TIME_ZONE,
        "suspended": Membership.Standing.SUSPENDED,
        "talk_posts": [*Post.COMMITTEE, Post.Kind.ACTING_SECRETARY],
    }


def people_left(period: DutyPeriod, *, today: date) -> list[str]:
    """Names of those with whom the talk is still to be had, where the number is asked of every member. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT, _params([period.pk], today))
        return [name for (name,) in cursor.fetchall()]


def recount_span(rule: DutyRule, period: Period, *, today: date, organizations: Iterable[int] | None = None) -> None:
    """Count one period of a rule wherever there are records of its kinds, or for some organizations."""
    rows = DutyPeriod.objects.filter(rule=rule, starts_on=period.starts_on)
    if organizations is not None:
        rows = rows.filter(organization__in=list(organizations))
    else:
        rows = rows.filter(organization__activities__kind__slug__in=rule.fulfilled_by).distinct()
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), 5000):
        recount_periods(ids[start : start + 5000], today=today)
