"""What the lines would do to the tree below one organization, line by line. Reads, writes nothing."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.branches import notes, rules
from apps.branches.importing.reading import Line
from apps.branches.models import Organization, Person, Post
from apps.core.errors import RuleBroken
from apps.core.paths import LEVELS, WIDTH, ancestors

if TYPE_CHECKING:
    from apps.accounts.models import User

FACTS = ("short_name", "founded_on", "term_started_on", "election_due_on", "usual_place", "branch_type")


@dataclass(slots=True)
class Step:
    """`parent` is an organization that is there, or the step that makes it. `depth` counts from the organization at the top."""

    line: Line
    parent: "Organization | Step | None" = None
    existing: Organization | None = None
    changes: dict[str, object] = field(default_factory=dict)
    secretary: str = ""  # whom to enter; empty: nothing to do
    person: Person | None = None  # who that is, if in the books already

    @property
    def action(self) -> str:
        if self.line.has_error:
            return "error"
        if self.existing is None:
            return "new"
        return "change" if self.changes or self.secretary else "same"

    @property
    def changed_labels(self) -> list[str]:
        return [str(Organization._meta.get_field(key).verbose_name) for key in self.changes]

    @property
    def parent_name(self) -> str:
        return self.parent.line.name if isinstance(self.parent, Step) else self.parent.name if self.parent else ""

    @property
    def kind(self) -> str:
        return self.line.values.get("kind", "")

    @property
    def kind_label(self) -> str:
        words = [str(label) for value, label in Organization.Kind.choices if value == self.kind]
        special = self.line.values.get("branch_type")
        if special and special != Organization.BranchType.ORDINARY:
            words += [str(label) for value, label in Organization.BranchType.choices if value == special]
        return " · ".join(words)


@dataclass(slots=True)
class Plan:
    """`steps` as they stand in the file."""

    steps: list[Step]

    def count(self, action: str) -> int:
        return sum(step.action == action for step in self.steps)

    @property
    def writes(self) -> int:
        return self.count("new") + self.count("change")

    @property
    def secretaries(self) -> int:
        return sum(bool(step.secretary) and step.action != "error" for step in self.steps)

    @property
    def digest(self) -> str:
        """Of all that was shown: when it differs at the confirmation, the tree has moved on."""
        rows = [
            (
                s.line.number,
                s.action,
                s.line.name,
                s.parent_name,
                sorted(s.changes),
                s.secretary,
                s.person.pk if s.person else 0,
            )
            for s in self.steps
        ]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()

    def in_order(self) -> list[Step]:
        """Parents before children; cycles were found out before."""
        done: list[Step] = []
        seen: set[int] = set()

        def add(step: Step) -> None:
            if id(step) in seen:
                return
            seen.add(id(step))
            if isinstance(step.parent, Step):
                add(step.parent)
            done.append(step)

        for step in self.steps:
            if step.action in ("new", "change"):
                add(step)
        return done


def make_plan(lines: list[Line], top: Organization, user: "User", today: date) -> Plan:
    """A constant number of queries, whatever the number of lines."""
    lines = [Line.load(line.dump()) for line in lines]  # what reading found stays as it is
    plan = Plan([Step(line) for line in lines])
    named = _names(lines)
    tree = Organization.objects.under(top.path).active(today).filter(Q(name__in=named) | Q(short_name__in=named))
    known = {top.pk: top} | {organization.pk: organization for organization in tree}
    _parents(plan, top, known)
    _existing(plan, list(known.values()))
    _double_meanings(plan)
    _twice(plan)
    _rings(plan)
    _places(plan)
    _secretaries(plan, top, user, today)
    _children_of_errors(plan)
    return plan


def _names(lines: list[Line]) -> set[str]:
    return ({line.name for line in lines} | {line.values.get("parent", "") for line in lines}) - {""}


def _parents(plan: Plan, top: Organization, known: dict[int, Organization]) -> None:
    by_name: dict[str, list[Organization | Step]] = {}
    for organization in known.values():
        for name in {organization.name, organization.short_name} - {""}:
            by_name.setdefault(name, []).append(organization)
    for step in plan.steps:
        line, wanted = step.line, step.line.values.get("parent", "")
        if line.name == top.name and wanted not in by_name:  # lists often begin with the level itself
            step.existing = top
            continue
        if not wanted:
            elsewhere = [
                each for each in known.values() if each.name == line.name and each.parent_id != top.pk and each != top
            ]
            if elsewhere:
                line.trouble(
                    "parent",
                    _("“%(name)s” is there under another level. Say which one is meant.") % {"name": line.name},
                )
            step.parent = top
            continue
        found = list(by_name.get(wanted, []))
        # A row of the file that is in the tree already is that organization, not a second one.
        found += [
            each for each in plan.steps
            if each is not step and each.line.name == wanted
            and not any(isinstance(f, Organization) and f.name == wanted for f in found)
        ]  # fmt: skip
        if len(found) == 1:
            step.parent = found[0]
        elif found:
            line.trouble("parent", _several(wanted))
        else:
            line.trouble("parent", _("“%(name)s” is neither in the file nor below this level.") % {"name": wanted})


def _existing(plan: Plan, tree: list[Organization]) -> None:
    there = {(organization.parent_id, organization.name): organization for organization in tree}
    for step in plan.steps:
        line = step.line
        if step.existing is not None:
            continue
        if isinstance(step.parent, Organization):
            step.existing = there.get((step.parent.pk, line.name))
        if step.existing is None:
            continue
        if line.values.get("kind") and line.values["kind"] != step.existing.kind:
            line.trouble("type", _("It is there already, of another kind."))
        for key in FACTS:
            new = line.day(key) if key.endswith("_on") else line.values.get(key)
            if key == "branch_type" and not line.values.get("type"):
                continue
            if new and new != getattr(step.existing, key):
                step.changes[key] = new


def _double_meanings(plan: Plan) -> None:
    """The level above is in the tree, and the file sets up another one of that name: which is meant?"""
    for step in plan.steps:
        wanted, above = step.line.values.get("parent", ""), step.parent
        if wanted and isinstance(above, Organization):
            twins = [each for each in plan.steps if each is not step and each.line.name == wanted]
            if any(each.existing is None or each.existing.pk != above.pk for each in twins):
                step.line.trouble("parent", _several(wanted))


def _several(name: str) -> str:
    return _("Several organizations are called “%(name)s”. Import below the right one.") % {"name": name}


def _twice(plan: Plan) -> None:
    counts = Counter((_key(step.parent), step.line.name) for step in plan.steps if step.line.name)
    seen: dict[tuple[object, str], Step] = {}
    for step in plan.steps:
        key = (_key(step.parent), step.line.name)
        if counts[key] < 2:
            continue
        if first := seen.get(key):
            step.line.trouble("name", _("The same as in row %(row)d.") % {"row": first.line.number})
        seen.setdefault(key, step)


def _key(parent: "Organization | Step | None") -> object:
    return id(parent) if isinstance(parent, Step) else parent.pk if parent else None


def _rings(plan: Plan) -> None:
    for step in plan.steps:
        at: Organization | Step | None = step.parent
        passed = {id(step)}
        while isinstance(at, Step):
            if id(at) in passed:
                step.line.trouble("parent", _("It would stand below itself."))
                step.parent = None
                break
            passed.add(id(at))
            at = at.parent


def _places(plan: Plan) -> None:
    for step in plan.steps:
        if step.existing or not step.kind or step.parent is None:
            continue
        parent, levels = step.parent, 1
        while isinstance(parent, Step):
            parent, levels = parent.parent, levels + 1
        if parent is not None and len(parent.path) // (WIDTH + 1) + levels > LEVELS:
            step.line.trouble("parent", _("The tree is at most seven levels deep."))
        above = step.parent
        if isinstance(above, Step):
            above = above.existing or Organization(kind=above.kind, name=above.line.name)
        try:
            rules.check_parent(step.kind, above)
        except RuleBroken as error:
            step.line.trouble("parent", str(error))


def _secretaries(plan: Plan, top: Organization, user: "User", today: date) -> None:
    """Entered only by the nearest staff, only where nobody is in office, and only if it is clear who is meant."""
    steps = [step for step in plan.steps if step.line.values.get("secretary")]
    if not steps:
        return
    ids = {step.existing.pk for step in steps if step.existing}
    office = {
        row.organization_id: row
        for row in Post.objects.on(today)
        .filter(kind=Post.Kind.SECRETARY, organization__in=ids)
        .select_related("person")
    }
    people: dict[tuple[int, str], list[Person]] = {}
    for person in Person.objects.filter(organization__in=ids, name__in={s.line.values["secretary"] for s in steps}):
        people.setdefault((person.organization_id, person.name), []).append(person)
    staffed = _staffed(steps, top, today)
    for step in steps:
        name, line = step.line.values["secretary"], step.line
        held = office.get(step.existing.pk) if step.existing else None
        if held is not None:
            if held.person.name != name:
                line.trouble(
                    "secretary",
                    _("%(name)s is secretary. End that post first.") % {"name": held.person},
                    is_error=False,
                )
            continue
        answering = _nearest(step, staffed)
        if answering is None or answering not in user.reach.staff_of:
            line.trouble(
                "secretary", _("Not written: secretaries are entered by the staff nearest above."), is_error=False
            )
            continue
        found = people.get((step.existing.pk, name), []) if step.existing else []
        if len(found) > 1:
            line.trouble(
                "secretary", _("Several people here are called %(name)s. Enter the post on the page.") % {"name": name}
            )
            continue
        if found and found[0].pk == user.reach.person_id:
            line.trouble("secretary", _("Nobody enters a post for themselves."), is_error=False)
            continue
        step.secretary, step.person = name, found[0] if found else None


def _staffed(steps: list[Step], top: Organization, today: date) -> dict[str, int]:
    """Path → organization with staff today, on all ways up from the lines."""
    paths = {top.path, *ancestors(top.path)}
    for step in steps:
        if step.existing:
            paths |= set(ancestors(step.existing.path))
        at = step.parent
        while isinstance(at, Step):
            at = at.existing or at.parent
        if at is not None:
            paths |= {at.path, *ancestors(at.path)}
    posts = Post.objects.on(today).filter(kind=Post.Kind.AFFAIRS_WORKER, organization__path__in=paths)
    return dict(posts.values_list("organization__path", "organization_id"))


def _nearest(step: Step, staffed: dict[str, int]) -> int | None:
    """New organizations have no staff yet: the way up begins at the first one that is there."""
    at: Organization | Step | None = step.parent
    while isinstance(at, Step):
        at = at.existing or at.parent
    if at is None:
        return None
    return next((staffed[path] for path in (at.path, *reversed(ancestors(at.path))) if path in staffed), None)


def _children_of_errors(plan: Plan) -> None:
    """What stands below a row that is left out is left out too; the order in the file may be any."""
    again = True
    while again:
        again = False
        for step in plan.steps:
            above = step.parent
            if isinstance(above, Step) and above.line.has_error and not step.line.has_error:
                step.line.trouble("parent", _("“%(name)s” above it is left out.") % {"name": above.line.name})
                again = True


def term_end(step: Step) -> date | None:
    """The day in the file, else the usual term of a branch."""
    began, due = step.line.day("term_started_on"), step.line.day("election_due_on")
    if due or not began or step.kind != Organization.Kind.BRANCH:
        return due
    return notes.months_later(began, 12 * notes.TERM_YEARS)
