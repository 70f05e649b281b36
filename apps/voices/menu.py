"""Entries of the menus."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext, pgettext_lazy

from apps.core.http import HtmxRequest
from apps.core.navigation import MenuLink, NavItem
from apps.core.related import FIELD, Thing


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


def upward(request: HtmxRequest, thing: Thing) -> Iterator[MenuLink]:
    """Of what the branch cannot settle itself, for its committee."""
    if thing.kind not in ("situation", "visit", "help") and thing.organization.pk in request.user.reach.committee_of:
        url = reverse("voices:report-add", args=[thing.organization.public_id])
        yield MenuLink(pgettext("related", "Report upward"), f"{url}?{FIELD}={thing.key}", "voices")
