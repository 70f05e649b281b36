"""Who opens, resets and closes whose account. It follows posts, as reach does: nobody gets at an account that reaches further.

The branch's leaders for its people; the nearest staff for secretaries, deputies and acting ones; the administrator for staff.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from apps.accounts import services as accounts
from apps.accounts.models import User as Account
from apps.branches import names, rules
from apps.branches.models import Membership, Organization, Person, Post
from apps.branches.querysets import PersonQuerySet
from apps.branches.reach import READ_ONLY_DAYS
from apps.core.errors import RuleBroken
from apps.core.paths import ancestors

if TYPE_CHECKING:
    from apps.accounts.models import User

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Permission:
    """`who` is the sentence that says whom to ask, where `may` is false."""

    may: bool
    who: str = ""


class Handed(NamedTuple):
    """A person and what is printed on the slip."""

    person: Person
    slip: accounts.Slip


def people_of(organization: Organization, today: date) -> PersonQuerySet:
    """Whose record is kept here, who is a member here, who holds a post here."""
    own = Q(person=OuterRef("pk"), organization=organization)
    return Person.objects.select_related("user").filter(
        Q(organization=organization)
        | Exists(Membership.objects.on(today).filter(own))
        | Exists(Post.objects.on(today).filter(own))
    )


def people_for(user: "User", organization: Organization, today: date) -> PersonQuerySet:
    """Those of them whose accounts are the user's business; the administrator sees names of staff, not of members."""
    people = people_of(organization, today)
    if organization.pk in user.reach.leader_of:
        return people
    if organization.pk in user.reach.staff_of or _is_nearest(user, organization, today):
        return people
    if user.reach.is_administrator:
        held = Post.objects.on(today).filter(person=OuterRef("pk"), organization=organization)
        kinds = (
            (Post.Kind.AFFAIRS_WORKER, *Post.LEADERS)
            if _unstaffed(organization, today)
            else (Post.Kind.AFFAIRS_WORKER,)
        )
        return people.filter(Exists(held.filter(kind__in=kinds)))
    return people.none()


def can_list(user: "User", organization: Organization, today: date) -> bool:
    """Whether the page of accounts is theirs at all."""
    reach = user.reach
    return (
        organization.pk in reach.leader_of | reach.staff_of
        or reach.is_administrator
        or _is_nearest(user, organization, today)
    )


def _is_nearest(user: "User", organization: Organization, today: date) -> bool:
    if not any(path in user.reach.staff_paths for path in ancestors(organization.path)):
        return False
    reviewer = rules.reviewer_of(organization, today)
    return reviewer is not None and reviewer.pk in user.reach.staff_of


def _unstaffed(organization: Organization, today: date) -> bool:
    return rules.reviewer_of(organization, today) is None


def permissions(user: "User", people: Iterable[Person], today: date) -> dict[int, Permission]:
    """For each person (with `user` and `organization` loaded), by primary key. Two queries, whatever the number."""
    people = list(people)
    held: dict[int, list[tuple[str, int, str]]] = {person.pk: [] for person in people}
    places = {person.organization_id: person.organization.path for person in people}
    for pk, kind, organization, path in (
        Post.objects.on(today)
        .filter(person__in=people)
        .values_list("person_id", "kind", "organization_id", "organization__path")
    ):
        held[pk].append((kind, organization, path))
        places[organization] = path
    above = {path for place in places.values() for path in ancestors(place)}
    led, staffed = set(), {}
    answering = Q(kind__in=Post.LEADERS, organization__in=places) | Q(
        kind=Post.Kind.AFFAIRS_WORKER, organization__path__in=above
    )
    for kind, organization, path in (
        Post.objects.on(today).filter(answering).values_list("kind", "organization_id", "organization__path").distinct()
    ):
        if kind == Post.Kind.AFFAIRS_WORKER:
            staffed[path] = organization
        else:
            led.add(organization)

    def nearest(path: str) -> int | None:
        return next((staffed[each] for each in reversed(ancestors(path)) if each in staffed), None)

    def answer(person: Person) -> Permission:
        reach = user.reach
        if person.pk == reach.person_id:
            return Permission(False, _("Your own account is under Settings."))
        if person.user and person.user.is_administrator:
            return Permission(False, _("Accounts of administrators are set from the command line."))
        if any(kind == Post.Kind.AFFAIRS_WORKER for kind, *_rest in held[person.pk]):
            return Permission(reach.is_administrator, _("The administrator answers for the accounts of staff."))
        # A post elsewhere reaches further than this branch, so its secretary alone does not answer for the account.
        leads = {
            path for kind, place, path in held[person.pk] if kind in Post.LEADERS or place != person.organization_id
        }
        if not leads and person.organization_id in led:
            return Permission(
                person.organization_id in reach.leader_of, _("The branch secretary answers for this account.")
            )
        answering = {nearest(path) for path in leads or {person.organization.path}}
        may = all(reach.is_administrator if level is None else level in reach.staff_of for level in answering)
        if not leads and person.organization_id in reach.staff_of:
            may = True  # a person in the books of the committee itself
        return Permission(may, _("The staff of the committee above answer for this account."))

    return {person.pk: answer(person) for person in people}


def username_base(name: str) -> str:
    """The pinyin of the name, as it is typed: wangjianguo. Names in other letters as they are."""
    first = (names.search_keys(name).split() or [""])[0]
    return re.sub(r"[^a-z]", "", first)[:40] or "user"


def accounts_issue(
    *, people: Iterable[Person], organization: Organization, by: "User", today: date, now: datetime
) -> list[Handed]:
    """A new code for each; whoever had no account gets one. Constant number of statements.

    Raises RuleBroken, and does nothing, if one of them is not `by`'s to answer for, or closed.
    """
    people = list(people)
    allowed = permissions(by, people, today)
    for person in people:
        if not allowed[person.pk].may:
            raise RuleBroken(f"{person}: {allowed[person.pk].who}")
        if person.user and not person.user.is_active:
            raise RuleBroken(_("The account of %(name)s is closed. Reopen it first.") % {"name": person})
    try:
        with transaction.atomic():
            return hand_out(people=people, organization_id=organization.pk, by=by, now=now)
    except IntegrityError as error:
        if "username" in str(error):
            raise RuleBroken(_("Someone is making accounts at this moment. Try once more.")) from None
        raise


def hand_out(*, people: list[Person], organization_id: int, by: "User | None", now: datetime) -> list[Handed]:
    """Accounts where there are none, and codes, inside the caller's transaction; whether `by` may is asked before."""
    new = [person for person in people if person.user is None]
    for person, account in zip(
        new, accounts.users_create(bases=[username_base(p.name) for p in new], by=by), strict=True
    ):
        person.user = account
    Person.objects.bulk_update(new, ["user"])
    slips = accounts.codes_issue(
        users=[person.user for person in people], opened=[person.user for person in new], by=by, now=now,
        organization_id=organization_id,
    )  # fmt: skip
    return [Handed(person, slip) for person, slip in zip(people, slips, strict=True)]


@transaction.atomic
def account_close(*, person: Person, organization: Organization, by: "User", today: date) -> None:
    _answered_for(person, by, today)
    accounts.account_close(user=person.user, by=by, organization_id=organization.pk)


@transaction.atomic
def account_reopen(*, person: Person, organization: Organization, by: "User", today: date) -> None:
    _answered_for(person, by, today)
    accounts.account_reopen(user=person.user, by=by, organization_id=organization.pk)


def _answered_for(person: Person, by: "User", today: date) -> None:
    permission = permissions(by, [person], today)[person.pk]
    if not permission.may:
        raise RuleBroken(permission.who)
    if person.user is None:
        raise RuleBroken(_("%(name)s has no account.") % {"name": person})


def close_departed(*, today: date) -> int:
    """Close the accounts of people who belonged somewhere, belong nowhere, and left 90 days ago or longer. How many.

    Runs daily and may run twice or late; until then such an account reaches nothing anyway.
    """
    recent = Q(person=OuterRef("person")) & (
        Q(ends_before=None) | Q(ends_before__gt=today - timedelta(days=READ_ONLY_DAYS))
    )
    departed = (
        Account.objects.filter(is_active=True, is_administrator=False)
        .filter(
            Exists(Membership.objects.filter(person=OuterRef("person")))
            | Exists(Post.objects.filter(person=OuterRef("person")))
        )
        .exclude(Exists(Membership.objects.filter(recent)))
        .exclude(Exists(Post.objects.filter(recent)))
        .annotate(place=F("person__organization_id"))
    )
    closed = 0
    while batch := list(departed[:CHUNK]):
        for user in batch:
            accounts.account_close(user=user, by=None, organization_id=user.place, note="departed")
        closed += len(batch)
    return closed
