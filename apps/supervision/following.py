"""Rows carry a copy of their branch's path: where a subtree moves, they follow in the same transaction."""

from django.db.models import F, OuterRef, Subquery

from apps.branches.models import Organization
from apps.supervision.models import Rectification


def follow(old: str, new: str) -> None:
    """Listener of moves; by organization, not by the old path, which may belong to somebody else by now."""
    path = Organization.objects.filter(pk=OuterRef("organization_id")).values("path")
    elsewhere = Rectification.objects.filter(organization__path__within=new).exclude(path=F("organization__path"))
    Rectification.objects.filter(pk__in=elsewhere.values("pk")).update(path=Subquery(path))
