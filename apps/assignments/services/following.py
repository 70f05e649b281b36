"""Decisions of a record become assignments, and follow its corrections. Listener of filing, inside its transaction."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.models import Activity, ActivityVersion, Behaviour
from apps.assignments.models import Assignment, AssignmentEvent
from apps.assignments.people import belonging
from apps.assignments.rules import OPEN, Act, State
from apps.core.ids import public_id

# A record of long ago that is entered now asks nobody today for what was due then.
LONG_DUE, LONG_HELD = timedelta(days=30), timedelta(days=90)


# Members of the branch and who holds a post in it: as people.assignable.
INSERT = """
WITH wanted AS (
    SELECT d.*, CASE WHEN EXISTS (
        SELECT FROM branches_membership m
        WHERE m.person_id = d.person AND m.organization_id = %(organization)s AND m.starts_on <= %(today)s
            AND (m.ends_before IS NULL OR m.ends_before > %(today)s)
    ) OR EXISTS (
        SELECT FROM branches_post p
        WHERE p.person_id = d.person AND p.organization_id = %(organization)s AND p.kind <> 'affairs_worker'
            AND p.starts_on <= %(today)s AND (p.ends_before IS NULL OR p.ends_before > %(today)s)
    ) THEN d.person END AS assignee
    FROM unnest(%(public_ids)s::text[], %(people)s::bigint[], %(names)s::text[], %(orders)s::int[], %(titles)s::text[],
        %(dues)s::date[]) AS d (public_id, person, name, decision, title, due_on)
),
given AS (
    INSERT INTO assignments_assignment (public_id, source, organization_id, assignee_id, given_by_id, given_by_organization_id,
        title, note, due_on, state, activity_id, decision_order, asked_reason, version, created_at)
    SELECT public_id, %(source)s, %(organization)s, assignee, %(by)s, %(organization)s, title, '', due_on, 'todo', %(activity)s,
        decision, '', 1, %(now)s
    FROM wanted ORDER BY decision
    RETURNING id, decision_order
)
INSERT INTO assignments_assignmentevent (assignment_id, act, text, on_behalf, by_id, at)
SELECT g.id, said.act, said.text, false, %(by)s, %(now)s
FROM given g JOIN wanted w ON w.decision = g.decision_order
CROSS JOIN LATERAL (VALUES ('give', '', 1), ('left', w.name, 2)) AS said (act, text, place)
WHERE said.act = 'give' OR w.person IS NOT NULL AND w.assignee IS NULL
ORDER BY g.id, said.place
"""


def follow(activity: Activity, old: ActivityVersion | None, new: ActivityVersion) -> None:
    """No query for a record that has no decisions and had none. What was agreed in a talk stays there."""
    if new.kind.behaviour == Behaviour.TALK:
        return
    before = old.snapshot.get("decisions", []) if old else []
    wanted = new.snapshot.get("decisions", []) if new.state == Activity.State.FILED else []
    if not before and not wanted:
        return
    tied = Assignment.objects.filter(activity=activity, decision_order__isnull=False)
    # Two filings of the record, and a filing and somebody who acts, come one after the other.
    rows = list(tied.select_for_update().order_by("pk")) if before else []
    matched, today = _matched(rows, wanted), timezone.localdate(new.filed_at)
    fresh = {place: one for place, one in enumerate(wanted, 1) if place not in matched}
    fresh = {place: one for place, one in fresh.items() if not _is_history(one, new.held_on, today)}
    named = {one["person"]["id"] for place, one in enumerate(wanted, 1) if one["person"] and place in matched}
    here = belonging(new.organization_id, named, today)
    events: list[AssignmentEvent] = []
    changed = [
        row for place, row in matched.items() if _update(row, place, wanted[place - 1], before, here, new, events)
    ]
    dropped = [row for row in rows if row not in matched.values()]
    for row in dropped:
        row.decision_order = None
        if row.state in OPEN:
            row.state, row.version = State.CANCELLED, row.version + 1
            withdrawn = new.state == Activity.State.WITHDRAWN
            why = _("The record was withdrawn.") if withdrawn else _("The decision was taken out of the record.")
            events.append(_event(row, Act.CANCEL, new, why))
    if changed or dropped:
        Assignment.objects.bulk_update(
            [*changed, *dropped], ["title", "assignee", "due_on", "state", "decision_order", "version"]
        )
    if events:
        AssignmentEvent.objects.bulk_create(events)
    if fresh:
        _create(fresh, activity, new, today)


def _create(fresh: dict[int, dict[str, Any]], activity: Activity, new: ActivityVersion, today: date) -> None:
    """One statement. Whoever the record names and who has left the branch gets nothing: it is the branch's then."""
    people = [one["person"] for one in fresh.values()]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {
            "source": Assignment.Source.DECISION, "organization": new.organization_id, "activity": activity.pk,
            "by": new.filed_by_id, "now": new.filed_at, "today": today, "public_ids": [public_id() for _one in fresh],
            "people": [one["id"] if one else None for one in people], "names": [one["name"] if one else "" for one in people],
            "orders": list(fresh), "titles": [one["task"] for one in fresh.values()],
            "dues": [_due(one) for one in fresh.values()],
        })  # fmt: skip


def _due(decision: dict[str, Any]) -> date | None:
    return date.fromisoformat(decision["due_on"]) if decision["due_on"] else None


def _is_history(decision: dict[str, Any], held_on: date, today: date) -> bool:
    due = _due(decision)
    return due < today - LONG_DUE if due else held_on < today - LONG_HELD


def _values(decision: dict[str, Any], here: set[int]) -> dict[str, Any]:
    """Whoever is not among `here` has left the branch: the assignment is the branch's then, which is its secretary's."""
    person = decision["person"]["id"] if decision["person"] else None
    return {"title": decision["task"], "assignee_id": person if person in here else None, "due_on": _due(decision)}


def _matched(rows: list[Assignment], wanted: list[dict[str, Any]]) -> dict[int, Assignment]:
    """Place in the record → its assignment: by the words first, so that a moved decision keeps its progress; then by place."""
    left, found = list(rows), {}
    for by_words, by_place in ((True, True), (True, False), (False, True)):
        for place, one in enumerate(wanted, 1):
            fits = [
                row
                for row in left
                if (not by_words or row.title == one["task"]) and (not by_place or row.decision_order == place)
            ]
            if place not in found and fits:
                found[place] = fits[0]
                left.remove(fits[0])
    return found


def _update(
    row: Assignment, place: int, decision: dict[str, Any], before: list[dict[str, Any]], here: set[int],
    new: ActivityVersion, events: list[AssignmentEvent],
) -> bool:  # fmt: skip
    """Whether the row changed. What is over keeps its words; a delegated or postponed one follows only what was corrected."""
    earlier = before[row.decision_order - 1] if row.decision_order and row.decision_order <= len(before) else None
    moved, row.decision_order = row.decision_order != place, place
    values, old = _values(decision, here), _values(earlier, here) if earlier else {}
    differing = {name: value for name, value in values.items() if value != old.get(name, getattr(row, name))}
    if row.state not in OPEN or not differing:
        return moved
    for name, value in differing.items():
        setattr(row, name, value)
    row.version += 1
    events.append(_event(row, Act.CHANGE, new, _("The record was corrected.")))
    return True


def _event(row: Assignment, act: Act, new: ActivityVersion, text: str) -> AssignmentEvent:
    return AssignmentEvent(assignment=row, act=act, by_id=new.filed_by_id, text=text, at=new.filed_at)
