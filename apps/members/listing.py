"""The roster of a day as a list: who stood on it, in post order, then by surname strokes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.branches.models import Membership, Organization, PartyGroup, Person, Post
from apps.core.written_dates import PartialDate
from apps.members import ending
from apps.members.rules import Sight

PAGE = 100
# As on rosters; the acting secretary is a help for the days between two secretaries and stands on no form.
POST_ORDER = (
    Post.Kind.SECRETARY,
    Post.Kind.DEPUTY,
    Post.Kind.ACTING_SECRETARY,
    *Post.COMMITTEE[2:],
    Post.Kind.GROUP_LEADER,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is asked for. `group`: a public id, or "none". `on`: the roster of that day."""

    on: date
    q: str = ""
    group: str = ""
    category: str = ""
    standing: str = ""
    left: bool = False

    @property
    def are_set(self) -> bool:
        return bool(self.q or self.group or self.category or self.standing)

    @property
    def narrow(self) -> bool:
        """More than a name was asked for."""
        return bool(self.group or self.category or self.standing)


@dataclass(frozen=True, slots=True)
class Counts:
    full: int
    probationary: int
    hosted: int

    @property
    def members(self) -> int:
        return self.full + self.probationary


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, without counting all of it."""

    number: int
    lines: "list[Line]"
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


@dataclass(slots=True)
class Line:
    """One person on the list. `is_ours`: the record is kept in this branch, so its personal columns may be shown."""

    membership: Membership
    person: Person
    is_ours: bool
    posts: list[str] = field(default_factory=list)

    @property
    def born(self) -> PartialDate | None:
        return partial(self.person.born_on, self.person.born_precision)

    @property
    def admitted(self) -> PartialDate | None:
        return partial(self.person.admitted_on, self.person.admitted_precision)

    @property
    def phone(self) -> str:
        return masked_phone(self.person.mobile_phone or self.person.landline)

    @property
    def end_words(self) -> str:
        return ending.words(self.membership.end_reason)

    @property
    def last_day(self) -> date | None:
        ends = self.membership.ends_before
        return date.fromordinal(ends.toordinal() - 1) if ends else None


def partial(on: date | None, precision: str) -> PartialDate | None:
    return PartialDate(on, precision) if on else None


def masked_phone(number: str) -> str:
    """138****1234; of other numbers the last four digits."""
    digits = number.strip()
    if len(digits) < 5:
        return "*" * len(digits)
    head = digits[:3] if len(digits) >= 11 and "-" not in digits else ""
    return f"{head}****{digits[-4:]}"


def memberships(
    branch: Organization, filters: Filters, sight: Sight, leads_groups: Iterable[int]
) -> QuerySet[Membership]:
    rows = Membership.objects.filter(organization=branch)
    if filters.left:
        still = Membership.objects.on(filters.on).filter(person=OuterRef("person"), organization=branch)
        later = Membership.objects.filter(
            person=OuterRef("person"),
            organization=branch,
            ends_before__gt=OuterRef("ends_before"),
            ends_before__lte=filters.on,
        )
        rows = rows.filter(ends_before__lte=filters.on).exclude(Exists(still)).exclude(Exists(later))
    else:
        rows = rows.on(filters.on)
    if sight == Sight.GROUP:
        rows = rows.filter(group__in=leads_groups)
    if filters.q:
        rows = rows.filter(person__in=Person.objects.matching(filters.q))
    if filters.group == "none":
        rows = rows.filter(group=None)
    elif filters.group:
        rows = rows.filter(group__public_id=filters.group)
    if filters.category == "hosted":
        rows = rows.filter(is_hosted=True)
    elif filters.category:
        rows = rows.filter(category=filters.category, is_hosted=False)
    if filters.standing == "lost_contact":
        rows = rows.filter(lost_contact_on__lte=filters.on)
    elif filters.standing == "mobile":
        rows = rows.filter(is_mobile=True)
    elif filters.standing:
        rows = rows.filter(standing=filters.standing)
    return rows.select_related("person", "group").in_roster_order(filters.on)


def page_of(rows: QuerySet[Membership], branch: Organization, day: date, number: int) -> Page:
    """One row more than fits tells whether there is a next page."""
    first = (number - 1) * PAGE
    found = list(rows[first : first + PAGE + 1])
    return Page(number, lines(found[:PAGE], branch, day), len(found) > PAGE)


def lines(rows: Iterable[Membership], branch: Organization, day: date) -> list[Line]:
    """One further query: the posts of these people on `day`."""
    found = [Line(row, row.person, row.person.organization_id == branch.pk) for row in rows]
    held = posts_of(branch, day, [line.person.pk for line in found])
    for line in found:
        line.posts = [post.get_kind_display() for post in held.get(line.person.pk, ())]
    return found


def posts_of(branch: Organization, day: date, people: list[int]) -> dict[int, list[Post]]:
    held: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.on(day).filter(organization=branch, person__in=people, kind__in=POST_ORDER):
        held[post.person_id].append(post)
    for posts in held.values():
        posts.sort(key=lambda post: POST_ORDER.index(post.kind))
    return held


def counts(branch: Organization, day: date) -> Counts:
    registered = Q(is_hosted=False)
    found = (
        Membership.objects.on(day)
        .filter(organization=branch)
        .aggregate(
            full=Count("pk", filter=registered & Q(category=Membership.Category.FULL)),
            probationary=Count("pk", filter=registered & Q(category=Membership.Category.PROBATIONARY)),
            hosted=Count("pk", filter=Q(is_hosted=True)),
        )
    )
    return Counts(**found)


def groups(branch: Organization, day: date) -> list[PartyGroup]:
    return list(PartyGroup.objects.on(day).filter(organization=branch))
