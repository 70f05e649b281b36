"""Entries of the menus."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.branches.reach import Place
from apps.core.navigation import NavItem


def place_of(request: HttpRequest, ids: frozenset[int]) -> Place | None:
    """Of the organizations in `ids`, the one the page is about, else the first."""
    match = request.resolver_match
    here = match.kwargs.get("organization") if match else None
    mine = [place for place in request.user.reach.places if place.organization_id in ids]
    return next((place for place in mine if place.public_id == here), mine[0] if mine else None)


def entries(request: HttpRequest) -> Iterable[NavItem]:
    """The board for those who keep it and for group leaders; the branches below for staff."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    reach = user.reach
    match = request.resolver_match
    is_here = bool(match and match.app_name == "duties")
    own = place_of(request, reach.committee_of or (reach.member_of if reach.leads_groups else frozenset()))
    staff = place_of(request, reach.staff_of)
    at = match.kwargs.get("organization") if match else None
    if own:
        url = reverse("duties:board-detail", args=[own.public_id])
        yield NavItem(_("Duties"), url, "duties", is_here and at == own.public_id, order=20)
    if staff:
        url = reverse("duties:subtree-list", args=[staff.public_id])
        active = is_here and not (own and at == own.public_id)
        yield NavItem(_("Branch duties"), url, "branches", active, order=30)
