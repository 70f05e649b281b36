"""Decisions of a record become assignments, and follow its corrections. Listener of filing, inside its transaction."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.activities.models import Activity, ActivityVersion, Behaviour
from apps.assignments.models import Assignment, AssignmentEvent
from apps.assignments.rules import OPEN, Act, State


def follow(activity: Activity, old: ActivityVersion | None, new: ActivityVersion) -> None:
    """No query for a record that has no decisions and had none. What was agreed in a talk stays there."""
    if new.kind.behaviour == Behaviour.TALK:
        return
    before = old.snapshot["decisions"] if old else []
    wanted = new.snapshot["decisions"] if new.state == Activity.State.FILED else []
    if not before and not wanted:
        return
    rows = list(Assignment.objects.filter(activity=activity, decision_order__isnull=False)) if before else []
    matched = _matched(rows, wanted)
    events: list[AssignmentEvent] = []
    changed = [row for place, row in matched.items() if _update(row, place, wanted[place - 1], before, new, events)]
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
    fresh = [
        Assignment(
            source=Assignment.Source.DECISION, organization_id=new.organization_id, activity=activity, decision_order=place,
            given_by_id=new.filed_by_id, given_by_organization_id=new.organization_id, **_values(one),
        )
        for place, one in enumerate(wanted, 1) if place not in matched
    ]  # fmt: skip
    events += [_event(row, Act.GIVE, new, "") for row in Assignment.objects.bulk_create(fresh)]
    if events:
        AssignmentEvent.objects.bulk_create(events)


def _values(decision: dict[str, Any]) -> dict[str, Any]:
    due = decision["due_on"]
    return {
        "title": decision["task"],
        "assignee_id": decision["person"]["id"] if decision["person"] else None,
        "due_on": date.fromisoformat(due) if due else None,
    }


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
    row: Assignment, place: int, decision: dict[str, Any], before: list[dict[str, Any]], new: ActivityVersion,
    events: list[AssignmentEvent],
) -> bool:  # fmt: skip
    """Whether the row changed. What is over keeps its words; a delegated or postponed one follows only what was corrected."""
    earlier = before[row.decision_order - 1] if row.decision_order and row.decision_order <= len(before) else None
    moved, row.decision_order = row.decision_order != place, place
    values, old = _values(decision), _values(earlier) if earlier else {}
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
