"""Pages about voices. Members see what is public in their branch; counts are for the committee and the line above."""

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from apps.branches.models import Organization
from apps.branches.querysets import within_any
from apps.core.http import HtmxRequest
from apps.voices.people import may_receive


def place(request: HtmxRequest, public_id: str, *, members: bool = False) -> Organization:
    """Where the reader sits on the committee or works above, with `members` also where he or she belongs; else 404.

    The administrator has no content to see here.
    """
    reach = request.user.reach
    scope = Q(pk__in=reach.committee_of | (reach.member_of if members else frozenset()))
    return get_object_or_404(Organization.objects.filter(scope | within_any(reach.staff_paths)), public_id=public_id)


def counts_here(request: HtmxRequest, organization: Organization) -> bool:
    """May see how many voices there are: the committee, and the line above."""
    reach = request.user.reach
    return organization.pk in reach.committee_of or any(
        organization.path.startswith(path) for path in reach.staff_paths
    )


def around(request: HtmxRequest, organization: Organization, here: str) -> dict[str, Any]:
    """What every page of an organization's voices needs."""
    return {
        "organization": organization,
        "is_days": here == "days",
        "is_matters": here == "matters",
        "is_reports": here == "reports",
        "is_box": here == "box",
        "is_help": here == "help",
        "is_changed": here == "changed",
        "may_help": organization.is_branch and organization.pk in request.user.reach.committee_of,
        "is_branch": organization.is_branch,
        "may_receive": may_receive(request.user, organization),
        "may_count": counts_here(request, organization),
        "is_member": organization.pk in request.user.reach.branches,
    }
