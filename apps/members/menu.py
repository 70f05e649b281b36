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
    """The roster for those who keep it and for group leaders; their own record for everybody on a roster."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    reach = user.reach
    match = request.resolver_match
    is_here = bool(match and match.app_name == "members")
    keeps = place_of(request, reach.committee_of or (reach.member_of if reach.leads_groups else frozenset()))
    mine = place_of(request, reach.member_of)
    own = reverse("members:person-own") if mine else ""
    on_own = is_here and match.url_name == "person-own"
    if keeps:
        url = reverse("members:roster-list", args=[keeps.public_id])
        yield NavItem(_("Members"), url, "members", is_here and not on_own, order=50)
    if own:
        yield NavItem(_("My record"), own, "user", on_own, order=60, extra=bool(keeps))


def search_of(request: HttpRequest) -> str | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.reach.committee_of:
        return None
    place = place_of(request, user.reach.committee_of)
    return reverse("members:roster-list", args=[place.public_id]) if place else None
