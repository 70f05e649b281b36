"""What one's own record says of one's attendance: each meeting of the year and the last one. For oneself alone."""

from dataclasses import dataclass
from datetime import date

from apps.activities.models import Attendance
from apps.branches.models import Person
from apps.members.registry import Panel


@dataclass(frozen=True, slots=True)
class Line:
    """One sitting; `title` names the kinds on record."""

    attendance: Attendance
    title: str


def attendance_panel(person: Person, today: date) -> Panel:
    """Filed records only: until then nobody has confirmed who was there. Talks stay with the two people."""
    since = date(today.year - 1, 1, 1)
    rows = (
        Attendance.objects.filter(
            person=person, sitting__held_on__gte=since, sitting__held_on__lte=today, sitting__activities__state="filed"
        )
        .exclude(sitting__activities__kind__behaviour="talk")
        .select_related("sitting__organization")
        .prefetch_related("sitting__activities__kind")
        .order_by("-sitting__held_on", "-pk")
        .distinct()
    )
    lines = []
    for row in rows:
        filed = (activity.kind.short for activity in row.sitting.activities.all() if activity.state == "filed")
        lines.append(Line(row, "、".join(filed)))
    return Panel("activities/_own_attendance.html", {"lines": lines, "since": since})
