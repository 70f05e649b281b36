"""Entries of the menus."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from apps.core.navigation import NavItem


def entries(request: HttpRequest) -> Iterator[NavItem]:
    """For members of a branch and whoever works above; the administrator hears nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    reach, match = user.reach, request.resolver_match
    ids = reach.branches | reach.staff_of
    mine = [one for one in reach.places if one.organization_id in ids]
    named = (match.kwargs.get("organization") or match.kwargs.get("place")) if match else None
    here = next((one for one in mine if one.public_id == named), mine[0] if mine else None)
    if here:
        url = reverse("voices:day-list", args=[here.public_id])
        yield NavItem(
            pgettext_lazy("menu", "Voices"),
            url,
            "voices",
            bool(match and match.app_name == "voices"),
            order=70,
            extra=True,
        )
