"""Who has talked with whom in a year (谈心谈话): the committee among itself and with each member. Facts, and no content.

支部工作条例（试行） art. 19: the committee's members with each other and with the members, and the members among themselves,
generally at least once a year. The duty says whether that is done; here nothing is late and nobody is counted against anybody.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.db.models import Q

from apps.activities.models import Activity, Attendance, Behaviour
from apps.branches.models import Membership, Organization, Person, Post

Pair = frozenset[int]


@dataclass(frozen=True, slots=True)
class Talk:
    """Two people and the last day they talked in that year; None while they have not."""

    one: Person
    other: Person
    on: date | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member beside the committee, and who of it talked with him or her, the last one first."""

    person: Person
    talks: tuple[Talk, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    committee: tuple[Talk, ...]
    members: tuple[Member, ...]
    others: tuple[Talk, ...]  # among members

    @property
    def missing(self) -> int:
        """Pairs of the committee and members nobody of it has talked with."""
        return sum(talk.on is None for talk in self.committee) + sum(not member.talks for member in self.members)


def coverage(organization: Organization, year: int, today: date) -> Coverage:
    """Of those who are there today. Three queries."""
    posts = Post.objects.on(today).filter(organization=organization).committee().select_related("person")
    heads = {post.person_id: post.person for post in posts.order_by("starts_on", "pk")}
    rows = Membership.objects.on(today).filter(organization=organization, is_hosted=False).select_related("person")
    people = {row.person_id: row.person for row in rows.order_by("person__stroke_key", "pk")}
    days = _days(organization, year)
    committee = tuple(Talk(a, b, days.get(frozenset((a.pk, b.pk)))) for a, b in combinations(heads.values(), 2))
    members = tuple(
        Member(one, _last_first(Talk(head, one, days.get(frozenset((head.pk, pk)))) for head in heads.values()))
        for pk, one in people.items()
        if pk not in heads
    )
    plain = [one for pk, one in people.items() if pk not in heads]
    others = _last_first(Talk(a, b, days.get(frozenset((a.pk, b.pk)))) for a, b in combinations(plain, 2))
    return Coverage(committee, members, others)


def _last_first(talks: Iterable[Talk]) -> tuple[Talk, ...]:
    held = [talk for talk in talks if talk.on is not None]
    return tuple(sorted(held, key=lambda talk: talk.on or date.min, reverse=True))


def _days(organization: Organization, year: int) -> dict[Pair, date]:
    """The last day of each pair; whoever talked three together talked each with each."""
    there: dict[int, set[int]] = defaultdict(set)
    held: dict[int, date] = {}
    rows = Attendance.objects.filter(
        Q(sitting__activities__state=Activity.State.FILED, sitting__activities__kind__behaviour=Behaviour.TALK),
        sitting__organization=organization, sitting__held_on__year=year, status__in=Attendance.PRESENT,
    )  # fmt: skip
    for sitting, person, held_on in rows.values_list("sitting_id", "person_id", "sitting__held_on"):
        there[sitting].add(person)
        held[sitting] = held_on
    last: dict[Pair, date] = {}
    for sitting, talked in there.items():
        for pair in map(frozenset, combinations(talked, 2)):
            last[pair] = max(held[sitting], last.get(pair, held[sitting]))
    return last
