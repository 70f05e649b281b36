"""What a new branch's secretary does first: the roster, then the committee."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.branches import notes
from apps.branches.menus import led_branches
from apps.core.http import HtmxRequest
from apps.core.todo import Section, Todo


def first_steps(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Each row is gone as soon as the records are there. No query of its own."""
    for branch, known in led_branches(request):
        if not branch.is_branch or place not in ("", branch.public_id):
            continue
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
