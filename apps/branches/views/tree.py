"""The tree, a level at a time."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from apps.branches import notes, rules
from apps.branches.models import Organization, Post
from apps.branches.views import refuse_unless, visible
from apps.core.http import HtmxRequest

PAGE = 50


def _rows(organizations: QuerySet, request: HtmxRequest, after: str) -> tuple[list[Organization], str]:
    """A page in tree order with what each row shows, and where the next page begins. Two queries."""
    secretary = Post.objects.on(request.today).filter(organization=OuterRef("pk"), kind=Post.Kind.SECRETARY)
    rows = list(
        organizations.filter(path__gt=after)
        .annotate(
            has_children=Exists(Organization.objects.filter(parent=OuterRef("pk"))),
            secretary=Subquery(secretary.values("person__name")[:1]),
        )
        .order_by("path")[: PAGE + 1]
    )
    more = rows[PAGE - 1].path if len(rows) > PAGE else ""
    facts = notes.facts_of(rows[:PAGE], request.today)
    for row in rows[:PAGE]:
        gone = row.dissolved_on is not None and row.dissolved_on <= request.today
        row.notes = [] if gone else notes.notes_of(row, facts.get(row.pk), request.today)
    return rows[:PAGE], more


def _open(tops: list[Organization], request: HtmxRequest) -> None:
    """What stands directly below the top rows, as `below`, where all of it fits on one page."""
    by_id = {row.pk: row for row in tops}
    children, more = _rows(Organization.objects.filter(parent__in=by_id), request, "")
    if more or any(child.pk in by_id for child in children):  # staff of two levels: nothing stands on the page twice
        return
    for row in tops:
        row.below = [child for child in children if child.parent_id == row.pk]


@require_GET
def organization_list(request: HtmxRequest) -> HttpResponse:
    """Top: the whole tree for the administrator, their committees for staff. `under`: one level below. `q`: by name."""
    reach = request.user.reach
    refuse_unless(reach.is_administrator or bool(reach.staff_of))
    query, under, after = (request.GET.get(name, "").strip() for name in ("q", "under", "after"))
    mine = Organization.objects.visible_to(request.user)
    at, above = None, Organization.objects.none()
    if query:
        rows = mine.filter(name__contains=query[:80]).select_related("parent")
    elif under:
        at = visible(request, under)
        refuse_unless(reach.is_administrator or any(at.path.startswith(path) for path in reach.staff_paths))
        above = mine.ancestors_of(at)
        rows = Organization.objects.filter(parent=at)
    elif reach.is_administrator:
        rows = Organization.objects.filter(parent=None)
    else:
        rows = Organization.objects.filter(pk__in=reach.staff_of)
    found, more = _rows(rows, request, after[:40])
    if not (query or under or after or more):
        _open(found, request)
    context = {"rows": found, "more": more, "query": query, "at": at, "today": request.today}
    if request.htmx and request.headers.get("HX-Target", "").startswith(("below-", "more-")):
        response = render(request, "branches/_tree_rows.html", context)
    else:
        context |= {"above": above if at else [], "may_create": rules.can_set_up(request.user, at)}
        response = render(request, "branches/organization_list.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
