"""What assignments put on people's home pages and into the menu."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, Subquery, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.assignments import rules, words
from apps.assignments.models import Assignment, Batch
from apps.assignments.rules import State
from apps.branches.models import Person
from apps.core.http import HtmxRequest
from apps.core.navigation import MenuLink, NavItem
from apps.core.related import FIELD, Thing
from apps.core.todo import Question, Section, Todo
from apps.core.together import Row, Set

MOST = 30
FIELDS = {name: name for name in ("public_id", "title", "state", "asked_due_on", "organization_id", "assignee_id")} | {
    "place": "organization__public_id", "name": "assignee__name",
}  # fmt: skip


def _own_and_led(request: HtmxRequest, place: str) -> Iterator[Set]:
    """One's own; where one leads, what waits for the leader and what is late."""
    reach, today = request.user.reach, request.today
    if not reach.branches:
        return
    led = _at(request, reach.leader_of, place)
    waits = Q(given_by_organization__in=led) & (
        Q(state__in=(State.SUBMITTED, State.DECLINED)) | Q(asked_due_on__isnull=False)
    )
    late = Q(organization__in=led, due_on__lt=today)
    scope = Q(assignee=reach.person_id, organization__in=reach.branches) if reach.person_id else Q(pk__in=())
    if led:
        scope |= Q(assignee=None, organization__in=led) | waits | late
    gives = Case(When(given_by_organization__in=led, then=Value(True)), default=Value(False))
    yield Set(Assignment.objects.open().filter(scope), values=FIELDS | {"gives": gives}, most=MOST)


def _at(request: HtmxRequest, among: Collection[int], place: str) -> list[int]:
    """Of these organizations, those the page is about."""
    places = request.user.reach.places
    return [one.organization_id for one in places if one.organization_id in among and place in ("", one.public_id)]


def _assignment(request: HtmxRequest, row: Row) -> Todo:
    said = dict(row.values)
    gives, place, name = said.pop("gives"), said.pop("place"), said.pop("name")
    one = Assignment(due_on=row.due_on, **said)
    one.assignee = Person(pk=one.assignee_id, name=name) if one.assignee_id else None
    is_mine = rules.is_assignee(request.user, one)
    decide = gives and (one.state in (State.SUBMITTED, State.DECLINED) or one.asked_due_on is not None)
    return Todo(
        Section.MINE if decide or (is_mine and one.state in rules.AT_WORK) else Section.OTHERS, one.title,
        reverse("assignments:assignment-detail", args=[place, one.public_id]), due_on=one.due_on,
        when=words.due(one, request.today), domain="assignment", status=one.state, detail=_detail(one, is_mine=is_mine),
    )  # fmt: skip


def _detail(one: Assignment, *, is_mine: bool) -> str:
    said = [] if is_mine else [words.whose(one)]
    if one.asked_due_on and one.state in rules.AT_WORK:
        said.append(_("asks for a later day"))
    return " · ".join(said)


def _asked_of_branches(request: HtmxRequest, place: str) -> Iterator[Set]:
    """A row a request in which branches wait for the committee."""
    tops = _at(request, request.user.reach.staff_of, place)
    if tops:
        waiting = Assignment.objects.waiting_for_giver().filter(given_by_organization__in=tops, batch=OuterRef("pk"))
        counted = waiting.order_by().values("batch").annotate(count=Count("pk"), first=Min("due_on"))
        rows = Batch.objects.filter(Exists(waiting)).annotate(
            count=Subquery(counted.values("count")), first=Subquery(counted.values("first"))
        )
        values = {"key": "public_id", "place": "organization__public_id", "title": "title", "count": "count"}
        yield Set(rows, due_on="first", values=values, most=MOST)


def _request(request: HtmxRequest, row: Row) -> Todo:
    said = row.values
    waits = ngettext("%(count)d branch waits for an answer", "%(count)d branches wait for an answer", said["count"])
    return Todo(
        Section.MINE, said["title"], reverse("assignments:request-detail", args=[said["place"], said["key"]]),
        due_on=row.due_on, detail=waits % {"count": said["count"]}, domain="assignment", status=State.SUBMITTED,
    )  # fmt: skip


QUESTIONS = {
    "assignment": Question(_own_and_led, _assignment),
    "request": Question(_asked_of_branches, _request),
}


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


def give(request: HtmxRequest, thing: Thing) -> Iterator[MenuLink]:
    """Of anything but an assignment, for those who lead the branch: what is to be done is typed anew, nothing is copied."""
    if thing.kind != "assignment" and thing.organization.pk in request.user.reach.leader_of:
        url = reverse("assignments:assignment-new", args=[thing.organization.public_id])
        yield MenuLink(pgettext("related", "Make it an assignment"), f"{url}?{FIELD}={thing.key}", "tasks")
