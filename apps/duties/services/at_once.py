"""What a branch owes is laid out right after it, its committee or a group is entered, not by the next tick.

The tick heals what is missed here.
"""

import threading

from django.db import transaction

from apps.branches.models import Organization
from apps.core import clock
from apps.duties.services.laying_out import lay_out_again


class _Waiting(threading.local):
    """Branches changed in the running transaction. What was rolled back may stay: laying out again changes nothing."""

    def __init__(self) -> None:
        self.organizations: set[int] = set()


_waiting = _Waiting()


def changed(organization: int) -> None:
    """Listener of structure: a hundred changes in one transaction are laid out once."""
    _waiting.organizations.add(organization)
    transaction.on_commit(_lay_out_waiting, robust=True)


def _lay_out_waiting() -> None:
    touched, _waiting.organizations = _waiting.organizations, set()
    if not touched:
        return
    branches = Organization.objects.filter(pk__in=touched, kind=Organization.Kind.BRANCH)
    if ids := sorted(branches.values_list("pk", flat=True)):
        lay_out_again(ids, today=clock.today())
