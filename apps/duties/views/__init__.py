"""Pages about duties. Each starts from the organizations whose duties the reader may see."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse

from apps.branches.models import Organization
from apps.branches.querysets import within_any
from apps.core.http import HtmxRequest
from apps.duties.models import DutyPeriod

LEGEND = (
    "done", "held_late", "recorded_late", "in_progress", "due_soon", "overdue", "not_due", "waived", "explained",
    "not_applicable",
)  # fmt: skip


def place(request: HtmxRequest, public_id: str) -> Organization:
    """Where the reader sits on the committee, leads a group, or works above; else 404. Members and the administrator do not
    look at duties.
    """
    reach = request.user.reach
    scope = Q(pk__in=reach.committee_of) | within_any(reach.staff_paths)
    if reach.leads_groups:
        scope |= Q(groups__in=reach.leads_groups)
    return get_object_or_404(Organization.objects.filter(scope).distinct(), public_id=public_id)


def groups_only(request: HtmxRequest, organization: Organization) -> frozenset[int] | None:
    """The groups a group leader's board is about; None where the whole branch is in reach."""
    reach = request.user.reach
    whole = organization.pk in reach.committee_of or any(
        organization.path.startswith(path) for path in reach.staff_paths
    )
    return None if whole else reach.leads_groups


def period_of(request: HtmxRequest, public_id: str, pk: int) -> DutyPeriod:
    """A period in reach, with what its page needs."""
    rows = DutyPeriod.objects.visible_to(request.user).select_related("rule__set_by", "organization", "group")
    return get_object_or_404(rows, organization__public_id=public_id, pk=pk)


def board_url(period: DutyPeriod) -> str:
    """The month of the board in which the period ends."""
    url = reverse("duties:board-detail", args=[period.organization.public_id])
    return f"{url}?year={period.due_on.year}&month={period.due_on.month}"
