"""A report as it is read: its blocks line by line with what was asked for and what is new, and what the system checks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.branches.models import Organization
from apps.duties.models import DutyPeriod
from apps.duties.schedule import CLOSED, Span, State
from apps.reports import figures
from apps.reports.figures import Figure, Scope, Value
from apps.reports.models import Report, ReportNote, ReportVersion

BLOCKS = {
    "plan": pgettext_lazy("report block", "Plan for the next period"),
    "work": pgettext_lazy("report block", "Work done"),
    "opinion": pgettext_lazy("report block", "Opinion of the level above"),
}


@dataclass(slots=True)
class TextLine:
    """A line of a block; `key` names it in a return, `asked` is what the reviewer wrote at it."""

    key: str
    text: str
    is_new: bool = False
    asked: list[str] = field(default_factory=list)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def block(
    name: str, text: str, *, before: str | None = None, passages: Iterable[Mapping[str, Any]] = ()
) -> list[TextLine]:
    """Lines of one block. With `before`, the block as it was handed in the last time, what is new is marked."""
    now = lines(text)
    shown = [TextLine(f"{name}-{place}", line) for place, line in enumerate(now)]
    if before is not None:
        for tag, _first, _last, start, end in SequenceMatcher(None, lines(before), now, autojunk=False).get_opcodes():
            if tag in ("replace", "insert"):
                for line in shown[start:end]:
                    line.is_new = True
    for passage in passages:
        if passage["block"] != name:
            continue
        for line in shown:
            if line.text == passage["quote"]:
                line.asked.append(passage["text"])
                break
    return shown


@dataclass(frozen=True, slots=True)
class Check:
    """One duty of the period: “支委会 3/3”, and what is missing by name."""

    name: str
    done: int
    required: int
    missing: tuple[tuple[str, str], ...]  # state, words

    @property
    def is_fine(self) -> bool:
        return not self.missing

    @property
    def sign(self) -> str:
        """What is not yet due is no fault."""
        return "exclaim" if any(state == "overdue" for state, _words in self.missing) else "circle"


def checks(organization: Organization, span: Span, today: date) -> list[Check]:
    """One query over the rows that the figures count."""
    rows = (
        figures.BY_SLUG["duties_owed"]
        .rows(Scope.of(organization), span, today)
        .select_related("rule", "group")
        .order_by("rule__order", "due_on", "group__order", "pk")
    )
    by_duty: dict[str, list[DutyPeriod]] = {}
    for period in rows:
        by_duty.setdefault(period.rule.slug, []).append(period)
    return [_check(periods) for periods in by_duty.values()]


def _check(periods: Sequence[DutyPeriod]) -> Check:
    from apps.duties.words import period_label

    missing = []
    for period in periods:
        if period.state not in CLOSED:
            label = period_label(period.rule.months, period.starts_on, period.for_year)
            missing.append((str(period.state), f"{label} {period.group or ''}".strip()))
    done = Counter(period.state == State.DONE for period in periods)[True]
    return Check(periods[0].rule.name, done, len(periods), tuple(missing))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page, a paper or a workbook shows of one version, or of the draft (`version` None)."""

    report: Report
    plan: list[TextLine]
    work: list[TextLine]
    figures: list[tuple[Figure, Value]]
    version: ReportVersion | None = None
    note: ReportNote | None = None  # the decision that holds, or the last return

    @property
    def blocks(self) -> list[tuple[str, Any, list[TextLine]]]:
        return [("plan", BLOCKS["plan"], self.plan), ("work", BLOCKS["work"], self.work)]


def of_version(
    version: ReportVersion, previous: ReportVersion | None = None, note: ReportNote | None = None
) -> Reading:
    """As handed in. `previous` marks what is new since; `note` puts what was asked at its line."""
    passages = note.passages if note else ()
    return Reading(
        report=version.report,
        plan=block("plan", version.plan, before=previous.plan if previous else None, passages=passages),
        work=block("work", version.work, before=previous.work if previous else None, passages=passages),
        figures=figures.read_back(version.figures),
        version=version,
        note=note,
    )


def of_draft(report: Report, plan: str, work: str, today: date, note: ReportNote | None = None) -> Reading:
    """The records as they stand; what was asked for at its line, where the line is still there."""
    passages = note.passages if note else ()
    return Reading(
        report=report,
        plan=block("plan", plan, passages=passages),
        work=block("work", work, passages=passages),
        figures=figures.now(Scope.of(report.organization), report.span, today),
        note=note,
    )


def unplaced(reading: Reading) -> list[Mapping[str, Any]]:
    """What was asked at a line that is not there any more: shown with its quotation."""
    if reading.note is None:
        return []
    here = {(line.key.partition("-")[0], line.text) for line in (*reading.plan, *reading.work)}
    return [one for one in reading.note.passages if (one["block"], one["quote"]) not in here]


STATE_SENTENCES = {
    "typed_none": gettext_lazy("Handed in without a number typed, and without a word changed."),
    "typed_some": gettext_lazy("Handed in without a number typed; words edited in %(count)d of 2 blocks."),
}


def burden(version: ReportVersion) -> str:
    """How much had to be typed."""
    if version.fields_typed == 0:
        return str(STATE_SENTENCES["typed_none"])
    return str(STATE_SENTENCES["typed_some"]) % {"count": version.fields_typed}
