"""What a new branch's secretary does first: the roster, then the committee."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.branches import notes, own
from apps.core.http import HtmxRequest
from apps.core.todo import Section, Todo


def first_steps(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Each row is gone as soon as the records are there; no query beside that for the branches one leads."""
    for branch in own.led(request):
        if not branch.is_branch or place not in ("", branch.public_id):
            continue
        known = notes.facts_in(branch)
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
