"""The log flow's page: what was typed, read block by block, and the record it amounts to.

What was typed is a mapping of field names to values, whether it comes from a POST, a draft or a filed record; this is the
one place that reads it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.activities import checks, voting
from apps.activities.expected import ROSTER_BEHAVIOURS, Attendee, Board, board
from apps.activities.forms import MoreForm, PartForm, TaskForm, VoteForm, WhenForm
from apps.activities.models import Activity, ActivityKind, Attendance, Behaviour
from apps.activities.records import AWAY, HERE, Count, Item, Mark, Part, Record, Task
from apps.branches.models import Organization, PartyGroup
from apps.core.dates import DayUnreadable, read_day
from apps.core.errors import RuleBroken

Status = Attendance.Status
MAIN = "main"
NOT_KEPT = {"csrfmiddlewaretoken", "version", "go", "confirmed", "reason", "files", "request_key"}
MOST_ITEMS, LONGEST_TITLE, LONGEST_SAID, LONGEST_REASON = 20, 120, 10_000, 60
_SPEAKER = re.compile(r"\s*([^:：\s]{2,12})\s*[:：]\s*(.+)")


def kept(data: Mapping | QueryDict) -> dict[str, list[str]]:
    """What of a POST is worth keeping. "Present" is the proposal of the page, so only exceptions stay."""
    lists = data.lists() if isinstance(data, QueryDict) else data.items()
    return {
        name: [value for value in values if isinstance(value, str)]
        for name, values in lists
        if name not in NOT_KEPT and any(values) and not (name.startswith("att-") and values == [Status.PRESENT])
    }


def as_querydict(typed: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def key_of(title: str) -> str:
    """Ties the votes and remarks of an item to its title, wherever it stands in the list."""
    return hashlib.sha1(title.encode(), usedforsecurity=False).hexdigest()[:8]


@dataclass
class Line:
    """One name of the board as it is drawn."""

    attendee: Attendee
    state: str
    ground: str
    reason: str  # in words
    print_reason: bool
    note: str
    initials: str

    @property
    def ground_label(self) -> str:
        return str(Attendance.Ground(self.ground).label) if self.ground else ""

    @property
    def name(self) -> str:
        return f"att-{self.attendee.person.public_id}"

    @property
    def reason_name(self) -> str:
        return f"why-{self.attendee.person.public_id}"

    @property
    def words_name(self) -> str:
        return f"say-{self.attendee.person.public_id}"

    @property
    def print_name(self) -> str:
        return f"print-{self.attendee.person.public_id}"


@dataclass(frozen=True)
class Quorum:
    """The sentence as it stands, and what a script needs to keep it true: `names` of the voters' fields, the two sentences
    with `{present}`, and from how many on the first one holds.
    """

    sentence: str
    names: str
    enough: str
    short: str
    least: int


@dataclass
class ItemBox:
    """One chosen item with its remarks and vote."""

    title: str
    key: str
    said: str
    vote: VoteForm


@dataclass
class PartBlock:
    """Block three of one kind."""

    kind: ActivityKind
    prefix: str
    form: PartForm
    own: list[str]
    items: list[ItemBox] = field(default_factory=list)
    tasks: list[TaskForm] = field(default_factory=list)

    @property
    def has_details(self) -> bool:
        return any(box.said or box.vote.has_changed() for box in self.items)

    @property
    def has_tasks(self) -> bool:
        return any(form.is_bound for form in self.tasks)


class Log:
    """Everything the page shows. `errors` is empty and `record` there when it can be filed."""

    def __init__(
        self, *, organization: Organization, typed: Mapping[str, list[str]], today: date, kinds: list[ActivityKind],
        groups: Iterable[PartyGroup], fallback: Activity, last_topics: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self.organization, self.today, self.groups = organization, today, groups
        self.data = as_querydict(typed)
        by_slug = {kind.slug: kind for kind in kinds}
        self.kind = by_slug.get(self.data.get("kind", ""), fallback.kind)
        self.group = None
        if self.kind.behaviour == Behaviour.GROUP:
            self.group = next((one for one in groups if one.public_id == self.data.get("group")), None)
        self.last_topics = list(last_topics)
        self.also = [
            kind for kind in kinds
            if kind.pk != self.kind.pk and kind.behaviour == self.kind.behaviour and kind.behaviour in ROSTER_BEHAVIOURS
        ]  # fmt: skip
        self.board: Board = board(organization, self.group, self.kind, self._day(fallback.held_on))
        self.people = {one.person.public_id: one.person for one in self.board.by_id.values()}
        self.choices = [(one.public_id, one.name) for one in self.people.values()]
        self.when = WhenForm(
            self.data, today=today, kinds=kinds, also=self.also, groups=groups, people=self.choices
        )  # fmt: skip
        self.more = MoreForm(self.data)
        self.parts = [self._part(self.kind, MAIN), *(self._part(kind, kind.slug) for kind in self._also_chosen())]
        self.errors: list[tuple[str, str, int]] = []  # words, id of the field, block
        self.record: Record | None = None
        self._read()

    def _day(self, otherwise: date) -> date:
        try:
            day = read_day(self.data.get("held_on", ""), self.today)
        except DayUnreadable:
            return otherwise
        return min(day, self.today)  # who will be on the roster of a day to come, nobody knows

    def _also_chosen(self) -> list[ActivityKind]:
        chosen = self.data.getlist("also")
        return [kind for kind in self.also if kind.slug in chosen]

    # ---- blocks

    def _part(self, kind: ActivityKind, prefix: str) -> PartBlock:
        own = [" ".join(text.split())[:LONGEST_TITLE] for text in self.data.getlist(f"{prefix}-own")]
        own = list(dict.fromkeys(text for text in own if text))[:MOST_ITEMS]
        chosen = self.data.getlist(f"{prefix}-chips")
        last = self.last_topics if prefix == MAIN else []
        topics = list(dict.fromkeys([*last, *kind.topics, *chosen]))[: 2 * MOST_ITEMS]
        form = PartForm(self.data, prefix=prefix, topics=topics)
        block = PartBlock(kind, prefix, form, own)
        for title in dict.fromkeys([*(topic for topic in topics if topic in chosen), *own]):
            key = key_of(title)
            vote = VoteForm(self.data, prefix=f"{prefix}-vote-{key}")
            block.items.append(ItemBox(title, key, self.data.get(f"{prefix}-said-{key}", ""), vote))
        block.tasks = self._tasks(prefix)
        return block

    def _tasks(self, prefix: str) -> list[TaskForm]:
        columns = [self.data.getlist(f"{prefix}-{name}") for name in ("who", "task", "by")]
        longest = min(max(map(len, columns), default=0), MOST_ITEMS)
        forms = []
        for place in range(longest):
            who, task, by = (column[place] if place < len(column) else "" for column in columns)
            if who or task.strip() or by.strip():
                forms.append(
                    TaskForm({"person": who, "task": task, "due_on": by}, today=self.today, people=self.choices)
                )
        return [*forms, TaskForm(today=self.today, people=self.choices)]  # and an empty line to write on

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(one) for one in self.board.expected]

    def _line(self, one: Attendee) -> Line:
        person = one.person
        state = self.data.get(f"att-{person.public_id}", Status.PRESENT)
        offered = {Status.PRESENT, Status.ONLINE, Status.EXCUSED, Status.ABSENT}
        state = state if state in offered else Status.PRESENT
        ground, reason, prints = "", "", False
        if state in AWAY:
            ground = self.data.get(f"why-{person.public_id}", "")
            ground = ground if ground in Attendance.Ground.values else ""
            reason = " ".join(self.data.get(f"say-{person.public_id}", "").split())[:LONGEST_REASON]
            prints = bool(reason) and f"print-{person.public_id}" in self.data
        return Line(one, state, ground, reason, prints, _post_label(one.post), person.search_keys.split(" ")[-1])

    @cached_property
    def welcome(self) -> list[tuple[Attendee, bool]]:
        """Not expected, may have come: with the tick that says so."""
        chosen = self.data.getlist("extra")
        return [(one, one.person.public_id in chosen) for one in self.board.welcome]

    @property
    def online(self) -> bool:
        return self.data.get("online") == "on" or any(line.state == Status.ONLINE for line in self.lines)

    @property
    def away(self) -> list[Line]:
        off = {one for one, _reason in self.off_roster}
        return [line for line in self.lines if line.state in AWAY and line.attendee.person.public_id not in off]

    @property
    def has_reasons(self) -> bool:
        return any(line.reason for line in self.lines)

    @property
    def has_welcome(self) -> bool:
        return any(came for _one, came in self.welcome)

    @property
    def is_special(self) -> bool:
        return self.online or bool(self.off_roster or self.on_roster)

    @property
    def special_rows(self) -> list[dict[str, object]]:
        """Who was not expected after all, who was besides the roster: what is filled in, and one empty row each."""
        expected = [(line.attendee.person.public_id, line.attendee.person.name) for line in self.lines]
        others = [(one.person.public_id, one.person.name) for one, _came in self.welcome]
        kinds = (
            ("off", _("Was not expected"), self.off_roster, expected), ("on", _("Was expected too"), self.on_roster, others),
        )  # fmt: skip
        return [
            {"name": name, "label": label, "person": person, "reason": reason, "people": people}
            for name, label, pairs, people in kinds
            for person, reason in [*pairs, ("", "")]
        ]

    @property
    def has_more(self) -> bool:
        return any(self.data.getlist(name) for name in ("focus", "unit_work", "for_people"))

    @property
    def guests(self) -> str:
        return self.data.get("guests", "")

    @cached_property
    def off_roster(self) -> list[tuple[str, str]]:
        """Expected by the roster, yet not: (public id, reason)."""
        return self._pairs("off")

    @cached_property
    def on_roster(self) -> list[tuple[str, str]]:
        return self._pairs("on")

    def _pairs(self, name: str) -> list[tuple[str, str]]:
        who, why = self.data.getlist(f"{name}_who"), self.data.getlist(f"{name}_why")
        pairs = [(one, why[place].strip()[:120] if place < len(why) else "") for place, one in enumerate(who)]
        return [(one, reason) for one, reason in pairs if one in self.people]

    def count(self, *states: str) -> int:
        return sum(line.state in states for line in self.lines)

    @property
    def counts_for(self) -> date | None:
        """The period's first day, where it makes one good."""
        try:
            return date.fromisoformat(self.data.get("counts_for", ""))
        except ValueError:
            return None

    @property
    def is_roster(self) -> bool:
        return self.kind.behaviour in ROSTER_BEHAVIOURS

    @property
    def is_document(self) -> bool:
        return self.kind.behaviour == Behaviour.PAPER

    @property
    def quorum(self) -> "Quorum | None":
        """Where the meeting may vote."""
        if not self.kind.can_vote or not self.is_roster:
            return None
        off = {one for one, _reason in self.off_roster}
        entitled = [line for line in self.lines if line.attendee.can_vote and line.attendee.person.public_id not in off]
        rule = voting.rule_for(self.kind.behaviour, self.kind.slug, "")
        enough, short = voting.quorum_words(rule, len(entitled))
        present = sum(line.state in HERE for line in entitled)
        return Quorum(
            sentence=voting.quorum_sentence(rule, len(entitled), present), names=" ".join(line.name for line in entitled),
            enough=enough, short=short, least=voting.quorum_least(rule, len(entitled)),
        )  # fmt: skip

    # ---- the record

    def _read(self) -> None:
        forms = [(self.when, 1), (self.more, 3), *((part.form, 3) for part in self.parts)]
        for part in self.parts:
            forms += [(box.vote, 3) for box in part.items] + [(form, 3) for form in part.tasks if form.is_bound]
        for form, block in forms:
            if not form.is_valid():
                self.errors += [
                    (text, form[name].id_for_label if name != "__all__" else "", block)
                    for name, texts in form.errors.items()
                    for text in texts
                ]
        self._clean_group()
        if self.errors:
            return
        try:
            self.record = self._record()
            checks.check_record(self.record, self.board, self.today)
        except (RuleBroken, ValidationError) as error:
            self.record = None
            self.errors.append((" ".join(error.messages) if isinstance(error, ValidationError) else str(error), "", 4))

    def _clean_group(self) -> None:
        if self.kind.behaviour == Behaviour.GROUP and self.group is None:
            self.errors.append((_("Choose the Party group."), "id_group", 1))

    def _record(self) -> Record:
        when, more = self.when.cleaned_data, self.more.cleaned_data
        return Record(
            organization=self.organization, group=self.group, held_on=when["held_on"], starts_at=when["starts_at"],
            ends_at=when["ends_at"], place=when["place"], chair=self.people.get(when["chair"]),
            minute_taker=self.people.get(when["minute_taker"]), marks=tuple(self._marks()), guests=tuple(self._guests()),
            left_out={self.people[one].pk: reason for one, reason in self.off_roster},
            added={self.people[one].pk: reason for one, reason in self.on_roster},
            parts=tuple(self._part_read(part) for part in self.parts), counts_for=when["counts_for"],
            for_year=when["for_year"], focus=tuple(more["focus"]), unit_work=more["unit_work"], for_people=more["for_people"],
        )  # fmt: skip

    def _marks(self) -> Iterable[Mark]:
        if self.is_document:
            return
        if not self.is_roster:
            for one in self.when.cleaned_data["people"]:
                yield Mark(person=self.people[one], status=Status.PRESENT)
            return
        off, on = {one for one, _reason in self.off_roster}, {one for one, _reason in self.on_roster}
        for line in self.lines:
            person = line.attendee.person
            if person.public_id not in off:
                yield Mark(
                    person=person, status=line.state, ground=line.ground, reason=line.reason, print_reason=line.print_reason
                )  # fmt: skip
        for one, came in self.welcome:
            if one.person.public_id in on:
                yield Mark(person=one.person, status=Status.PRESENT)
            elif came:
                here = one.is_hosted or bool(one.left_out)  # a member all the same, only not missed
                yield Mark(person=one.person, status=Status.PRESENT if here else Status.OBSERVER)

    def _guests(self) -> list[str]:
        names = (" ".join(name.split()) for name in re.split(r"[,，;；、\n]", self.guests))
        guests = list(dict.fromkeys(name for name in names if name))
        if len(guests) > 60 or any(len(name) > 60 for name in guests):
            raise ValidationError(_("Write the guests' names with commas between them, each at most 60 characters."))
        return guests

    def _part_read(self, part: PartBlock) -> Part:
        said = part.form.cleaned_data
        return Part(
            kind=part.kind, topic=said["topic"], lecturer=said["lecturer"], minutes=said["minutes"].replace("\r\n", "\n").strip(),
            agenda=tuple(self._item(box) for box in part.items[:MOST_ITEMS]),
            decisions=tuple(
                Task(
                    task=form.cleaned_data["task"], person=self.people.get(form.cleaned_data["person"]),
                    due_on=form.cleaned_data["due_on"],
                )
                for form in part.tasks
                if form.is_bound
            ),
        )  # fmt: skip

    def _item(self, box: ItemBox) -> Item:
        counts = [box.vote.cleaned_data[name] for name in ("in_favour", "against", "abstain")]
        if any(count is not None for count in counts) and None in counts:
            raise ValidationError(
                _("Enter all three numbers of the vote on “%(item)s”; 0 where there were none.") % {"item": box.title}
            )
        count = None if None in counts else Count(in_favour=counts[0], against=counts[1], abstain=counts[2])
        remarks, notes = said_apart(box.said[:LONGEST_SAID], {one.name for one in self.people.values()})
        return Item(title=box.title[:LONGEST_TITLE], notes=notes, remarks=remarks, count=count)

    @property
    def sentence(self) -> str:
        return checks.attendance_sentence(self.record, self.board) if self.record else ""

    def block_of_first_error(self) -> int:
        return min((block for _words, _id, block in self.errors), default=0)


def said_apart(text: str, names: set[str]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Lines that begin with a name of somebody there are that person's remark; the rest are notes."""
    remarks: list[tuple[str, str]] = []
    notes = []
    for line in text.replace("\r\n", "\n").split("\n"):
        found = _SPEAKER.fullmatch(line)
        if found and found[1] in names:
            remarks.append((found[1], found[2].strip()))
        elif line.strip():
            notes.append(line.rstrip())
    return tuple(remarks), "\n".join(notes)


def _post_label(kind: str) -> str:
    from apps.branches.models import Post

    return str(Post.Kind(kind).label) if kind else ""
