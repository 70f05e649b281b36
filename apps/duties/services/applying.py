"""Whether a period that was owed on its first day has ceased to be owed inside: dissolved, group ended, no committee left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from apps.branches.models import Post

# Secretary and deputy alone are no committee: one is recorded by its other posts. 支部工作条例（试行） art. 20.
COMMITTEE_POSTS = tuple(kind for kind in Post.COMMITTEE if kind not in (Post.Kind.SECRETARY, Post.Kind.DEPUTY))

JUDGE = """
WITH judged AS (
    SELECT p.id, p.closed_as, p.done >= p.required AS is_done,
        CASE
            WHEN o.dissolved_on <= d.day THEN 'dissolved'
            WHEN g.ends_before <= d.day THEN 'group_ended'
            WHEN r.applies_if = 'not_temporary' AND o.branch_type = 'temporary' THEN 'temporary'
            WHEN r.applies_if = 'has_committee' AND NOT EXISTS (
                SELECT FROM branches_post po
                WHERE po.organization_id = o.id AND po.kind = ANY(%(committee_posts)s)
                    AND po.starts_on <= d.day AND (po.ends_before IS NULL OR po.ends_before > d.day)) THEN 'no_committee'
            ELSE ''
        END AS code,
        (SELECT n.code FROM duties_dutynote n WHERE n.period_id = p.id ORDER BY n.at DESC, n.id DESC LIMIT 1) AS last_code
    FROM duties_dutyperiod p
    JOIN duties_dutyrule r ON r.id = p.rule_id
    JOIN branches_organization o ON o.id = p.organization_id
    LEFT JOIN branches_partygroup g ON g.id = p.group_id
    CROSS JOIN LATERAL (SELECT least(p.due_on, %(today)s) AS day) d
    WHERE p.id = ANY(%(ids)s) AND p.closed_as IN ('', 'not_applicable')
),
turned AS (
    UPDATE duties_dutyperiod p SET closed_as = CASE WHEN j.closed_as = '' THEN 'not_applicable' ELSE '' END
    FROM judged j
    WHERE p.id = j.id AND (
        j.closed_as = '' AND NOT j.is_done AND j.code <> ''
        OR j.closed_as = 'not_applicable' AND j.last_code <> '' AND (j.code = '' OR j.is_done))
    RETURNING p.id, p.closed_as, j.code
)
INSERT INTO duties_dutynote (period_id, kind, reason, code, at)
SELECT id, CASE WHEN closed_as = '' THEN 'reopened' ELSE 'not_applicable' END, '',
    CASE WHEN closed_as = '' THEN 'applies_again' ELSE code END, now()
FROM turned
RETURNING period_id, kind
"""


@dataclass(frozen=True, slots=True)
class Turned:
    """How many periods ceased to be owed, and how many are owed again."""

    ceased: int = 0
    again: int = 0

    def __add__(self, other: "Turned") -> "Turned":
        return Turned(self.ceased + other.ceased, self.again + other.again)


def judge(ids: Sequence[int], *, today: date) -> Turned:
    """Close what ceased, with the ground as its note, and open again what was closed so and is owed or done after all.

    Looks at the last day of the period, or today while it runs: a committee that is elected anew in the same month has not
    ceased. What people decided is not touched.
    """
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(JUDGE, {"ids": list(ids), "today": today, "committee_posts": list(COMMITTEE_POSTS)})
        kinds = [kind for _, kind in cursor.fetchall()]
    return Turned(ceased=kinds.count("not_applicable"), again=kinds.count("reopened"))
