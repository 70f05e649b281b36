"""Every state a record can be in, as people read it: word, glyph and style in one table."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Status:
    """`style` names a colour pair of tokens.css, `outline` adds "struck" or "dashed".

    `plain_in_lists`: done things fade, so lists show them as text without a tint; matrices keep the tint.
    """

    label: str | Promise
    glyph: str
    style: str = "neutral"
    outline: str = ""
    plain_in_lists: bool = False


STATUSES: dict[str, dict[str, Status]] = {
    "duty": {
        "not_due": Status(pgettext_lazy("duty status", "Not due"), "circle"),
        "due_soon": Status(pgettext_lazy("duty status", "Due soon"), "quarter", "soon"),
        "in_progress": Status(pgettext_lazy("duty status", "In progress"), "half", "progress"),
        "done": Status(pgettext_lazy("duty status", "Done"), "check", "done", plain_in_lists=True),
        "held_late": Status(pgettext_lazy("duty status", "Held late"), "held-late", "late"),
        "recorded_late": Status(pgettext_lazy("duty status", "Recorded late"), "recorded-late", "late"),
        "overdue": Status(pgettext_lazy("duty status", "Overdue"), "exclaim", "overdue"),
        "not_applicable": Status(pgettext_lazy("duty status", "Not applicable"), "dash", outline="dashed"),
        "waived": Status(pgettext_lazy("duty status", "Waived"), "dash"),
        "explained": Status(pgettext_lazy("duty status", "Explained"), "explained"),
    },
    "meeting": {
        "draft": Status(pgettext_lazy("meeting status", "Draft"), "pencil"),
        "scheduled": Status(pgettext_lazy("meeting status", "Scheduled"), "clock"),
        "minutes_due": Status(pgettext_lazy("meeting status", "Minutes needed"), "quarter", "soon"),
        "filed": Status(pgettext_lazy("meeting status", "Filed"), "filed", "archived"),
        "withdrawn": Status(pgettext_lazy("meeting status", "Withdrawn"), "void", outline="struck"),
        "cancelled": Status(pgettext_lazy("meeting status", "Cancelled"), "void", outline="struck"),
    },
    "attendance": {
        "present": Status(pgettext_lazy("attendance", "Present"), "check", "done"),
        "online": Status(pgettext_lazy("attendance", "Online"), "check-online", "done"),
        "excused": Status(pgettext_lazy("attendance", "Excused"), "triangle", "soon"),
        "absent": Status(pgettext_lazy("attendance", "Absent"), "cross", "overdue"),
        "observer": Status(pgettext_lazy("attendance", "Non-voting"), "observer"),
    },
    "report": {
        "draft": Status(pgettext_lazy("report status", "Draft"), "pencil"),
        "submitted": Status(pgettext_lazy("report status", "In review"), "diamond", "review"),
        "returned": Status(pgettext_lazy("report status", "Returned"), "return", "returned"),
        "approved": Status(pgettext_lazy("report status", "Approved"), "check", "done"),
        "withdrawn": Status(pgettext_lazy("report status", "Withdrawn"), "take-back"),
    },
    "assignment": {
        "todo": Status(pgettext_lazy("assignment status", "To do"), "box"),
        "doing": Status(pgettext_lazy("assignment status", "Doing"), "half", "progress"),
        "submitted": Status(pgettext_lazy("assignment status", "To be accepted"), "diamond", "review"),
        "returned": Status(pgettext_lazy("assignment status", "Returned"), "return", "returned"),
        "done": Status(pgettext_lazy("assignment status", "Done"), "box-check", "done", plain_in_lists=True),
        "declined": Status(pgettext_lazy("assignment status", "Declined"), "void", "soon"),
        "cancelled": Status(pgettext_lazy("assignment status", "Cancelled"), "void", outline="struck"),
    },
    "survey": {
        "draft": Status(pgettext_lazy("survey", "Draft"), "pencil"),
        "open": Status(pgettext_lazy("survey", "Open"), "half", "progress"),
        "closed": Status(pgettext_lazy("survey", "Closed"), "check", "done"),
    },
    "rectification": {
        "open": Status(pgettext_lazy("rectification status", "Open"), "circle"),
        "rectifying": Status(pgettext_lazy("rectification status", "Rectifying"), "half", "progress"),
        "closure_requested": Status(pgettext_lazy("rectification status", "Closure requested"), "diamond", "review"),
        "closed": Status(pgettext_lazy("rectification status", "Closed"), "check", "done"),
        "ongoing": Status(pgettext_lazy("rectification status", "Ongoing"), "infinity", "archived"),
        "reopened": Status(pgettext_lazy("rectification status", "Reopened"), "return", "returned"),
    },
    "visit": {
        "planned": Status(pgettext_lazy("visit status", "Planned"), "clock"),
        "closed": Status(pgettext_lazy("visit status", "Closed"), "check", "done"),
        "cancelled": Status(pgettext_lazy("visit status", "Cancelled"), "void", outline="struck"),
    },
    "development": {
        "not_started": Status(pgettext_lazy("development step", "Not started"), "circle"),
        "in_progress": Status(pgettext_lazy("development step", "In progress"), "half", "progress"),
        "awaiting_approval": Status(pgettext_lazy("development step", "Awaiting approval"), "diamond", "review"),
        "done": Status(pgettext_lazy("development step", "Done"), "check", "done", plain_in_lists=True),
        "needs_note": Status(pgettext_lazy("development step", "Needs a note"), "exclaim", "soon"),
    },
    "matter": {
        "received": Status(pgettext_lazy("matter status", "Received"), "circle"),
        "handling": Status(pgettext_lazy("matter status", "Being handled"), "half", "progress"),
        "passed_on": Status(pgettext_lazy("matter status", "Passed on"), "take-back"),
        "referred": Status(pgettext_lazy("matter status", "Told where to go"), "take-back"),
        "objected": Status(pgettext_lazy("matter status", "Sent back"), "return", "returned"),
        "answered": Status(pgettext_lazy("matter status", "Answered"), "check", "done", plain_in_lists=True),
        "in_review": Status(pgettext_lazy("matter status", "In review"), "diamond", "review"),
        "reviewed": Status(pgettext_lazy("matter status", "Reviewed"), "check", "done", plain_in_lists=True),
        "in_recheck": Status(pgettext_lazy("matter status", "In the final check"), "diamond", "review"),
        "final": Status(pgettext_lazy("matter status", "Finished for good"), "filed", "archived"),
        "withdrawn": Status(pgettext_lazy("matter status", "Withdrawn"), "void", outline="struck"),
    },
    "suggestion": {
        "open": Status(pgettext_lazy("suggestion status", "To answer"), "circle"),
        "public": Status(pgettext_lazy("suggestion status", "Answered publicly"), "check", "done", plain_in_lists=True),
        "alone": Status(
            pgettext_lazy("suggestion status", "Answered to the author"), "check", "done", plain_in_lists=True
        ),
    },
    "help": {
        "doing": Status(pgettext_lazy("practical help", "Being done"), "half", "progress"),
        "done": Status(pgettext_lazy("practical help", "Done"), "check", "done", plain_in_lists=True),
    },
    "situation": {
        "sent": Status(pgettext_lazy("situation status", "Sent"), "circle"),
        "acknowledged": Status(pgettext_lazy("situation status", "Being looked into"), "half", "progress"),
        "answered": Status(pgettext_lazy("situation status", "Answered"), "check", "done", plain_in_lists=True),
    },
    "leave": {
        "cannot_come": Status(pgettext_lazy("leave", "Cannot come"), "triangle"),
        "on_leave": Status(pgettext_lazy("leave", "On leave"), "triangle"),
    },
    "dues": {
        "unpaid": Status(pgettext_lazy("dues status", "Unpaid"), "circle"),
        "paid": Status(pgettext_lazy("dues status", "Paid"), "check", "done"),
        "arrears_paid": Status(pgettext_lazy("dues status", "Arrears paid"), "held-late", "late"),
        "exempt": Status(pgettext_lazy("dues status", "Exempt"), "dash"),
    },
    "import": {
        "reading": Status(pgettext_lazy("import status", "Reading"), "dotted"),
        "to_check": Status(pgettext_lazy("import status", "To check"), "diamond", "review"),
        "importing": Status(pgettext_lazy("import status", "Importing"), "half", "progress"),
        "done": Status(pgettext_lazy("import status", "Done"), "check", "done"),
        "partly_done": Status(pgettext_lazy("import status", "Partly done"), "exclaim", "soon"),
    },
}


def status(domain: str, state: str) -> Status:
    """KeyError for a domain or state outside the table: a new state needs its word before it can be shown."""
    try:
        return STATUSES[domain][str(state)]
    except KeyError:
        raise KeyError(f"{state!r} is no state of {domain!r} in apps/core/status.py") from None
