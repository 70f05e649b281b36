"""What the lines would become in one branch, line by line. Reads, writes nothing; a fixed number of queries."""

import hashlib
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from apps.activities.importing.people import Attendant, Roster, There, covers
from apps.activities.importing.reading import Line
from apps.activities.importing.words import TYPES
from apps.activities.models import Activity, ActivityKind, Behaviour
from apps.branches.models import Organization, PartyGroup, Person

# Talks have people and no minutes, papers have no day; both are entered by hand.
BEHAVIOURS = (Behaviour.GENERAL, Behaviour.COMMITTEE, Behaviour.GROUP, Behaviour.INVITED)
YEARLY = ("life_meeting", "member_appraisal")  # held from October to March they count for one year or the other
LONGEST_TITLE, LONGEST_ITEM, MOST_ITEMS = 120, 120, 30

NEW, SAME, ELSEWHERE, PROBLEM = "new", "same", "elsewhere", "problem"


@dataclass(slots=True)
class Step:
    """One line and what becomes of it."""

    line: Line
    action: str = PROBLEM
    kind: ActivityKind | None = None
    group: PartyGroup | None = None
    title: str = ""
    chair: Person | None = None
    minute_taker: Person | None = None
    people: list[Attendant] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # names that belong to nobody on the roster of that day

    @property
    def held_on(self) -> date | None:
        return self.line.held_on

    @property
    def clock(self) -> str:
        return "–".join(filter(None, (self.line.text("begins"), self.line.text("ends"))))

    def at(self, key: str) -> time | None:
        return time.fromisoformat(self.line.values[key]) if self.line.text(key) else None

    @property
    def for_year(self) -> int | None:
        """October to December: that year; January to March: the year before."""
        day = self.held_on
        if day is None or self.kind is None or self.kind.slug not in YEARLY or 3 < day.month < 10:
            return None
        return day.year - (day.month < 4)

    @property
    def counts(self) -> dict[str, int | None]:
        return {key: self.line.count(key) for key in ("expected", "present", "leave")}

    @property
    def kept(self) -> dict[str, Any]:
        """What the paper said beyond what the branch's own data say."""
        return {
            **self.counts,
            "chair": "" if self.chair else self.line.text("chair"),
            "minute_taker": "" if self.minute_taker else self.line.text("minute_taker"),
            "names": self.unknown,
        }

    def identity(self) -> tuple:
        return (self.kind and self.kind.pk, self.group and self.group.pk, self.held_on, title_key(self.title))

    def fingerprint(self) -> list[Any]:
        people = [[one.person.pk, one.is_expected, one.can_vote] for one in self.people]
        return [
            self.action, self.kind and self.kind.pk, self.group and self.group.pk, self.chair and self.chair.pk,
            self.minute_taker and self.minute_taker.pk, people, self.unknown, sorted(self.line.values.items()),
        ]  # fmt: skip


@dataclass(slots=True)
class Plan:
    steps: list[Step]

    @property
    def new(self) -> list[Step]:
        return [step for step in self.steps if step.action == NEW]

    def count(self, action: str) -> int:
        return Counter(step.action for step in self.steps)[action]

    @property
    def digest(self) -> str:
        said = json.dumps([step.fingerprint() for step in self.steps], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


def importable_kinds() -> list[ActivityKind]:
    return list(ActivityKind.objects.filter(is_active=True, behaviour__in=BEHAVIOURS))


def make_plan(lines: list[Line], organization: Organization) -> Plan:
    kinds = importable_kinds()
    groups = list(PartyGroup.objects.filter(organization=organization))
    days = [line.held_on for line in lines if line.held_on]
    roster = Roster.of(organization, min(days), max(days)) if days else None
    steps = [_step(line, organization, kinds, groups, roster) for line in lines]
    _known(steps, organization, days)
    return Plan(steps)


def _step(
    line: Line, organization: Organization, kinds: list[ActivityKind], groups: list[PartyGroup], roster: Roster | None
) -> Step:
    # Problems of the plan are said anew each time: those of the reading stay with the line.
    step = Step(Line.load(line.dump()), title=line.text("title"))
    line = step.line
    named = line.text("branch")
    short = organization.short_name
    if named and plain(named) not in map(plain, filter(None, (organization.name, short, short and f"{short}党支部"))):
        line.trouble("branch", _("This row is of “%(name)s”.") % {"name": named}, is_error=False)
        step.action = ELSEWHERE
        return step
    _find_kind(step, kinds)
    day = line.held_on
    if day and organization.founded_on and day < organization.founded_on:
        founded = {"day": organization.founded_on.isoformat()}
        line.trouble("held", _("The branch was founded on %(day)s; this day lies before.") % founded)
    if step.kind and step.kind.behaviour == Behaviour.GROUP and day:
        _find_group(step, [group for group in groups if covers(group, day)])
    if any(problem.is_error for problem in line.problems) or roster is None or day is None or step.kind is None:
        return step
    step.action = NEW
    _find_people(step, roster.on(day, step.kind, step.group))
    if len(step.title) > LONGEST_TITLE:
        line.trouble(
            "title",
            _("Shortened to %(most)d characters; whole in the notes.") % {"most": LONGEST_TITLE},
            is_error=False,
        )
    return step


def _find_kind(step: Step, kinds: list[ActivityKind]) -> None:
    told = step.line.text("type")
    if not told:
        return
    names: dict[str, ActivityKind] = {}
    by_slug = {kind.slug: kind for kind in kinds}
    for kind in kinds:
        names |= {plain(name): kind for name in (kind.name_zh, kind.short_zh, kind.name_en, kind.short_en)}
    for name, slug in TYPES.items():
        if slug in by_slug:
            names.setdefault(plain(name), by_slug[slug])
    step.kind = names.get(plain(told))
    if step.kind is None:
        known = "、".join(kind.name for kind in kinds)
        step.line.trouble(
            "type", _("“%(text)s” is not a known type. Possible: %(known)s.") % {"text": told[:30], "known": known}
        )


def _find_group(step: Step, groups: list[PartyGroup]) -> None:
    """By the column, else by the title, else the only one there is."""
    told = plain(step.line.text("group"))
    if told:
        found = [group for group in groups if plain(group.name) == told]
    else:
        found = [group for group in groups if plain(group.name) in plain(step.title)] or groups
    if len(found) == 1:
        step.group = found[0]
        return
    if groups:
        known = "、".join(group.name for group in groups)
        step.line.trouble("group", _("Which group? Write into a column “党小组”: %(known)s.") % {"known": known})
    else:
        step.line.trouble("group", _("The branch had no Party group on that day."))


def _find_people(step: Step, there: There) -> None:
    line = step.line
    for key in ("chair", "minute_taker"):
        if name := line.text(key):
            found = there.by_name.get(name, [])
            setattr(step, key, found[0].person if len(found) == 1 else None)
    double = []
    for name in line.list("people"):
        found = there.by_name.get(name, [])
        if len(found) == 1:
            step.people.append(found[0])
        else:
            step.unknown.append(name)
            double += [name] if found else []
    if double:
        line.trouble(
            "people", _("Several people are called so: %(names)s.") % {"names": "、".join(double)}, is_error=False
        )
    if strangers := [name for name in step.unknown if name not in double]:
        text = _("Not in the branch on that day: %(names)s. The names and figures are kept as written.")
        line.trouble("people", text % {"names": "、".join(strangers)}, is_error=False)


def _known(steps: list[Step], organization: Organization, days: list[date]) -> None:
    """What is in the branch already, or twice in the file, is not taken again."""
    there: dict[tuple, str] = {}
    same_day: set[tuple] = set()
    if days:
        rows = Activity.objects.filter(organization=organization, held_on__range=(min(days), max(days)))
        rows = rows.exclude(state__in=(Activity.State.WITHDRAWN, Activity.State.CANCELLED))
        for kind, group, held_on, topic in rows.values_list("kind", "group", "held_on", "topic"):
            there[kind, group, held_on, title_key(topic)] = _("Already in the branch's records.")
            same_day.add((kind, group, held_on))
    for step in steps:
        if step.action != NEW:
            continue
        key = step.identity()
        if key in there:
            step.action = SAME
            step.line.trouble("title", there[key], is_error=False)
            continue
        if key[:3] in same_day:
            text = _("That day already has a record of this type under another title.")
            step.line.trouble("title", text, is_error=False)
        there[key] = _("The same as row %(row)d.") % {"row": step.line.number}
        same_day.add(key[:3])


def plain(text: str) -> str:
    """For comparing: without spaces and marks, in one width and case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def title_key(text: str) -> str:
    return plain(text[:LONGEST_TITLE])
