"""The committee's desk beyond its home page."""

from datetime import date

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.branches import liaisons
from apps.branches.models import Organization
from apps.core.http import HtmxRequest
from apps.reports.desk.coming import coming

PAGE = 50


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
