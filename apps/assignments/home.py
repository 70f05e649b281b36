"""What assignments put on people's home pages and into the menu."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.assignments import rules, words
from apps.assignments.models import Assignment
from apps.assignments.rules import State
from apps.core.http import HtmxRequest
from apps.core.navigation import NavItem
from apps.core.todo import Section, Todo

MOST = 30


def todos(request: HtmxRequest, place: str) -> Iterable[Todo]:
    """One's own; where one leads, what waits for the leader and what is late. One query; one more for staff."""
    reach = getattr(request.user, "reach", None)
    if reach is None:
        return
    if reach.branches:
        yield from _own_and_led(request, place)
    if reach.staff_of:
        yield from _requests(request, place)


def _own_and_led(request: HtmxRequest, place: str) -> Iterator[Todo]:
    reach, today = request.user.reach, request.today
    led = {
        one.organization_id
        for one in reach.places
        if one.organization_id in reach.leader_of and place in ("", one.public_id)
    }
    waits = Q(given_by_organization__in=led) & (
        Q(state__in=(State.SUBMITTED, State.DECLINED)) | Q(asked_due_on__isnull=False)
    )
    late = Q(organization__in=led, due_on__lt=today)
    scope = Q(assignee=reach.person_id, organization__in=reach.branches) if reach.person_id else Q(pk__in=())
    if led:
        scope |= Q(assignee=None, organization__in=led) | waits | late
    rows = Assignment.objects.open().filter(scope).select_related("organization", "assignee")
    for one in rows.order_by("due_on", "pk")[:MOST]:
        is_mine = rules.is_assignee(request.user, one)
        gives = one.given_by_organization_id in led
        decide = gives and (one.state in (State.SUBMITTED, State.DECLINED) or one.asked_due_on is not None)
        yield Todo(
            Section.MINE if decide or (is_mine and one.state in rules.AT_WORK) else Section.OTHERS, one.title,
            reverse("assignments:assignment-detail", args=[one.organization.public_id, one.public_id]),
            due_on=one.due_on, when=words.due(one, today), domain="assignment", status=one.state,
            detail=_detail(one, is_mine=is_mine),
        )  # fmt: skip


def _detail(one: Assignment, *, is_mine: bool) -> str:
    said = [] if is_mine else [words.whose(one)]
    if one.asked_due_on and one.state in rules.AT_WORK:
        said.append(_("asks for a later day"))
    return " · ".join(said)


def _requests(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """A row a request in which branches wait for the committee."""
    reach = request.user.reach
    tops = [
        one.organization_id
        for one in reach.places
        if one.organization_id in reach.staff_of and place in ("", one.public_id)
    ]
    if not tops:
        return
    rows = Assignment.objects.waiting_for_giver().filter(given_by_organization__in=tops, batch__isnull=False)
    counted = rows.values("batch__public_id", "batch__title", "batch__organization__public_id").annotate(
        count=Count("pk"), due_on=Min("due_on")
    )
    for row in counted.order_by("due_on", "batch__public_id")[:MOST]:
        waits = ngettext("%(count)d branch waits for an answer", "%(count)d branches wait for an answer", row["count"])
        yield Todo(
            Section.MINE, row["batch__title"],
            reverse("assignments:request-detail", args=[row["batch__organization__public_id"], row["batch__public_id"]]),
            due_on=row["due_on"], detail=waits % {"count": row["count"]}, domain="assignment", status=State.SUBMITTED,
        )  # fmt: skip


def navigation(request: HttpRequest) -> Iterable[NavItem]:
    reach = getattr(getattr(request, "user", None), "reach", None)
    if reach is None or not (reach.branches or reach.staff_of):
        return
    parts = request.path.split("/")
    here = parts[2] if len(parts) > 2 and parts[1] == "b" else ""
    is_here = "/assignments/" in request.path or "/requests/" in request.path
    kept = [one for one in reach.places if one.organization_id in reach.committee_of]
    staffed = [one for one in reach.places if one.organization_id in reach.staff_of]
    own = next((one for one in kept if one.public_id == here), kept[0] if kept else None)
    above = next((one for one in staffed if one.public_id == here), staffed[0] if staffed else None)
    if reach.branches:
        url = (
            reverse("assignments:assignment-list", args=[own.public_id])
            if own
            else reverse("assignments:assignment-mine")
        )
        active = is_here and not (above and above.public_id == here)
        yield NavItem(gettext_lazy("Assignments"), url, "tasks", active, order=40)
    if above:
        url = reverse("assignments:request-list", args=[above.public_id])
        active = is_here and (above.public_id == here or not reach.branches)
        yield NavItem(gettext_lazy("Requests to branches"), url, "tasks", active, order=45)
