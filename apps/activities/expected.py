"""Who ought to be there, by the roster of the day held."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, Exists, OuterRef, Subquery, Value, When

from apps.activities.models import ActivityKind, Behaviour
from apps.branches.models import Membership, NotCounted, Organization, PartyGroup, Person, Post

# Kinds whose expected set is the same people may share a sitting; the invited and the named are nobody's set.
ROSTER_BEHAVIOURS = (Behaviour.GENERAL, Behaviour.COMMITTEE, Behaviour.GROUP)


# A person may hold two posts; the first of them in this order is the seat.
SEATS = {str(kind): place for place, kind in enumerate(Post.COMMITTEE)}
COMMITTEE_ORDER = Case(*(When(kind=kind, then=Value(place)) for kind, place in SEATS.items()))


@dataclass(frozen=True, slots=True)
class Attendee:
    """One name of the board. `is_expected` false: may come, is not missed (hosted, or left out by resolution)."""

    person: Person
    is_expected: bool = True
    can_vote: bool = False
    post: str = ""  # Post.Kind
    left_out: str = ""  # NotCounted.Ground
    is_hosted: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """The names for one kind on one day, in roster order, and whoever else may be marked present or observing."""

    expected: tuple[Attendee, ...]
    welcome: tuple[Attendee, ...] = ()
    by_id: dict[int, Attendee] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, attendees: list[Attendee], welcome: list[Attendee]) -> "Board":
        both = [*attendees, *welcome]
        return cls(tuple(attendees), tuple(welcome), {one.person.pk: one for one in both})


def expected_people(
    organization: Organization, group: PartyGroup | None, kind: ActivityKind, day: date
) -> list[Attendee]:
    """The expected set (应到) of `kind` on `day`; empty for the invited, the named, and documents.

    General: the roster of that day without hosted members and those left out by resolution. Group: the group's.
    Committee: whoever held a committee post that day, member of this branch or not.
    """
    return list(board(organization, group, kind, day).expected)


def board(organization: Organization, group: PartyGroup | None, kind: ActivityKind, day: date) -> Board:
    """Expected and welcome people. One query; one more for a committee with somebody from outside the branch."""
    members = _roster(organization, day, kind.slug == "election_meeting")
    if kind.behaviour == Behaviour.COMMITTEE:
        committee = _committee(organization, day, members)
        held = {one.person.pk for one in committee}
        return Board.of(committee, [_welcome(one) for one in members if one.person.pk not in held])
    if kind.behaviour == Behaviour.GENERAL:
        return Board.of([one for one in members if one.is_expected], [one for one in members if not one.is_expected])
    if kind.behaviour == Behaviour.GROUP:
        mine = [one for one in members if group and _group_of(one) == group.pk]
        others = [one for one in members if one not in mine]
        away = [one for one in mine if not one.is_expected]
        return Board.of([one for one in mine if one.is_expected], [*away, *map(_welcome, others)])
    return Board.of([], [_welcome(one) for one in members])


def _welcome(one: Attendee) -> Attendee:
    return Attendee(one.person, False, False, one.post, one.left_out, one.is_hosted)


def _group_of(one: Attendee) -> int | None:
    return one.person.group_id_of_day  # type: ignore[attr-defined]  # set by _roster


def _roster(organization: Organization, day: date, is_election: bool) -> list[Attendee]:
    left_out = NotCounted.objects.on(day).filter(person=OuterRef("person"), organization=organization)
    if not is_election:
        left_out = left_out.exclude(ground=NotCounted.Ground.RETIRED)
    posts = Post.objects.on(day).filter(organization=organization).committee()
    post = posts.filter(person=OuterRef("person"))
    registered = Membership.objects.of_branch(organization, day).filter(person=OuterRef("person"))
    rows = (
        Membership.objects.of_branch(organization, day)
        .select_related("person")
        .in_roster_order(day)
        .annotate(
            left_out=Subquery(left_out.values("ground")[:1]),
            post=Subquery(post.order_by("starts_on").values("kind")[:1]),
            seat=Subquery(post.order_by(COMMITTEE_ORDER).values("kind")[:1]),
            others_sit=Exists(posts.filter(~Exists(registered))),
        )
    )
    people = []
    for row in rows:
        row.person.group_id_of_day, row.person.seat_of_day = row.group_id, row.seat
        row.person.others_sit = row.others_sit
        is_expected = not row.is_hosted and not row.left_out and row.standing != Membership.Standing.SUSPENDED
        people.append(
            Attendee(
                row.person, is_expected, row.can_vote and is_expected, row.post or "", row.left_out or "", row.is_hosted
            )
        )
    return people


def _committee(organization: Organization, day: date, members: list[Attendee]) -> list[Attendee]:
    """Whoever holds a committee post that day, in the order of the posts. Asked anew only where not all are members here."""
    if members and not members[0].person.others_sit:  # type: ignore[attr-defined]  # set by _roster
        seats = [(one.person, one.person.seat_of_day) for one in members if one.person.seat_of_day]  # type: ignore[attr-defined]
    else:
        posts = Post.objects.on(day).filter(organization=organization).committee().select_related("person")
        seats = [(post.person, post.kind) for post in posts]
    first: dict[int, Attendee] = {}
    for person, kind in sorted(seats, key=lambda seat: (SEATS[seat[1]], seat[0].stroke_key)):
        first.setdefault(person.pk, Attendee(person, True, True, kind))
    return list(first.values())


def share_expected(kinds: list[ActivityKind]) -> bool:
    """Whether these kinds may be one sitting: the same people are expected at each."""
    behaviours = {kind.behaviour for kind in kinds}
    return len(kinds) == 1 or (len(behaviours) == 1 and behaviours <= set(ROSTER_BEHAVIOURS))
