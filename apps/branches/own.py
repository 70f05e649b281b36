"""The branches one leads, for everything on a page that asks: read once a request."""

from apps.branches import notes
from apps.branches.models import Organization
from apps.core.http import HtmxRequest


def led(request: HtmxRequest) -> list[Organization]:
    """Not dissolved, in the order of the tree, with their facts (`notes.facts_in`); no query for those who lead none."""
    known: list[Organization] | None = getattr(request, "_led_branches", None)
    if known is None:
        ids = request.user.reach.leader_of
        rows = Organization.objects.filter(pk__in=ids).active(request.today).order_by("path")
        known = list(notes.with_facts(rows, request.today)) if ids else []
        request._led_branches = known  # type: ignore[attr-defined]
    return known
