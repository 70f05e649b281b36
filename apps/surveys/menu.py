"""Entries of the menus."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from apps.core.navigation import NavItem
from apps.duties.menu import place_of


def entries(request: HttpRequest) -> Iterator[NavItem]:
    """For the committee its surveys; members come from their home page, and find here what was replied."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    match = request.resolver_match
    is_here = bool(match and match.app_name == "surveys")
    own = place_of(request, user.reach.committee_of)
    if own:
        url = reverse("surveys:survey-list", args=[own.public_id])
        yield NavItem(pgettext("menu", "Surveys"), url, "voices", is_here, order=60, extra=True)
    elif user.reach.member_of:
        yield NavItem(
            pgettext("menu", "Surveys"), reverse("surveys:survey-own"), "voices", is_here, order=60, extra=True
        )
