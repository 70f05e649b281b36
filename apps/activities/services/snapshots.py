"""A record whole, as JSON that outlives every later change of names and rosters."""

from collections.abc import Iterable
from typing import Any

from apps.activities.models import Activity, AgendaItem, Attendance, Decision, Sitting
from apps.branches.models import Person


def snapshot(
    activity: Activity,
    sitting: Sitting,
    people: Iterable[Attendance],
    agenda: Iterable[AgendaItem],
    decisions: Iterable[Decision],
) -> dict[str, Any]:
    """Pure: of rows in memory or rows just read, the same answer."""
    more = {} if activity.taken_over is None else {"taken_over": activity.taken_over}
    return more | {
        "kind": {"slug": activity.kind.slug, "zh": activity.kind.name_zh, "en": activity.kind.name_en},
        "organization": {"id": activity.organization_id, "name": activity.organization.name},
        "group": {"id": activity.group_id, "name": activity.group.name} if activity.group else None,
        "held_on": activity.held_on.isoformat(),
        "starts_at": _iso(sitting.starts_at),
        "ends_at": _iso(sitting.ends_at),
        "place": sitting.place,
        "chair": _someone(sitting.chair),
        "minute_taker": _someone(sitting.minute_taker),
        "guests": list(sitting.guests),
        "expected_changes": [list(change) for change in sitting.expected_changes],
        "people": sorted(
            (
                {
                    **(_someone(one.person) or {}), "status": str(one.status), "expected": one.is_expected, "vote": one.can_vote,
                    "ground": str(one.ground), "reason": one.reason, "print_reason": one.print_reason,
                }
                for one in people
            ),
            key=lambda row: row["id"],
        ),
        "topic": activity.topic,
        "lecturer": activity.lecturer,
        "minutes": activity.minutes,
        "agenda": [
            {
                "title": item.title, "notes": item.notes, "remarks": [list(remark) for remark in item.remarks],
                "rule": item.vote_rule, "entitled": item.entitled, "present": item.entitled_present, "for": item.votes_for,
                "against": item.votes_against, "abstain": item.votes_abstain,
            }
            for item in agenda
        ],
        "decisions": [
            {"task": one.task, "person": _someone(one.person), "due_on": _iso(one.due_on)} for one in decisions
        ],
        "counts_for": _iso(activity.counts_for),
        "for_year": activity.for_year,
        "focus": [str(focus) for focus in activity.focus],
        "unit_work": activity.unit_work,
        "for_people": activity.for_people,
    }  # fmt: skip


def stored_snapshot(activity: Activity) -> dict[str, Any]:
    """Of the rows as they are in the database."""
    sitting = activity.sitting
    people = sitting.attendances.select_related("person")
    return snapshot(activity, sitting, people, activity.agenda.all(), activity.decisions.select_related("person"))


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _someone(person: Person | None) -> dict[str, Any] | None:
    return {"id": person.pk, "name": person.name} if person else None
