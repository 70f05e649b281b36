"""Boxes of the committee's home page."""

from collections.abc import Iterator

from django.urls import reverse

from apps.branches import liaisons
from apps.core.home import Panel
from apps.core.http import HtmxRequest
from apps.reports.desk.coming import WEEK, coming
from apps.reports.desk.progress import of_quarter

MOST = 20


def panels(request: HtmxRequest, place: str) -> Iterator[Panel]:
    """For staff of the place alone. One query a box."""
    here = next((one for one in request.user.reach.places if one.public_id == place), None)
    if here is None or here.organization_id not in request.user.reach.staff_of:
        return
    whose, follows = liaisons.whose(request)
    query = f"?whose={whose}" if whose else ""
    rows = list(coming(here.path, request.today, follows).filter(held_on__lt=request.today + WEEK)[: MOST + 1])
    url = reverse("reports:coming-list", args=[place]) + query
    context = {"rows": rows[:MOST], "more": len(rows) > MOST, "url": url, "today": request.today}
    yield Panel("reports/_coming_panel.html", context, order=45)
    found, more = of_quarter(here.path, request.today, follows, MOST)
    url = reverse("duties:subtree-list", args=[place]) + query
    yield Panel("reports/_progress_panel.html", {"rows": found, "more": more, "url": url}, order=60)
