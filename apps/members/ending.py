"""Why a membership in a branch ended. Stored as "code" or "code:where to"; anything else is shown as written."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    TRANSFERRED = "transferred", _("Transferred to another branch")
    DIED = "died", _("Died")
    WITHDREW = "withdrew", _("Left the Party")
    REMOVED = "removed", _("Removed from the roll")
    EXPELLED = "expelled", _("Expelled")
    NOT_CONFIRMED = "not_confirmed", _("Probationary membership ended")
    HOSTING_ENDED = "hosting_ended", _("No longer takes part here")
    OTHER = "other", _("Other")


def compose(reason: str, note: str) -> str:
    return f"{reason}:{note}" if note else reason


def words(stored: str) -> str:
    code, __, note = stored.partition(":")
    if code not in Reason.values:
        return stored
    label = str(Reason(code).label)
    if note and code == Reason.OTHER:
        return note
    return f"{label} · {note}" if note else label
