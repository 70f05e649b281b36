"""What a new branch's secretary does first: the roster, then the committee."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.branches import notes
from apps.branches.models import Organization
from apps.core.http import HtmxRequest
from apps.core.todo import Section, Todo


def first_steps(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Each row is gone as soon as the records are there; two queries, and none for those who lead no branch."""
    led = [
        each.organization_id
        for each in request.user.reach.places
        if each.organization_id in request.user.reach.leader_of and place in ("", each.public_id)
    ]
    if not led:
        return
    branches = list(Organization.objects.filter(pk__in=led, kind=Organization.Kind.BRANCH).active(request.today))
    facts = notes.facts_of(branches, request.today)
    for branch in branches:
        known = facts[branch.pk]
        if known.is_new:
            yield Todo(
                section=Section.MINE,
                title=_("No members yet: import the roster"),
                url=reverse("members:import-start", args=[branch.public_id]),
                detail=branch.name,
            )
        elif known.full_members >= notes.COMMITTEE_FROM and not known.has_committee:
            yield Todo(
                section=Section.MINE,
                title=_("No committee members entered yet"),
                url=reverse("branches:post-create", args=[branch.public_id]),
                detail=notes.article(20),
            )
