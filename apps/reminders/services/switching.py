"""Whether messages may leave the house. A restored system is held: the one it was copied from may still be sending."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from apps.core.models import audit
from apps.reminders.models import Delivery, OutsideSwitch

if TYPE_CHECKING:
    from apps.accounts.models import User


def is_held() -> bool:
    return OutsideSwitch.objects.filter(is_held=True).exists()


@transaction.atomic
def hold(*, reason: str = "restore") -> None:
    """From now on nothing leaves. In-app goes on."""
    values = {"is_held": True, "held_at": Now(), "reason": reason, "released_at": None, "released_by": None}
    OutsideSwitch.objects.update_or_create(pk=1, defaults=values)


@transaction.atomic
def release(*, by: "User | None") -> int:
    """Messages leave again; those that were under way stay in the house for good. Returns how many those are.

    They may have gone out before the copy was made, and what is still owed comes with the next digest anyway.
    """
    OutsideSwitch.objects.select_for_update().filter(pk=1)
    if not OutsideSwitch.objects.filter(pk=1, is_held=True).update(is_held=False, released_at=Now(), released_by=by):
        return 0
    kept = Delivery.objects.under_way().update(state=Delivery.State.HELD, ended_at=Now(), lease_until=None)
    if by:
        audit(by=by, action="outside_release", subject=OutsideSwitch(pk=1), note=f"{kept}")
    return kept
