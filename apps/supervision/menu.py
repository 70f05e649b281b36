"""Entries of the menus."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.navigation import NavItem
from apps.duties.menu import place_of


def entries(request: HttpRequest) -> Iterable[NavItem]:
    """The ledger for those who keep it and for staff."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    reach, match = user.reach, request.resolver_match
    here = place_of(request, reach.staff_of | reach.committee_of)
    if here is None:
        return
    name = match.view_name if match and match.app_name == "supervision" else ""
    ledger = reverse("supervision:rectification-list", args=[here.public_id])
    yield NavItem(
        _("Rectification"),
        ledger,
        "rectification",
        name.startswith(("supervision:rect", "supervision:proof")),
        order=60,
    )
