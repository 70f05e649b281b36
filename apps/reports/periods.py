"""Which periods are reported on, how they are written in an address, and when a report falls due."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from apps.duties.schedule import Span, span_containing
from apps.duties.words import period_label
from apps.reminders.working_days import WorkingDays

CADENCES = (1, 3)  # reported on now; 6 and 12 are the same code
DRAFT_AHEAD = timedelta(days=10)
DUE_DAY = 10
_CODE = re.compile(
    r"(?P<year>(?:19|20)\d\d)-(?:(?P<month>0[1-9]|1[0-2])|q(?P<quarter>[1-4])|h(?P<half>[12])|(?P<whole>y))"
)


def code_of(starts_on: date, months: int) -> str:
    """`2026-03`, `2026-q1`, `2026-h1`, `2026-y`."""
    place = (starts_on.month - 1) // months + 1
    tail = {1: f"{starts_on.month:02}", 3: f"q{place}", 6: f"h{place}", 12: "y"}[months]
    return f"{starts_on.year}-{tail}"


def parse(code: str) -> tuple[date, int] | None:
    """First day and length in months; None for what is no period."""
    found = _CODE.fullmatch(code)
    if not found:
        return None
    year = int(found["year"])
    for name, months in (("month", 1), ("quarter", 3), ("half", 6)):
        if found[name]:
            return date(year, (int(found[name]) - 1) * months + 1, 1), months
    return date(year, 1, 1), 12


def span_of(starts_on: date, months: int) -> Span:
    return span_containing(starts_on, months)


def next_span(span: Span, months: int) -> Span:
    return span_containing(span.ends_before, months)


def due_on(span: Span, working: WorkingDays) -> date:
    """The 10th of the month after the period; the next working day where that is none."""
    return working.on_or_after(span.ends_before.replace(day=DUE_DAY))


def drafted_from(span: Span) -> date:
    return span.ends_before - DRAFT_AHEAD


def label(months: int, starts_on: date, today: date | None = None) -> str:
    """“3月”, “一季度”; “2025年12月” in another year than today's."""
    return period_label(months, starts_on, starts_on.year, today)


def report_title(months: int, starts_on: date, today: date | None = None) -> str:
    """“3月报告”, “一季度报告”; “March report”."""
    return _("%(period)s report") % {"period": label(months, starts_on, today)}
