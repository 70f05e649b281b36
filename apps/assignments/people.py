"""Who can be given something in a branch."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.branches.models import Membership, Organization, Person, Post


def assignable(organization: "Organization | int", today: date) -> QuerySet[Person]:
    """Members of the branch, hosted ones too, and who holds a post in it; by surname strokes."""
    here = {"person": OuterRef("pk"), "organization": organization}
    member = Exists(Membership.objects.on(today).filter(**here))
    holder = Exists(Post.objects.on(today).filter(**here).exclude(kind=Post.Kind.AFFAIRS_WORKER))
    return Person.objects.filter(Q(member) | Q(holder)).order_by("stroke_key", "pk")


def belonging(organization_id: int, people: Collection[int], today: date) -> set[int]:
    """Of these, who is in the branch today. One query, none for nobody."""
    if not people:
        return set()
    return set(assignable(organization_id, today).filter(pk__in=people).values_list("pk", flat=True))
