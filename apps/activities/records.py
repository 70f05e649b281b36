"""What a record says, as the log flow hands it to the services: checked in form, not yet against the roster."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, time

from apps.activities.models import ActivityKind, Attendance
from apps.branches.models import Organization, PartyGroup, Person

HERE = (Attendance.Status.PRESENT, Attendance.Status.ONLINE)
AWAY = (Attendance.Status.EXCUSED, Attendance.Status.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One person at the sitting. A person without a mark stays unknown (未填)."""

    person: Person
    status: str
    ground: str = ""
    reason: str = ""
    print_reason: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A vote as it was counted in the room; who was entitled is computed."""

    in_favour: int
    against: int
    abstain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    title: str
    notes: str = ""
    remarks: tuple[tuple[str, str], ...] = ()  # speaker, text
    count: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    task: str
    person: Person | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one kind of the sitting has for itself: its minutes."""

    kind: ActivityKind
    topic: str = ""
    lecturer: str = ""
    minutes: str = ""
    agenda: tuple[Item, ...] = ()
    decisions: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A whole sitting. The first part is the kind the page was opened for.

    `left_out` and `added` correct the expected people, each with its reason; the figure is never typed.
    """

    organization: Organization
    held_on: date
    parts: tuple[Part, ...]
    group: PartyGroup | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    chair: Person | None = None
    minute_taker: Person | None = None
    marks: tuple[Mark, ...] = ()
    guests: tuple[str, ...] = ()
    left_out: dict[int, str] = field(default_factory=dict)  # person id → reason
    added: dict[int, str] = field(default_factory=dict)
    counts_for: date | None = None
    for_year: int | None = None
    focus: tuple[str, ...] = ()
    unit_work: str = ""
    for_people: str = ""

    @property
    def kind(self) -> ActivityKind:
        return self.parts[0].kind

    @property
    def here(self) -> int:
        return sum(mark.status in HERE for mark in self.marks)

    def digest(self) -> str:
        """What the filer confirmed by "实到 12，全部到会": the people, the day and the kinds. A change asks again."""
        marks = sorted((mark.person.pk, str(mark.status)) for mark in self.marks)
        kinds = sorted(part.kind.slug for part in self.parts)
        group = self.group.pk if self.group else 0
        said = repr(
            (
                marks,
                self.held_on.isoformat(),
                kinds,
                self.organization.pk,
                group,
                sorted(self.left_out),
                sorted(self.added),
            )
        )
        return hashlib.sha256(said.encode()).hexdigest()[:16]
