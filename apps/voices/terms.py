"""How many days a voice may wait: the table with its articles. 信访工作条例 binds petition departments and other units; a branch
is neither, so an organization may set its own days, never longer than the regulations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.reminders.working_days import WorkingDays

REPRESENTATIVES = 5  # of a group visit: art. 20


class Unit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """`default` holds where nobody chose; `least` and `most` bound the choice. Equal bounds: it cannot be chosen.

    `article`: of 信访工作条例; empty where no text names a number: then it is this program's proposal.
    """

    label: str | Promise
    default: int
    least: int
    most: int
    article: str = ""
    unit: Unit = Unit.DAYS

    @property
    def is_open(self) -> bool:
        return self.least < self.most


NOTICE, OBJECTION, HANDLING, EXTENSION = "notice", "objection", "handling", "extension"
REVIEW_ASK, REVIEW, RECHECK_ASK, RECHECK = "review_ask", "review", "recheck_ask", "recheck"
SUGGESTION, RETENTION = "suggestion", "retention"
BOX, HELP = "box", "help"
REPORT_SEEN, REPORT_ANSWER = "report_seen", "report_answer"

TERMS: dict[str, Term] = {
    NOTICE: Term(_("Tell the visitor what happens with the matter"), 15, 1, 15, "23"),
    OBJECTION: Term(_("Object to a matter that was forwarded here"), 5, 1, 5, "23", Unit.WORKING_DAYS),
    HANDLING: Term(_("Finish a request, from its acceptance"), 60, 1, 60, "34"),
    EXTENSION: Term(_("Extension of a complex request, once"), 30, 1, 30, "34"),
    REVIEW_ASK: Term(_("The visitor may ask for a review after the answer"), 30, 30, 30, "35"),
    REVIEW: Term(_("Answer the review"), 30, 1, 30, "35"),
    RECHECK_ASK: Term(_("The visitor may ask for a final check"), 30, 30, 30, "36"),
    RECHECK: Term(_("Answer the final check"), 30, 1, 30, "36"),
    SUGGESTION: Term(_("Answer a suggestion made by a visitor, from its acceptance"), 30, 1, 60),
    REPORT_SEEN: Term(_("Acknowledge a situation report"), 3, 1, 10, unit=Unit.WORKING_DAYS),
    REPORT_ANSWER: Term(_("Answer a situation report"), 15, 5, 60),
    BOX: Term(_("Answer what lies in the suggestion box"), 15, 3, 60),
    HELP: Term(_("Do something about a need"), 30, 3, 180),
    RETENTION: Term(_("Keep names and words"), 24, 12, 60, unit=Unit.MONTHS),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """The table as it holds for one organization."""

    chosen: Mapping[str, int]

    def __getitem__(self, key: str) -> int:
        """What was chosen counts inside the bounds only: a bound that is tightened later holds at once."""
        term = TERMS[key]
        return min(max(self.chosen.get(key, term.default), term.least), term.most)


DEFAULTS = Terms({})


def after(day: date, days: int) -> date:
    """Calendar days; the first is the one after `day`."""
    return day + timedelta(days=days)


def working_days_after(day: date, days: int, calendar: WorkingDays) -> date:
    """The `days`th working day after `day`."""
    for _number in range(days):
        day = calendar.after(day)
    return day


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(years + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(years, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))
