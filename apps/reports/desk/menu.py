"""Entries of the staff's menu."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.navigation import NavItem
from apps.duties.menu import place_of


def entries(request: HttpRequest) -> Iterator[NavItem]:
    user = request.user
    staff = place_of(request, user.reach.staff_of) if user.is_authenticated else None
    if staff:
        match = request.resolver_match
        active = bool(match) and match.view_name == "reports:quality-list"
        url = reverse("reports:quality-list", args=[staff.public_id])
        yield NavItem(_("To put right"), url, "box-check", active, order=92, extra=True)
