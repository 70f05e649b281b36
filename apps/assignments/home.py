"""What assignments put on people's home pages and into the menu."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.assignments import rules, words
from apps.assignments.models import Assignment
from apps.core.http import HtmxRequest
from apps.core.navigation import NavItem
from apps.core.todo import Section, Todo


def todos(request: HtmxRequest, place: str) -> Iterable[Todo]:
    """A member's own, in one query. A leader's home page has no query left; theirs stand under the menu's entry."""
    reach = getattr(request.user, "reach", None)
    if reach is None or not reach.branches or reach.leader_of:
        return
    rows = Assignment.objects.mine(request.user).open().select_related("organization")
    for one in rows.order_by("due_on", "pk")[:30]:
        yield Todo(
            Section.MINE if one.state in rules.AT_WORK else Section.OTHERS, one.title,
            reverse("assignments:assignment-detail", args=[one.organization.public_id, one.public_id]),
            due_on=one.due_on, when=words.due(one, request.today), domain="assignment", status=one.state,
        )  # fmt: skip


def navigation(request: HttpRequest) -> Iterable[NavItem]:
    reach = getattr(getattr(request, "user", None), "reach", None)
    if reach is None or not reach.branches:
        return
    parts = request.path.split("/")
    here = parts[2] if len(parts) > 2 and parts[1] == "b" else ""
    kept = [one for one in reach.places if one.organization_id in reach.committee_of]
    own = next((one for one in kept if one.public_id == here), kept[0] if kept else None)
    url = (
        reverse("assignments:assignment-list", args=[own.public_id]) if own else reverse("assignments:assignment-mine")
    )
    yield NavItem(_("Assignments"), url, "tasks", "/assignments/" in request.path, order=40)
