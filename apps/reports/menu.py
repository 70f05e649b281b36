"""Entries of the menus: the branch's reports, and the queue of the level above."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from apps.core.navigation import NavItem
from apps.duties.menu import place_of

QUEUE = ("review-", "sentence-")


def entries(request: HttpRequest) -> Iterator[NavItem]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    match = request.resolver_match
    name = match.url_name or "" if match and match.app_name == "reports" else ""
    at = match.kwargs.get("organization") if match else None
    own, staff = place_of(request, user.reach.committee_of), place_of(request, user.reach.staff_of)
    in_reports = name.startswith(("report-", "figure-"))
    if own:
        url = reverse("reports:report-list", args=[own.public_id])
        yield NavItem(pgettext("menu", "Reports"), url, "reports", in_reports and at == own.public_id, order=40)
    if staff:
        url = reverse("reports:review-queue", args=[staff.public_id])
        in_queue = name.startswith(QUEUE) or (in_reports and not (own and at == own.public_id))
        yield NavItem(pgettext("menu", "Review"), url, "review", in_queue, order=25)
