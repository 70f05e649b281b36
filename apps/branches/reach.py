"""What a user reaches today: computed from current posts and memberships, once per request, in one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, F, Q, Value

if TYPE_CHECKING:
    from apps.accounts.models import User

FOLLOWS = "follows"
READ_ONLY_DAYS = 90  # after leaving, one's own record stays readable this long


@dataclass(frozen=True, slots=True)
class Place:
    """One organization a user belongs to or works for, as navigation and permission need it."""

    organization_id: int
    public_id: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Ids and paths. Every scope starts from it; nobody edits permissions by hand."""

    person_id: int | None = None
    person_name: str = ""
    member_of: frozenset[int] = frozenset()  # own membership today
    left: frozenset[int] = frozenset()  # own membership ended less than 90 days ago: own record, read-only
    committee_of: frozenset[int] = frozenset()  # logs and edits there
    leader_of: frozenset[int] = frozenset()  # secretary, deputy or acting secretary: submits, asks waivers, hands over
    group_of: frozenset[int] = frozenset()  # own Party groups
    leads_groups: frozenset[int] = frozenset()  # group leader of
    staff_paths: frozenset[str] = frozenset()  # affairs worker: reads the subtree
    staff_of: frozenset[int] = frozenset()
    follows: frozenset[int] = frozenset()  # branches assigned to the user as staff (分片联系): a filter, no permission
    is_administrator: bool = False
    places: tuple[Place, ...] = field(default=(), compare=False)

    @property
    def branches(self) -> frozenset[int]:
        """Where the user belongs, in whatever role."""
        return self.member_of | self.committee_of


NOBODY = Reach()


def reach_of(user: "User", today: date) -> Reach:
    """One query over posts, memberships and liaisons. An inactive or anonymous user reaches nothing."""
    from apps.branches.models import Liaison, Membership, Post

    if not user.is_authenticated or not user.is_active:
        return NOBODY
    mine = Q(person__user=user)
    columns = ("person_id", "person__name", "organization_id", "organization__public_id", "organization__name",
               "organization__path")  # fmt: skip
    posts = Post.objects.on(today).filter(mine).values_list("kind", *columns, "group_id", F("ends_before"))
    recent = Q(ends_before=None) | Q(ends_before__gt=today - timedelta(days=READ_ONLY_DAYS))
    memberships = Membership.objects.filter(mine, recent, starts_on__lte=today)
    memberships = memberships.values_list(Value("member"), *columns, "group_id", F("ends_before"))
    nothing = Value(None, output_field=BigIntegerField())
    liaisons = (
        Liaison.objects.on(today).filter(mine).values_list(Value(FOLLOWS), *columns, nothing, F("ends_before"))
    )  # fmt: skip
    return _gather(posts.union(memberships, liaisons, all=True), today, user.is_administrator)


def _gather(rows: Iterable[tuple], today: date, is_administrator: bool) -> Reach:
    from apps.branches.models import Post

    sets: dict[str, set] = {
        name: set()
        for name in (
            "member_of",
            "left",
            "committee_of",
            "leader_of",
            "group_of",
            "leads_groups",
            "staff_paths",
            "staff_of",
        )
    }
    person_id, person_name, places, followed = None, "", {}, []
    for kind, person, called, organization, public_id, name, path, group, ends_before in rows:
        person_id, person_name = person, called
        if kind == FOLLOWS:
            followed.append((organization, path))
            continue
        if kind == "member":
            if ends_before is not None and ends_before <= today:
                sets["left"].add(organization)
                continue
            sets["member_of"].add(organization)
            if group:
                sets["group_of"].add(group)
        elif kind == Post.Kind.AFFAIRS_WORKER:
            sets["staff_of"].add(organization)
            sets["staff_paths"].add(path)
        elif kind == Post.Kind.GROUP_LEADER:
            sets["leads_groups"].add(group)
        else:
            sets["committee_of"].add(organization)
            if kind in Post.LEADERS:
                sets["leader_of"].add(organization)
        places[organization] = Place(organization, public_id, name, path)
    # Who no longer works above a branch no longer follows it, whatever the row says.
    follows = {pk for pk, path in followed if any(path.startswith(top) for top in sets["staff_paths"])}
    ordered = tuple(sorted(places.values(), key=lambda place: place.path))
    return Reach(
        person_id=person_id, person_name=person_name, is_administrator=is_administrator, places=ordered,
        follows=frozenset(follows), **{name: frozenset(values) for name, values in sets.items()},
    )  # fmt: skip
