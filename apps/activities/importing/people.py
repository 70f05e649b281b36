"""Who was in the branch on each of many days: the rules of `expected`, in memory, so that a file costs three queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from django.db.models import Q

from apps.activities.expected import ROSTER_BEHAVIOURS
from apps.activities.models import ActivityKind, Behaviour
from apps.branches.models import Membership, NotCounted, Organization, PartyGroup, Person, Post


@dataclass(frozen=True, slots=True)
class Attendant:
    person: Person
    is_expected: bool
    can_vote: bool


@dataclass(slots=True)
class There:
    """Of one meeting: name → those who bear it and could have come."""

    by_name: dict[str, list[Attendant]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class Roster:
    memberships: list[Membership]
    left_out: list[NotCounted]
    seats: list[Post]

    @classmethod
    def of(cls, organization: Organization, first: date, last: date) -> Self:
        span = Q(starts_on__lte=last) & (Q(ends_before=None) | Q(ends_before__gt=first))
        return cls(
            list(Membership.objects.filter(span, organization=organization).select_related("person")),
            list(NotCounted.objects.filter(span, organization=organization)),
            list(Post.objects.filter(span, organization=organization).committee().select_related("person")),
        )

    def on(self, day: date, kind: ActivityKind, group: PartyGroup | None) -> There:
        there = There()
        seats = {post.person_id: post.person for post in self.seats if covers(post, day)}
        is_election = kind.slug == "election_meeting"
        out = {
            row.person_id for row in self.left_out
            if covers(row, day) and (is_election or row.ground != NotCounted.Ground.RETIRED)
        }  # fmt: skip
        members: dict[int, Membership] = {}
        for row in self.memberships:  # somebody hosted here may be registered here on another day
            if covers(row, day) and (row.person_id not in members or not row.is_hosted):
                members[row.person_id] = row
        for row in members.values():
            expected = self._is_expected(row, kind, group, seats, out)
            votes = expected and kind.behaviour in ROSTER_BEHAVIOURS
            votes = votes and (kind.behaviour == Behaviour.COMMITTEE or row.can_vote)
            there.by_name[row.person.name].append(Attendant(row.person, expected, votes))
        if kind.behaviour == Behaviour.COMMITTEE:
            for person in seats.values():  # a secretary from outside of the branch
                if person.pk not in members:
                    there.by_name[person.name].append(Attendant(person, True, True))
        return there

    def _is_expected(
        self, row: Membership, kind: ActivityKind, group: PartyGroup | None, seats: dict[int, Any], out: set[int]
    ) -> bool:
        if kind.behaviour == Behaviour.COMMITTEE:
            return row.person_id in seats
        if kind.behaviour not in ROSTER_BEHAVIOURS:
            return False
        if kind.behaviour == Behaviour.GROUP and (group is None or row.group_id != group.pk):
            return False
        return not row.is_hosted and row.person_id not in out and row.standing != Membership.Standing.SUSPENDED


def covers(row: Any, day: date) -> bool:
    return row.starts_on <= day and (row.ends_before is None or day < row.ends_before)
