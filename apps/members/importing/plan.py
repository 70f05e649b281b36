"""What an import would write, row by row: new, changed, the same, a question, a problem, left out."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Membership, Organization, Post
from apps.members import roster_checks
from apps.members.exporting import Entry
from apps.members.importing import fields, membership, snapshot
from apps.members.importing.choices import Choices
from apps.members.importing.matching import birth_of, match
from apps.members.importing.posts import NewPost, Rights, posts_of
from apps.members.importing.snapshot import Known, Snapshot
from apps.members.models import MemberDetails
from apps.members.roster_columns import BY_KEY
from apps.members.roster_rows import SKIPPED, RosterReading, RosterRow
from apps.members.roster_values import ASK, Reading, Trouble

NEW, UPDATE, SAME, QUESTION, PROBLEM, LEFT_OUT = "new", "update", "same", "ask", "problem", "left_out"
BETWEEN_ROWS = {"duplicate_id", "duplicate_person", "too_many_namesakes", "shared_mobile"}
_GENERIC = re.compile(r"中国共产党|中共|党支部|支部|委员会|\s")


@dataclass(slots=True)
class RowPlan:
    row: RosterRow
    ref: str
    kind: str = PROBLEM
    known: Known | None = None
    candidates: list[Known] = field(default_factory=list)
    name: str = ""  # set where a known person takes this name
    id_number: str = ""  # set where a number is added
    differences: list[fields.Difference] = field(default_factory=list)
    start: membership.Start | None = None
    turns: list[membership.Turn] = field(default_factory=list)
    posts: list[NewPost] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return self.kind in (NEW, UPDATE)

    @property
    def group(self) -> str:
        """Name of the group the row puts the person in, "" for none or no change."""
        if self.start:
            return self.start.state["group"]
        return next((turn.values["group"] for turn in self.turns if "group" in turn.values), "")


@dataclass(slots=True)
class Plan:
    rows: list[RowPlan]
    snapshot: Snapshot
    new_groups: list[str]
    digest: str

    def counts(self) -> Counter:
        return Counter(plan.kind for plan in self.rows)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything beside the file that decides."""

    branch: Organization
    choices: Choices
    since: date
    reading: Reading
    rights: Rights


def build(reading: RosterReading, given: Conditions, progress: Callable[[int], None] = lambda done: None) -> Plan:
    numbers = {row.values["id_number"] for row in reading.rows if "id_number" in row.values}
    found = snapshot.take(given.branch, numbers, given.reading.today)
    left_out = set(given.choices.left_out)
    plans = [RowPlan(row, f"{row.sheet}!{row.number}") for row in reading.rows]
    kept = [plan for plan in plans if plan.ref not in left_out]
    for plan in plans:  # a row left out is in nobody's way
        plan.row.problems = [problem for problem in plan.row.problems if problem.code not in BETWEEN_ROWS]
        plan.kind = LEFT_OUT if plan.ref in left_out else PROBLEM
    roster_checks.check_duplicates([plan.row for plan in kept])
    for plan in kept:
        _identify(plan, found, given)
    _one_row_each(kept)
    for done, plan in enumerate(kept, 1):
        _settle(plan, given)
        if done % 500 == 0:
            progress(done)
    wanted = dict.fromkeys(plan.group for plan in kept if plan.writes and plan.group)
    new_groups = [name for name in wanted if name not in found.groups]
    return Plan(plans, found, new_groups, _digest(kept, new_groups, given))


def _identify(plan: RowPlan, found: Snapshot, given: Conditions) -> None:
    row = plan.row
    fields.check_lengths(row)
    named = row.values.get("organization")
    if named and not _is_called(given.branch, named):
        words = _("The file says “{branch}”. Does this person belong to this branch?")
        row.add("organization", Trouble("other_branch", format_lazy(words, branch=named), ASK))
    if "group" in row.values:
        row.values["group"] = snapshot.group_called(found, row.values["group"])
    if row.is_blocked:
        return
    matched = match(row, found, given.choices.same, plan.ref)
    plan.known, plan.candidates = matched.known, matched.candidates


def _is_called(branch: Organization, text: str) -> bool:
    asked = _GENERIC.sub("", text)
    names = [_GENERIC.sub("", name) for name in (branch.name, branch.short_name) if name]
    return any(asked and name and (asked.endswith(name) or name.endswith(asked)) for name in names)


def _one_row_each(kept: list[RowPlan]) -> None:
    seen: dict[int, list[RowPlan]] = {}
    for plan in kept:
        if plan.known:
            seen.setdefault(plan.known.person.pk, []).append(plan)
    for plans in seen.values():
        for plan in plans if len(plans) > 1 else ():
            other = next(each for each in plans if each is not plan)
            words = _("The same person on the roster is meant in {place}.")
            plan.row.add("name", Trouble("same_person", roster_checks.place(words, plan.row, other.row)))


def _settle(plan: RowPlan, given: Conditions) -> None:
    row, known = plan.row, plan.known
    if row.is_blocked:
        return
    if plan.candidates:
        plan.kind = QUESTION
        return
    current = known.current if known else None
    if current is None:
        if known and not known.rows and given.choices.same.get(plan.ref) != known.person.public_id:
            words = _("On record here without membership. Put on the roster?")
            row.add("name", Trouble("not_a_member_yet", words, ASK))
        plan.start = membership.start_of(row, known, since=given.since, category=given.choices.category)
        first_day, group = (plan.start.on, plan.start.state["group"]) if plan.start else (given.since, "")
    else:
        plan.turns = membership.turns_of(row, known, since=given.since)
        group = plan.group or (current.group.name if current.group else "")
        first_day = max(given.since, known.rows[0].starts_on)
    if row.is_blocked:
        return
    plan.posts = posts_of(row, known, given.rights, starts_on=first_day, group=group)
    if known and known.person.name != row.values["name"]:
        plan.name = row.values["name"]
    if "id_number" in row.values and (known is None or not _has_number(known, row.values["id_number"])):
        plan.id_number = row.values["id_number"]
    if known and not plan.id_number:  # what follows from a number on record is no news
        row.values = {key: value for key, value in row.values.items() if key not in row.derived or key == "category"}
    plan.differences = fields.differences(row, _entry(known, given.branch), given.reading)
    if row.needs_answer and plan.ref not in given.choices.right:
        plan.kind = QUESTION
    elif known is None:
        plan.kind = NEW
    else:
        changes = plan.differences or plan.turns or plan.posts or plan.start or plan.name or plan.id_number
        plan.kind = UPDATE if changes else SAME


def _has_number(known: Known, number: str) -> bool:
    own = known.person.id_number_hash
    return own is not None and bytes(own) == snapshot.fingerprint(number)


def _entry(known: Known | None, branch: Organization) -> Entry | None:
    if known is None:
        return None
    details = known.details or MemberDetails(person=known.person)
    return Entry(known.current or Membership(), known.person, details, known.posts, branch)


# --- For the preview ------------------------------------------------------------------------------------------------------


def changes_of(plan: RowPlan) -> list[dict[str, str]]:
    """What would be written, cell by cell, in words."""
    found = [_change(plan, d.key, d.before, d.after) for d in plan.differences] if plan.known else []
    if plan.name and plan.known:
        found.append(_change(plan, "name", plan.known.person.name, plan.name))
    if plan.id_number and plan.known:
        before, number = plan.known.person.id_number_masked, plan.id_number
        found.append(_change(plan, "id_number", before, f"{number[:4]}{'*' * 10}{number[-4:]}"))
    for turn in plan.turns:
        found += [_change(plan, key, before, after, turn.day) for key, before, after in turn.shown]
    if plan.start:
        label = str(Membership.Category(plan.start.category).label)
        words = (
            _("{category}, from {day}") if not plan.start.full_from else _("Probationary from {day}, full from {full}")
        )
        after = format_lazy(words, category=label, day=plan.start.on.isoformat(), full=str(plan.start.full_from))
        found.append(
            {
                "label": str(_("Membership")),
                "letter": plan.row.columns.get("category", ""),
                "before": "",
                "after": str(after),
            }
        )
        if plan.start.state["group"]:
            found.append(_change(plan, "group", "", plan.start.state["group"]))
    for post in plan.posts:
        found.append(_change(plan, "party_post", "", str(Post.Kind(post.kind).label), post.starts_on))
    return found


def _change(plan: RowPlan, key: str, before: str, after: str, day: date | None = None) -> dict[str, str]:
    found = {"label": str(BY_KEY[key].label), "letter": plan.row.columns.get(key, ""), "before": before, "after": after}
    return found | ({"from": day.isoformat()} if day else {})


def as_shown(plan: Plan, reading: RosterReading, language: str) -> dict[str, Any]:
    """For the sealed file behind the preview. Words are in `language`; the page asks for another one if it is read in another."""
    rows = [
        {
            "ref": each.ref,
            "sheet": each.row.sheet,
            "number": each.row.number,
            "kind": each.kind,
            "name": each.row.values.get("name") or each.row.texts.get("name", ""),
            "changes": changes_of(each) if each.kind in (NEW, UPDATE, QUESTION) else [],
            "problems": [_problem(problem) for problem in each.row.problems] if each.kind != LEFT_OUT else [],
            "candidates": [
                {
                    "id": known.person.public_id,
                    "born": str(birth_of(known) or ""),
                    "number": known.person.id_number_masked,
                    "phone": known.person.mobile_phone[-4:],
                    "is_member": known.current is not None,
                }
                for known in each.candidates
            ],
            "asks": each.kind == QUESTION and each.row.needs_answer,
            "had_question": each.row.needs_answer,
        }
        for each in plan.rows
    ]
    skipped = [
        {"sheet": row.sheet, "number": row.number, "reason": str(SKIPPED[row.reason]), "text": row.text}
        for row in reading.skipped
        if row.reason != "empty"
    ]
    hidden = sum(row.reason == "hidden" for row in reading.skipped)
    return {"language": language, "rows": rows, "skipped": skipped, "new_groups": plan.new_groups, "hidden": hidden}


def _problem(problem: Any) -> dict[str, str]:
    """ID numbers stay masked here as well: the cell says where to look."""
    text = problem.text
    if problem.field == "id_number" and len(text) > 8:
        text = f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"
    label = str(BY_KEY[problem.field].label) if problem.field in BY_KEY else ""
    return {
        "letter": problem.column,
        "label": label,
        "code": problem.code,
        "level": problem.level,
        "message": str(problem.message),
        "text": text[:60],
    }


def _digest(kept: list[RowPlan], new_groups: list[str], given: Conditions) -> str:
    """Of everything that would be written, and of whom; independent of the reader's language."""
    said = [
        [
            plan.ref,
            plan.kind,
            plan.known.person.public_id if plan.known else "",
            plan.known.person.version if plan.known else 0,
            [[d.key, d.before, d.after] for d in plan.differences],
            plan.name,
            bool(plan.id_number),
            str(plan.start),
            [[turn.day.isoformat(), str(turn.values)] for turn in plan.turns],
            [str(post) for post in plan.posts],
        ]
        for plan in kept
        if plan.writes
    ]
    whole = json.dumps([said, new_groups, given.since.isoformat()], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()
