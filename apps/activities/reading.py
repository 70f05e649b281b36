"""What of a record a reader sees: names and leave are personal, counts and decisions are not."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When

from apps.activities.models import Activity, Attendance
from apps.branches import rules as branch_rules
from apps.branches.models import Post

if TYPE_CHECKING:
    from apps.accounts.models import User

Status = Attendance.Status


@dataclass(frozen=True, slots=True)
class Eyes:
    """`people`: names of who came, and remarks. `leave`: who was away, without a reason. `grounds`: the reason too."""

    people: bool
    leave: bool
    grounds: bool
    keeps: bool  # logs, corrects, prints


def eyes_of(user: "User", activity: Activity, today: date) -> Eyes:
    """The branch committee and the group's leader see all; fellow members who came, and of leave nothing; the nearest staff
    see names and that somebody was on leave, not why; levels above them counts and documents.
    One query for staff, none for others.
    """
    reach = user.reach
    if activity.organization_id in reach.committee_of or activity.group_id in reach.leads_groups:
        return Eyes(people=True, leave=True, grounds=True, keeps=True)
    if activity.organization_id in reach.member_of:
        return Eyes(people=True, leave=False, grounds=False, keeps=False)
    reviewer = branch_rules.reviewer_of(activity.organization, today) if reach.staff_of else None
    near = reviewer is not None and reviewer.pk in reach.staff_of
    talked = activity.kind.behaviour == "talk" and not reach.staff_of
    return Eyes(people=near or talked, leave=near, grounds=False, keeps=False)


def in_roster_order(rows: QuerySet, activity: Activity) -> QuerySet:
    """Rows of people (attendances, invitations) as the roster of the day lists them: post order, then surname strokes."""
    order = [Post.Kind.SECRETARY, Post.Kind.DEPUTY, Post.Kind.ACTING_SECRETARY, *Post.COMMITTEE[2:]]
    held = Post.objects.on(activity.held_on).filter(organization=activity.organization_id, person=OuterRef("person"))
    ranks = [When(Exists(held.filter(kind=kind)), then=Value(place)) for place, kind in enumerate(order)]
    return rows.alias(rank=Case(*ranks, default=Value(len(order)))).order_by("rank", "person__stroke_key", "person")


@dataclass(frozen=True, slots=True)
class Counts:
    expected: int
    present: int
    excused: int
    absent: int
    others: int  # there without being expected

    @classmethod
    def of(cls, rows: list[Attendance]) -> "Counts":
        def number(*states: str) -> int:
            return sum(row.is_expected and row.status in states for row in rows)

        return cls(
            sum(row.is_expected for row in rows), number(Status.PRESENT, Status.ONLINE), number(Status.EXCUSED),
            number(Status.ABSENT), sum(not row.is_expected for row in rows),
        )  # fmt: skip

    def as_taken_over(self, told: dict[str, Any] | None) -> "Counts":
        """With the figures of the old paper where it gave them: of a past record the roster of that day knows less."""
        if told is None or all(told[key] is None for key in ("expected", "present", "leave")):
            return self
        expected, present, excused = (
            mine if told[key] is None else told[key]
            for key, mine in (("expected", self.expected), ("present", self.present), ("leave", self.excused))
        )
        return Counts(expected, present, excused, max(0, expected - present - excused), self.others)
