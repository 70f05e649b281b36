"""The way to the hand-over from the page of a branch."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.core.http import HtmxRequest
from apps.core.navigation import MenuLink


def handover(request: HtmxRequest, organization: Organization, is_nearest: bool) -> Iterator[MenuLink]:
    """For the branch's leaders and the nearest staff."""
    if organization.is_branch and (is_nearest or organization.pk in request.user.reach.leader_of):
        yield MenuLink(_("Hand-over"), reverse("reports:handover-pack", args=[organization.public_id]), "paper")
