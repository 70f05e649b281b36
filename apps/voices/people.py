"""Who can be asked to handle what, and whom a voice may be about: people with posts here and in the line above."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from apps.branches.models import Organization, Person, Post

if TYPE_CHECKING:
    from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """`everyone` with a post here or above; `handlers`: who can be given a matter; `committee`: of these, who is of here."""

    everyone: list[Person]
    handlers: list[Person]
    committee: list[Person]


def receives(post: Post, organization: Organization) -> bool:
    """Of a branch its committee, of a level above its staff."""
    if post.organization_id != organization.pk:
        return False
    if organization.is_branch:
        return post.kind in (*Post.COMMITTEE, Post.Kind.ACTING_SECRETARY)
    return post.kind == Post.Kind.AFFAIRS_WORKER


def line_of(organization: Organization, today: date) -> Line:
    """One query. A handler receives here or is staff of the nearest level above, and can sign in: without an account the
    reminder would find nobody.
    """
    posts = list(
        Post.objects.on(today)
        .filter(Q(organization=organization) | Q(organization__path__in=organization.ancestor_paths))
        .select_related("person__user", "organization")
        .order_by("person__stroke_key", "person_id")
    )
    staffed = [
        post.organization.path
        for post in posts
        if post.kind == Post.Kind.AFFAIRS_WORKER and post.organization_id != organization.pk
    ]
    nearest = max(staffed, key=len, default="")
    everyone = {post.person_id: post.person for post in posts}
    handlers = {
        post.person_id: post.person
        for post in posts
        if (post.person.user and post.person.user.is_active)
        and (
            receives(post, organization)
            or (post.kind == Post.Kind.AFFAIRS_WORKER and post.organization.path == nearest)
        )
    }
    here = {post.person_id for post in posts if receives(post, organization)}
    return Line(list(everyone.values()), list(handlers.values()), [one for key, one in handlers.items() if key in here])


def may_receive(user: "User", organization: Organization) -> bool:
    """Registers and publishes days here: the branch committee, or the staff of a level above for that level itself."""
    reach = user.reach
    return organization.pk in (reach.committee_of if organization.is_branch else reach.staff_of)
