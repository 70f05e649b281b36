"""The committee's desk beyond its home page."""

from datetime import date

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.branches import liaisons
from apps.branches.models import Organization
from apps.branches.querysets import within_any
from apps.core import paths
from apps.core.http import HtmxRequest
from apps.duties.schedule import span_containing
from apps.reports.desk import participation, quality
from apps.reports.desk.coming import coming

PAGE = 50
MOST_PEOPLE = 20


def staffed(request: HtmxRequest, public_id: str) -> Organization:
    """A committee or general branch for which, or below which, the reader works; else 404."""
    at = Organization.objects.filter(public_id=public_id).exclude(kind=Organization.Kind.BRANCH).first()
    if at is None or not any(at.path.startswith(path) for path in request.user.reach.staff_paths):
        raise Http404
    return at


@require_GET
def coming_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """Everything planned below the committee, by date; a page begins after the last row of the one before."""
    at = staffed(request, organization)
    whose, follows = liaisons.whose(request)
    rows = coming(at.path, request.today, follows)
    day, _dash, pk = request.GET.get("after", "")[:40].partition("_")
    try:
        after = Q(held_on__gt=date.fromisoformat(day)) | Q(held_on=date.fromisoformat(day), pk__gt=int(pk))
    except ValueError:
        after = None
    shown = list((rows.filter(after) if after is not None else rows)[: PAGE + 1])
    url, query = reverse("reports:coming-list", args=[at.public_id]), f"whose={whose}" if whose else ""
    last = shown[PAGE - 1] if len(shown) > PAGE else None
    context = {
        "organization": at, "rows": shown[:PAGE], "whose": whose, "is_mine": whose == "mine", "is_all": whose == "all",
        "first_url": f"{url}?{query}" if after is not None else "",
        "next_url": f"{url}?{query}&after={last.held_on.isoformat()}_{last.pk}" if last else "",
    }  # fmt: skip
    return render(request, "reports/coming_list.html", context)


@require_GET
def quality_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """For the committee's own staff: what is to be put right next below it."""
    at = staffed(request, organization)
    if at.pk not in request.user.reach.staff_of:
        raise Http404
    fault, after = request.GET.get("what", ""), paths.typed(request.GET.get("after", ""))
    fault = fault if fault in quality.Fault.values else ""
    lines, next_after = quality.organizations(at, request.today, fault, after=after, size=PAGE)
    url, query = reverse("reports:quality-list", args=[at.public_id]), f"what={fault}" if fault else ""
    people = not fault and not after  # the lists of people stand on the first page
    doubles = quality.doubles(at, request.today, MOST_PEOPLE + 1) if people else []
    unplaced = quality.unplaced(at, request.today, MOST_PEOPLE + 1) if people else []
    context = {
        "organization": at, "lines": lines, "fault": fault, "faults": quality.Fault.choices, "url": url, "after": after,
        "doubles": doubles[:MOST_PEOPLE], "more_doubles": len(doubles) > MOST_PEOPLE,
        "unplaced": unplaced[:MOST_PEOPLE], "more_unplaced": len(unplaced) > MOST_PEOPLE,
        "first_url": f"{url}?{query}" if after else "",
        "next_url": f"{url}?{query}&after={next_after}" if next_after else "",
    }  # fmt: skip
    return render(request, "reports/quality_list.html", context)


@require_GET
def participation_detail(request: HtmxRequest, organization: str) -> HttpResponse:
    """A branch sees its year by kind; a committee its branches of this quarter, in words."""
    reach = request.user.reach
    scope = Q(pk__in=reach.committee_of) | within_any(reach.staff_paths)
    at = get_object_or_404(Organization.objects.filter(scope), public_id=organization)
    return _own_year(request, at) if at.is_branch else _of_branches(request, at)


def _own_year(request: HtmxRequest, at: Organization) -> HttpResponse:
    first = date(request.today.year, 1, 1)
    context = {
        "organization": at, "rows": participation.by_kind(at.pk, first, request.today), "first": first,
        "total": participation.total(at.pk, first, request.today),
    }  # fmt: skip
    return render(request, "reports/participation_own.html", context)


def _of_branches(request: HtmxRequest, at: Organization) -> HttpResponse:
    whose, follows = liaisons.whose(request)
    after, first = paths.typed(request.GET.get("after", "")), span_containing(request.today, 3).starts_on
    branches = Organization.objects.under(at.path).active(request.today).filter(kind=Organization.Kind.BRANCH)
    if follows is not None:
        branches = branches.filter(pk__in=follows)
    found = list(branches.filter(path__gt=after).order_by("path")[: PAGE + 1])
    shown = found[:PAGE]
    turnouts = participation.by_branch(at.path, [row.pk for row in shown], first, request.today)
    url, query = reverse("reports:participation-detail", args=[at.public_id]), f"whose={whose}" if whose else ""
    context = {
        "organization": at, "rows": [(row, turnouts.get(row.pk)) for row in shown], "first": first,
        "whose": whose, "is_mine": whose == "mine", "is_all": whose == "all",
        "first_url": f"{url}?{query}" if after else "",
        "next_url": f"{url}?{query}&after={shown[-1].path}" if len(found) > PAGE else "",
    }  # fmt: skip
    return render(request, "reports/participation_branches.html", context)
