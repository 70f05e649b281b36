"""Which level hears a situation report: from the bottom up, the first where nobody is concerned and somebody can receive it."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from apps.branches.models import Organization, Person, Post
from apps.voices.sealing import author_mark, mark_of


def receiving(organization: Organization) -> tuple[Post.Kind, ...]:
    """Of a branch those who lead it, of a level above its staff."""
    return Post.LEADERS if organization.is_branch else (Post.Kind.AFFAIRS_WORKER,)


def route(
    origin: Organization, today: date, *, barred: Collection[str], author: str, above: str = ""
) -> tuple[Organization, list[Person]] | None:
    """One query. A level where anybody with a post is concerned is passed over whole: colleagues would know.

    `above`: only levels above this path; empty: from `origin` itself on. The author, given as mark, is no recipient.
    None: no level is left.
    """
    posts = (
        Post.objects.on(today)
        .filter(Q(organization=origin) | Q(organization__path__in=origin.ancestor_paths))
        .select_related("organization", "person__user")
        .order_by("person_id")
    )
    levels: dict[str, list[Post]] = {}
    for post in posts:
        if not above or len(post.organization.path) < len(above):
            levels.setdefault(post.organization.path, []).append(post)
    for path in sorted(levels, key=len, reverse=True):
        here = levels[path]
        if any(mark_of(post.person_id) in barred for post in here):
            continue
        level = here[0].organization
        people = {
            post.person_id: post.person
            for post in here
            if post.kind in receiving(level) and author_mark(post.person_id) != author and _signs_in(post.person)
        }
        if people:
            return level, list(people.values())
    return None


def _signs_in(person: Person) -> bool:
    return bool(person.user and person.user.is_active)
