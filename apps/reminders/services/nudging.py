"""Somebody reminds others of assignments: a line of their next digest, by one statement however many."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from apps.accounts.models import User

# To whoever is to do it while a member, else to the branch.
INSERT = """
INSERT INTO reminders_reminder (source, source_id, step, step_on, due_on, path, branch_id, organization_id, person_id,
    nudged_by_id)
SELECT 'assignment', a.id, %(step)s, %(today)s, a.due_on, o.path, o.id, CASE WHEN m.id IS NULL THEN o.id END,
    CASE WHEN m.id IS NOT NULL THEN a.assignee_id END, %(by)s
FROM assignments_assignment a
JOIN branches_organization o ON o.id = a.organization_id
LEFT JOIN LATERAL (
    SELECT m.id FROM branches_membership m
    WHERE m.person_id = a.assignee_id AND m.organization_id = o.id AND m.starts_on <= %(today)s
        AND (m.ends_before IS NULL OR m.ends_before > %(today)s)
    LIMIT 1
) m ON true
WHERE a.id = ANY(%(ids)s)
ON CONFLICT (source, source_id, step, organization_id, group_id, person_id) DO NOTHING
"""


def on_nudged(ids: Collection[int], by: "User", today: date) -> None:
    """Registered with assignments; inside its transaction."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"step": f"nudge-{today.isoformat()}", "today": today, "by": by.pk, "ids": list(ids)})
