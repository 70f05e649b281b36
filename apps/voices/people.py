"""Who can be asked to handle what, and whom a voice may be about: people with posts here and in the line above."""

from datetime import date

from django.db.models import Q

from apps.branches.models import Organization, Person, Post
from apps.branches.rules import reviewer_of


def receiving_posts(organization: Organization, today: date) -> Q:
    """Of a branch its committee, of a level above its staff."""
    if organization.is_branch:
        return Q(organization=organization, kind__in=(*Post.COMMITTEE, Post.Kind.ACTING_SECRETARY))
    return Q(organization=organization, kind=Post.Kind.AFFAIRS_WORKER)


def handlers(organization: Organization, today: date) -> list[Person]:
    """Who holds a receiving post here or is staff of the nearest level above, and can sign in: without an account the line
    would land on somebody else's list.
    """
    posts = receiving_posts(organization, today)
    if nearest := reviewer_of(organization, today):
        posts |= Q(organization=nearest, kind=Post.Kind.AFFAIRS_WORKER)
    held = Post.objects.on(today).filter(posts).values("person")
    return list(Person.objects.filter(pk__in=held, user__is_active=True).order_by("stroke_key", "pk"))


def of_the_line(organization: Organization, today: date) -> list[Person]:
    """Whom it may concern: everyone with a post here or above."""
    held = Post.objects.on(today).filter(
        Q(organization=organization) | Q(organization__path__in=organization.ancestor_paths)
    )
    return list(Person.objects.filter(pk__in=held.values("person")).order_by("stroke_key", "pk"))


def may_receive(user: object, organization: Organization) -> bool:
    """Registers and publishes days here: the branch committee, or the staff of a level above for that level itself."""
    reach = user.reach  # type: ignore[attr-defined]
    return organization.pk in (reach.committee_of if organization.is_branch else reach.staff_of)
