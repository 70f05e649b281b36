"""Entries of the menus."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from apps.core.http import HtmxRequest
from apps.core.navigation import MenuLink, NavItem
from apps.core.related import FIELD, Thing
from apps.duties.menu import place_of


def entries(request: HttpRequest) -> Iterable[NavItem]:
    """Ledger and visits, for those who keep them and for staff."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return
    reach, match = user.reach, request.resolver_match
    here = place_of(request, reach.staff_of | reach.committee_of)
    if here is None:
        return
    name = match.view_name.removeprefix("supervision:") if match and match.app_name == "supervision" else ""
    ledger = reverse("supervision:rectification-list", args=[here.public_id])
    visits = reverse("supervision:visit-list", args=[here.public_id])
    yield NavItem(_("Rectification"), ledger, "rectification", name.startswith(("rect", "proof")), order=60)
    label = pgettext("supervision", "Visits")
    yield NavItem(
        label,
        visits,
        "supervision",
        name.startswith("visit"),
        order=62,
        extra=here.organization_id not in reach.staff_of,
    )


def rectify(request: HtmxRequest, thing: Thing) -> Iterator[MenuLink]:
    """Of whatever is no row of the ledger yet, for those who may enter one: the problem is typed anew, nothing is copied."""
    reach, at = request.user.reach, thing.organization
    if thing.kind in ("rectification", "visit") or not at.is_branch:
        return
    if at.pk in reach.committee_of or any(at.path.startswith(path) for path in reach.staff_paths):
        url = reverse("supervision:rectification-add", args=[at.public_id])
        yield MenuLink(pgettext("related", "Turn into rectification"), f"{url}?{FIELD}={thing.key}", "rectification")
