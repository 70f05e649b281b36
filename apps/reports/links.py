"""What the page of an organization leads to."""

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


def participation(request: HtmxRequest, organization: Organization, is_nearest: bool) -> Iterator[MenuLink]:
    """For the branch committee and the staff of any level above."""
    reach = request.user.reach
    if organization.pk in reach.committee_of or any(organization.path.startswith(path) for path in reach.staff_paths):
        url = reverse("reports:participation-detail", args=[organization.public_id])
        yield MenuLink(_("Attendance at meetings"), url, "members")
