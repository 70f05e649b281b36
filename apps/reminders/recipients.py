"""Who hears it: the owing party, resolved to people with an account at the moment of saying, in sets."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BigIntegerField, CharField, QuerySet, Value

from apps.branches.models import Organization, Person, Post
from apps.core.paths import ancestors
from apps.core.sources import private
from apps.reminders.models import DigestLine, Reminder

Reason = DigestLine.Reason
Told = list[tuple[int, str]]  # person, reason

# In this order: the first post that somebody with an account holds.
BRANCH_POSTS = (Post.Kind.SECRETARY, Post.Kind.ACTING_SECRETARY, Post.Kind.DEPUTY, Post.Kind.ORGANIZATION_MEMBER)


@dataclass
class Holders:
    """People with an account by post; of staff all, of other posts the one longest in office."""

    by_post: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    by_group: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    staff_at: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    organizations: dict[int, Organization] = field(default_factory=dict)
    with_account: set[int] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)

    def of_branch(self, organization_id: int) -> Told:
        """Secretary; else deputy, organization member; else the nearest staff above."""
        for kind in BRANCH_POSTS:
            if people := self.by_post.get((organization_id, kind)):
                return [(people[0], Reason.POST if kind == Post.Kind.SECRETARY else Reason.STAND_IN)]
        if organization := self.organizations.get(organization_id):
            for path in reversed(ancestors(organization.path)):
                if staff := self.staff_at.get(path):
                    return [(person, Reason.VACANT) for person in staff]
        return []

    def of_organization(self, organization_id: int) -> Told:
        organization = self.organizations.get(organization_id)
        if organization and not organization.is_branch:
            return [(person, Reason.POST) for person in self.staff_at.get(organization.path, ())]
        return self.of_branch(organization_id)

    def of_group(self, group_id: int, branch_id: int, *, is_overdue: bool) -> Told:
        """The leader; the secretary where there is none, and too once it is overdue."""
        leaders = [(person, Reason.POST) for person in self.by_group.get(group_id, ())]
        if not leaders:
            return [
                (person, Reason.STAND_IN if why == Reason.POST else why) for person, why in self.of_branch(branch_id)
            ]
        known = {person for person, _ in leaders}
        also = self.of_branch(branch_id) if is_overdue else []
        return leaders + [(person, Reason.OVERDUE) for person, _ in also if person not in known]

    def of_person(self, person_id: int, branch_id: int) -> Told:
        """Themselves; without an account it is a line on the secretary's list."""
        if person_id in self.with_account:
            return [(person_id, Reason.OWN)]
        return [(person, Reason.NO_ACCOUNT) for person, _ in self.of_branch(branch_id)]


def resolve(reminders: Collection[Reminder], today: date, overdue: Collection[int]) -> dict[int, Told]:
    """Reminder id → whom it is said to. `overdue`: ids of those reminders whose matter is overdue. Two queries."""
    return resolve_with_names(reminders, today, overdue)[0]


def resolve_with_names(
    reminders: Collection[Reminder], today: date, overdue: Collection[int], organizations: Collection[Organization] = ()
) -> tuple[dict[int, Told], dict[int, str]]:
    """As `resolve`, and what these people are called. `organizations`: read a moment ago, so not read again."""
    holders = _holders(reminders, today, organizations)
    told: dict[int, Told] = {}
    secret = private()
    for one in reminders:
        if one.person_id is not None:
            found = holders.of_person(one.person_id, one.branch_id)
            told[one.pk] = [whom for whom in found if whom[1] == Reason.OWN] if one.source in secret else found
        elif one.group_id is not None:
            told[one.pk] = holders.of_group(one.group_id, one.branch_id, is_overdue=one.pk in overdue)
        else:
            told[one.pk] = holders.of_organization(one.organization_id or one.branch_id)
    return told, holders.names


def _holders(reminders: Collection[Reminder], today: date, known: Collection[Organization]) -> Holders:
    holders = Holders()
    branches = {one.branch_id for one in reminders} | {one.organization_id for one in reminders if one.organization_id}
    people = {one.person_id for one in reminders if one.person_id}
    holders.organizations = {one.pk: one for one in known}
    if missing := branches - set(holders.organizations):
        rows = Organization.objects.filter(pk__in=missing).only("path", "kind")
        holders.organizations |= {one.pk: one for one in rows}
    above = {path for one in holders.organizations.values() for path in (*ancestors(one.path), one.path)}
    posts = Post.objects.on(today).filter(person__user__is_active=True)
    # A union, because an OR over both would read every post there is.
    rows = _columns(posts.filter(organization__in=branches, kind__in=(*BRANCH_POSTS, Post.Kind.GROUP_LEADER))).union(
        _columns(posts.filter(organization__path__in=above, kind=Post.Kind.AFFAIRS_WORKER)),
        _accounts(people),
        all=True,
    )
    for _since, _pk, person, name, kind, organization, path, group in sorted(rows, key=lambda row: row[:2]):
        holders.names[person] = name
        if kind is None:
            holders.with_account.add(person)
        elif kind == Post.Kind.GROUP_LEADER:
            holders.by_group[group].append(person)
        elif kind == Post.Kind.AFFAIRS_WORKER:
            holders.staff_at[path].append(person)
        else:
            holders.by_post[organization, kind].append(person)
    return holders


def _columns(posts: QuerySet) -> QuerySet:
    return posts.order_by().values_list(
        "starts_on", "pk", "person_id", "person__name", "kind", "organization_id", "organization__path", "group_id"
    )


def _accounts(people: Collection[int]) -> QuerySet:
    """As `_columns`: people who owe something themselves and have an account; no post is said."""
    text, number = CharField(), BigIntegerField()
    kinds = {"no_kind": text, "no_organization": number, "no_path": text, "no_group": number}
    nothing = {name: Value(None, output_field=kind) for name, kind in kinds.items()}
    rows = Person.objects.filter(pk__in=people, user__is_active=True).order_by()
    return rows.annotate(since=Value(date.min), **nothing).values_list("since", "pk", "pk", "name", *nothing)
