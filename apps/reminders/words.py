"""Why a reminder comes on its day, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.core.ladder import OVERDUE, REPEAT


def why_now(step: str) -> str:
    """“2 days before it is due”; nothing for a step that needs no words."""
    if step.startswith("due-") and step[4:].isdigit():
        days = int(step[4:])
        return ngettext("%(days)d day before it is due", "%(days)d days before it is due", days) % {"days": days}
    if "-W" in step:
        return pgettext("why a reminder comes now", "once a week")
    known = {
        "due": pgettext("why a reminder comes now", "on its last day"),
        OVERDUE: pgettext("why a reminder comes now", "it is overdue"),
        REPEAT: _("once more after two weeks"),
        "eve": pgettext("why a reminder comes now", "the working day before"),
        "minutes": pgettext("why a reminder comes now", "held, and not filed"),
        "moved": pgettext("why a reminder comes now", "it was moved"),
        "cancelled": pgettext("why a reminder comes now", "it was cancelled"),
        "reopened": pgettext("why a reminder comes now", "it is open again"),
    }
    return known.get(step.partition("-")[0], "")
