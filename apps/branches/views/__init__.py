"""Pages about organizations, groups, posts and accounts. Each starts from what the user may see."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from apps.branches.models import Organization
from apps.core.http import HtmxRequest


def visible(request: HtmxRequest, public_id: str) -> Organization:
    """The organization of the address, within reach; else 404."""
    mine = Organization.objects.visible_to(request.user).select_related("parent")
    return get_object_or_404(mine, public_id=public_id)


def refuse_unless(allowed: bool) -> None:
    """Not theirs to do: the address does not exist for them."""
    if not allowed:
        raise Http404
