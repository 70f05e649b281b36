"""Acts and dates in words."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from apps.assignments.models import Assignment
from apps.core.days import near_day

# What the button says, and what the history says.
VERBS = {
    "begin": pgettext_lazy("assignment act", "Begin"), "report": pgettext_lazy("assignment act", "Report progress"),
    "submit": pgettext_lazy("assignment act", "Hand in"), "finish": pgettext_lazy("assignment act", "Mark as done"),
    "accept": pgettext_lazy("assignment act", "Accept"), "return": pgettext_lazy("assignment act", "Return"),
    "delegate": pgettext_lazy("assignment act", "Pass on"), "decline": pgettext_lazy("assignment act", "Cannot do it"),
    "ask": pgettext_lazy("assignment act", "Ask for a later day"),
    "postpone": pgettext_lazy("assignment act", "Postpone"),
    "refuse": pgettext_lazy("assignment act", "Keep the day"), "nudge": pgettext_lazy("assignment act", "Remind"),
    "cancel": pgettext_lazy("assignment act", "Call off"),
}  # fmt: skip
DONE = {
    "give": pgettext_lazy("assignment step", "Given"), "change": pgettext_lazy("assignment step", "Changed"),
    "begin": pgettext_lazy("assignment step", "Begun"), "report": pgettext_lazy("assignment step", "Progress"),
    "submit": pgettext_lazy("assignment step", "Handed in"), "finish": pgettext_lazy("assignment step", "Done"),
    "accept": pgettext_lazy("assignment step", "Accepted"), "return": pgettext_lazy("assignment step", "Returned"),
    "delegate": pgettext_lazy("assignment step", "Passed on"), "decline": pgettext_lazy("assignment step", "Declined"),
    "left": pgettext_lazy("assignment step", "Not in the branch any more"),
    "ask": pgettext_lazy("assignment step", "Asked for a later day"),
    "postpone": pgettext_lazy("assignment step", "Postponed"),
    "refuse": pgettext_lazy("assignment step", "The day stays"), "nudge": pgettext_lazy("assignment step", "Reminded"),
    "cancel": pgettext_lazy("assignment step", "Called off"),
}  # fmt: skip


def due(one: Assignment, today: date) -> str:
    """“by 31 March”, “5 days late”, or nothing where there is no date or it is over."""
    if not one.is_open:
        return ""
    return due_of(one.due_on, today, is_late=one.is_overdue(today))


def due_of(due_on: date | None, today: date, *, is_late: bool = True) -> str:
    """`is_late`: whether a day that has passed makes it late; handed in in time it does not."""
    if due_on is None:
        return ""
    if is_late and due_on < today:
        days = (today - due_on).days
        return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    return pgettext("assignment", "by %(day)s") % {"day": near_day(due_on, today)}


def whose(one: Assignment) -> str:
    return one.assignee.name if one.assignee else _("The branch")
