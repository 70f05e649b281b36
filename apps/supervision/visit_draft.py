"""What the form of a visit has collected, read into what can be sent. Pure: nothing here asks a database or a clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.supervision.checklist_keys import ANSWERS, KEYS
from apps.supervision.models import Rectification, Visit

Typed = Mapping[str, list[str]]
MOST_FINDINGS, BLANK = 30, 3
FIELDS = ("problem", "category", "basis", "advice", "nature", "due")
LONGEST = {"problem": 500, "basis": 200, "advice": 200}
KEPT = ("held_on", "way", "met", "record")  # the rest by their shape
OURS = re.compile(r"(ans|note)-[a-z_]+|f\d{1,2}-[a-z]+")


@dataclass(slots=True)
class FoundLine:
    """One block of the form. Empty where no problem is written."""

    number: int
    problem: str = ""
    category: str = Rectification.Category.ORGANIZATIONAL_LIFE
    basis: str = ""
    advice: str = ""
    nature: str = Rectification.Nature.BY_DATE
    due: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.problem or self.basis or self.advice)

    @property
    def due_on(self) -> date | None:
        try:
            return parse_date(self.due) if self.due else None
        except ValueError:
            return None


@dataclass(slots=True)
class Draft:
    """The form as it was typed."""

    held_on: str = ""
    ways: list[str] = field(default_factory=list)
    met: str = ""
    record: str = ""
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)  # key → (state, note)
    findings: list[FoundLine] = field(default_factory=list)

    @property
    def day(self) -> date | None:
        try:
            return parse_date(self.held_on) if self.held_on else None
        except ValueError:
            return None

    @property
    def said(self) -> list[FoundLine]:
        return [one for one in self.findings if not one.is_empty]


def kept(data: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Of a form's fields those that are the draft's."""
    return {
        name: [value for value in values if value.strip()]
        for name, values in data.items()
        if name in KEPT or OURS.fullmatch(name)
        if any(value.strip() for value in values)
    }


def read(typed: Typed, *, blank: int = BLANK) -> Draft:
    """`blank` empty blocks follow those that are filled, so that there is always one to write on."""

    def first(name: str) -> str:
        return (typed.get(name) or [""])[0].strip()

    draft = Draft(held_on=first("held_on")[:10], met=" ".join(first("met").split()), record=first("record"))
    draft.ways = [way for way in typed.get("way", []) if way in Visit.Way.values]
    for key in KEYS:
        state = first(f"ans-{key}")
        draft.answers[key] = (state if state in ANSWERS else "", " ".join(first(f"note-{key}").split()))
    for number in range(1, MOST_FINDINGS + 1):
        values = {name: first(f"f{number}-{name}") for name in FIELDS}
        line = FoundLine(number, **{name: value for name, value in values.items() if value})
        if not line.is_empty:
            draft.findings.append(line)
    used = {line.number for line in draft.findings}
    free = [number for number in range(1, MOST_FINDINGS + 1) if number not in used and number > max(used, default=0)]
    draft.findings += [FoundLine(number) for number in free[:blank]]
    return draft


def problems(draft: Draft, *, starts_on: date, today: date) -> list[str]:
    """Why it cannot be sent yet, in sentences."""
    found = []
    day = draft.day
    if day is None or day > today:
        found.append(_("Say on which day it took place: today or earlier."))
    elif (starts_on - day).days > 31:
        found.append(_("The day is more than a month before the visit was planned. Look at it again."))
    if not draft.ways:
        found.append(_("Choose at least one way: listen, look, check, call on people."))
    if not draft.record and not draft.said and not any(state for state, _note in draft.answers.values()):
        found.append(_("Write a sentence on what was seen, or answer a question."))
    if len(draft.record) > 20_000:
        found.append(_("The record is too long. Keep to what matters."))
    if len(draft.met) > 300:
        found.append(_("“Whom you met” is too long."))
    for place, line in enumerate(draft.said, 1):
        words = pgettext("finding", "Finding %(number)d: %(problem)s")
        found += [words % {"number": place, "problem": text} for text in _faults(line)]
    return found


def _faults(line: FoundLine) -> list[str]:
    faults = []
    if not line.problem:
        faults.append(_("Say what the problem is."))
    if any(len(getattr(line, name)) > most for name, most in LONGEST.items()):
        faults.append(_("This text is too long."))
    if line.category not in Rectification.Category.values or line.nature not in Rectification.Nature.values:
        faults.append(_("Choose what to do."))
    if line.due and line.due_on is None:
        faults.append(_("The date cannot be read."))
    if line.nature == Rectification.Nature.BY_DATE and not line.due:
        faults.append(_("Say by when it is to be put right."))
    return faults
