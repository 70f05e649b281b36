"""The roster as it stands, read in a fixed number of queries: what a file is compared with."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from apps.branches.models import Membership, Organization, PartyGroup, Person, Post
from apps.core import keyring
from apps.members.models import MemberDetails


@dataclass(slots=True)
class Known:
    """One person on record in the branch. `is_guest`: takes part here, the record is kept elsewhere."""

    person: Person
    details: MemberDetails | None
    rows: list[Membership] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    is_guest: bool = False

    @property
    def current(self) -> Membership | None:
        return next((row for row in reversed(self.rows) if row.ends_before is None), None)


@dataclass(slots=True)
class Snapshot:
    branch: Organization
    people: dict[int, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    by_number: dict[bytes, Known] = field(default_factory=dict)
    elsewhere: set[bytes] = field(default_factory=set)  # ID numbers on another roster: that, and nothing more
    groups: dict[str, PartyGroup] = field(default_factory=dict)


def take(branch: Organization, numbers: Iterable[str], today: date) -> Snapshot:
    """`numbers`: the ID numbers of the file."""
    found = Snapshot(branch)
    for person in Person.objects.filter(organization=branch).select_related("details").order_by("pk"):
        found.people[person.pk] = Known(person, getattr(person, "details", None))
    rows = Membership.objects.filter(organization=branch).select_related("group", "person").order_by("starts_on")
    for row in rows:
        known = found.people.get(row.person_id)
        if known is None:  # hosted, or moved to another branch since
            if row.ends_before is not None:
                continue
            known = found.people[row.person_id] = Known(row.person, None, is_guest=True)
        known.rows.append(row)
    for post in Post.objects.filter(organization=branch).order_by("starts_on"):
        if known := found.people.get(post.person_id):
            known.posts.append(post)
    found.groups = {group.name: group for group in PartyGroup.objects.on(today).filter(organization=branch)}
    by_name: dict[str, list[Known]] = defaultdict(list)
    for known in found.people.values():
        by_name[known.person.name].append(known)
        if known.person.id_number_hash:
            found.by_number[bytes(known.person.id_number_hash)] = known
    found.by_name = dict(by_name)
    strange = [number for number in map(fingerprint, numbers) if number not in found.by_number]
    taken = (
        Person.objects.filter(id_number_hash__in=strange).values_list("id_number_hash", flat=True) if strange else ()
    )
    found.elsewhere = {bytes(number) for number in taken}
    return found


def squeezed(name: str) -> str:
    return "".join(name.split())


def group_called(found: Snapshot, text: str) -> str:
    """The name of the group on record that is written so, give or take spaces; else the text itself."""
    return next((name for name in found.groups if squeezed(name) == squeezed(text)), " ".join(text.split()))


def fingerprint(number: str) -> bytes:
    return keyring.fingerprint(number, purpose="id_number")
