"""The first lines of every view: the branch within the caller's reach, or 404, and what was sent."""

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from apps.branches.models import Organization
from apps.core.http import HtmxRequest
from apps.members.rules import Sight, branches_with_sight, sight_of


def branch_of(request: HtmxRequest, public_id: str, least: Sight) -> tuple[Organization, Sight]:
    """The branch and how much of its people the user sees: at least `least`."""
    branch = get_object_or_404(branches_with_sight(request.user, request.today), public_id=public_id)
    sight = sight_of(request.user, branch)
    if sight < least:
        raise Http404
    return branch, sight


def sent(request: HtmxRequest) -> QueryDict | None:
    """For a form: an empty POST is an empty form too, not a page just opened."""
    return request.POST if request.method == "POST" else None
