"""The way of a row of the ledger, from the problem to its closing. Other apps call `ledger.open`; the rest are steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.branches.models import Organization, Person, Post
from apps.core.days import long_day
from apps.core.errors import EditConflict, RuleBroken
from apps.supervision import rules
from apps.supervision.models import Measure, Rectification, Step
from apps.supervision.models.ledger import NO_DATE

if TYPE_CHECKING:
    from apps.accounts.models import User

State, Nature, Kind = Rectification.State, Rectification.Nature, Step.Kind
SNIPPET = 200


def checking_organization(by: "User", organization: Organization) -> Organization | None:
    """From which level the user looks at the branch: None as one of its own committee, else the lowest committee the user is
    staff of above it. Raises RuleBroken for whoever may do neither.
    """
    if organization.pk in by.reach.committee_of:
        return None
    above = Organization.objects.filter(
        pk__in=by.reach.staff_of, path__in=[*organization.ancestor_paths, organization.path]
    )
    found = above.order_by("-path").first()
    if found is None:
        raise RuleBroken(_("The branch committee and the staff above it enter what is to be put right."))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A problem that becomes a row. `source_key` names what it came from (“voices.opinion:17”): one key, one row."""

    problem: str
    nature: str
    due_on: date | None = None
    category: str = Rectification.Category.OTHER
    basis: str = ""
    goal: str = ""
    source_key: str | None = None


def open(
    *, organization: Organization, problem: str, source: str, nature: str, by: "User | None", now: datetime,
    checking: Organization | None = None, found_on: date | None = None, due_on: date | None = None,
    category: str = Rectification.Category.OTHER, basis: str = "", goal: str = "", measures: Sequence[str] = (),
    owner: Person | None = None, owner_post: str = "", source_label: str = "", source_url: str = "",
    source_key: str | None = None,
) -> Rectification:  # fmt: skip
    """A new row. `checking`: whose staff close it, None where the branch found it itself.

    `source_key` makes it one row however often it is asked for; the caller has checked that `by` may. `source_label` and
    `source_url` say to readers where it comes from; what is confidential must not stand in them.
    """
    found = Found(
        problem=problem, nature=nature, due_on=due_on, category=category, basis=basis, goal=goal, source_key=source_key
    )  # fmt: skip
    with transaction.atomic():
        row, is_new = _opened(
            organization=organization, found=[found], source=source, by=by, now=now, checking=checking, found_on=found_on,
            source_label=source_label, source_url=source_url,
        )[0]  # fmt: skip
        if not is_new:
            return row
        if owner is not None or owner_post:
            _own(row, owner, owner_post)
            row.save(update_fields=["owner", "owner_post", "owners_ever", "owner_posts_ever"])
        if lines := _lines(measures):
            _measures(row, lines, by, now)
    return row


def open_many(
    *, organization: Organization, found: Sequence[Found], source: str, by: "User | None", now: datetime,
    checking: Organization | None = None, found_on: date | None = None, source_label: str = "", source_url: str = "",
) -> list[Rectification]:  # fmt: skip
    """Several of one source at once, in their order; as `open` for each, in a number of queries that does not grow.

    The caller holds a lock on what they come from and has seen that it was not sent yet: keys only guard against mistakes.
    """
    with transaction.atomic(savepoint=False):
        opened = _opened(
            organization=organization, found=found, source=source, by=by, now=now, checking=checking, found_on=found_on,
            source_label=source_label, source_url=source_url, alone=False,
        )  # fmt: skip
    return [row for row, _is_new in opened]


def _opened(
    *, organization: Organization, found: Sequence[Found], source: str, by: "User | None", now: datetime,
    checking: Organization | None, found_on: date | None, source_label: str, source_url: str, alone: bool = True,
) -> list[tuple[Rectification, bool]]:  # fmt: skip
    """Each row with whether it is new. `alone`: nobody holds a lock, so somebody else may open the same at this moment."""
    if checking is not None and (checking.pk == organization.pk or not organization.path.startswith(checking.path)):
        raise RuleBroken(_("Only a level above the branch checks what it has found there."))
    keys = [one.source_key for one in found if one.source_key]
    there = {row.source_key: row for row in Rectification.objects.filter(source_key__in=keys)} if keys and alone else {}
    day = found_on or now.date()
    rows = [
        there.get(one.source_key)
        or Rectification(
            organization=organization, path=organization.path, source=source, source_label=source_label[:120],
            source_url=source_url[:200], source_key=one.source_key, found_on=day, category=one.category,
            problem=_problem(one), goal=" ".join(one.goal.split())[:200], basis=" ".join(one.basis.split())[:200],
            nature=one.nature, due_on=one.due_on, order_on=one.due_on or NO_DATE, checking=checking, created_by=by,
        )
        for one in found
    ]  # fmt: skip
    new = [row for row in rows if row.pk is None]
    try:
        with transaction.atomic(savepoint=alone):
            Rectification.objects.bulk_create(new)
    except IntegrityError:  # both presses of the button arrived together
        if not alone:
            raise
        there = {row.source_key: row for row in Rectification.objects.filter(source_key__in=keys)}
        if any(row.source_key not in there for row in new):
            raise
        return [(there.get(row.source_key, row), False) for row in rows]
    Step.objects.bulk_create(
        Step(rectification=row, kind=Kind.OPENED, on=day, text=source_label[:SNIPPET], by=by, at=now) for row in new
    )
    made = {id(row) for row in new}
    return [(row, id(row) in made) for row in rows]


def _problem(one: Found) -> str:
    text = " ".join(one.problem.split())
    if not text:
        raise RuleBroken(_("Say what the problem is."))
    if one.nature == Nature.BY_DATE and one.due_on is None:
        raise RuleBroken(_("Say by when it is to be put right."))
    return text[:500]


def _lines(texts: Sequence[str]) -> list[str]:
    return [line for line in (" ".join(one.split()) for one in texts) if line]


@transaction.atomic
def owner_set(
    *, row: Rectification, by: "User", now: datetime, version: int, owner: Person | None = None, owner_post: str = "",
    lead: Person | None = None,
) -> Rectification:  # fmt: skip
    """The branch says who puts it right: one of its people, or a post whoever holds it."""
    row = _locked(row, by, now, "assign", Rectification.objects.assignable_by(by), version)
    if owner is None and not owner_post:
        raise RuleBroken(_("Choose who puts it right."))
    if (row.owner, row.owner_post, row.lead) == (owner, owner_post, lead):
        return row
    _own(row, owner, owner_post)
    row.lead = lead
    return _moved(row, "assign", Kind.ASSIGNED, by, now, text=row.owner_text)


def _own(row: Rectification, owner: Person | None, owner_post: str) -> None:
    for person in (owner, row.lead):
        if person and person.organization_id != row.organization_id:
            raise RuleBroken(_("%(name)s is not in this branch.") % {"name": person.name})
    row.owner, row.owner_post = owner, "" if owner else owner_post
    if row.owner_id and row.owner_id not in row.owners_ever:
        row.owners_ever = [*row.owners_ever, row.owner_id]
    if row.owner_post and row.owner_post not in row.owner_posts_ever:
        row.owner_posts_ever = [*row.owner_posts_ever, row.owner_post]


@transaction.atomic
def measures_add(
    *, row: Rectification, by: "User", now: datetime, texts: Sequence[str], request_key: str | None = None
) -> Rectification:
    row = _locked(row, by, now, "measures", Rectification.objects.manageable_by(by, now.date()))
    if _seen(request_key):
        return row
    lines = _lines(texts)
    if not lines:
        raise RuleBroken(_("Write at least one measure."))
    _measures(row, lines, by, now, request_key)
    return row


def _measures(
    row: Rectification, lines: Sequence[str], by: "User | None", now: datetime, request_key: str | None = None
) -> None:
    there = list(Measure.objects.filter(rectification=row).values_list("text", flat=True))
    new = [line for line in dict.fromkeys(lines) if line not in there]
    if len(there) + len(new) > rules.LONGEST_MEASURES:
        raise RuleBroken(_("A row holds at most %(most)d measures.") % {"most": rules.LONGEST_MEASURES})
    Measure.objects.bulk_create(
        Measure(rectification=row, order=len(there) + place, text=text[:300]) for place, text in enumerate(new, 1)
    )
    if new:
        _moved(row, "measures", Kind.MEASURES, by, now, text="；".join(new)[:1000], request_key=request_key)


@transaction.atomic
def measures_done(*, row: Rectification, by: "User", now: datetime, done: Sequence[int]) -> Rectification:
    """Of the row's measures, these (by order) are done today; those done before stay done."""
    row = _locked(row, by, now, "measure_done", Rectification.objects.manageable_by(by, now.date()))
    new = list(Measure.objects.filter(rectification=row, order__in=done, done_on=None))
    for one in new:
        one.done_on, one.done_by = now.date(), by
    Measure.objects.bulk_update(new, ["done_on", "done_by"])
    if new:
        text = "；".join(one.text for one in new)[:1000]
        return _moved(row, "measure_done", Kind.MEASURE_DONE, by, now, text=text)
    return row


@transaction.atomic
def progress_note(
    *, row: Rectification, by: "User", now: datetime, text: str, on: date | None = None, request_key: str | None = None
) -> Rectification:
    """What has been done by `on`: one dated line."""
    row = _locked(row, by, now, "progress", Rectification.objects.manageable_by(by, now.date()))
    if _seen(request_key):
        return row
    day = on or now.date()
    if day > now.date() or day < row.found_on:
        raise RuleBroken(_("Progress is dated between the day it was found and today."))
    said = _said(text, _("Say in a sentence what has been done."))
    return _moved(row, "progress", Kind.PROGRESS, by, now, on=day, text=said, request_key=request_key)


@transaction.atomic
def closing_ask(*, row: Rectification, by: "User", now: datetime, text: str) -> Rectification:
    """The branch, or the owner, says that it is put right. Asked twice changes nothing."""
    fresh = Rectification.objects.get(pk=row.pk)
    if fresh.state == State.CLOSURE_REQUESTED and fresh.asked_by_id == by.pk:
        return fresh
    row = _locked(row, by, now, "ask", Rectification.objects.manageable_by(by, now.date()))
    said = _said(text, _("Say in a sentence what has been done."))
    row.asked_at, row.asked_by = now, by
    return _moved(row, "ask", Kind.ASKED, by, now, text=said)


@transaction.atomic
def closing_accept(*, row: Rectification, by: "User", now: datetime, text: str = "") -> Rectification:
    """The checker is satisfied. What is long-term is kept up first, and closed when the checker says so again."""
    fresh = Rectification.objects.get(pk=row.pk)
    if fresh.closed_by_id == by.pk and fresh.state == State.CLOSED:
        return fresh
    keeps_up = fresh.nature == Nature.LONG_TERM and fresh.state == State.CLOSURE_REQUESTED
    step = "keep_up" if keeps_up else "accept"
    row = _locked(row, by, now, step, Rectification.objects.checkable_by(by, now.date()))
    if not keeps_up:
        row.closed_at, row.closed_by = now, by
    kind = Kind.KEPT_UP if keeps_up else Kind.CLOSED
    return _moved(row, step, kind, by, now, text=" ".join(text.split())[:1000])


@transaction.atomic
def closing_return(*, row: Rectification, by: "User", now: datetime, reason: str) -> Rectification:
    """Not put right yet: back to the branch with a reason."""
    row = _locked(row, by, now, "return", Rectification.objects.checkable_by(by, now.date()))
    said = _said(reason, _("Write one sentence saying why."))
    return _moved(row, "return", Kind.RETURNED, by, now, text=said)


@transaction.atomic
def row_reopen(*, row: Rectification, by: "User", now: datetime, reason: str) -> Rectification:
    """It has come back, or was closed too early."""
    row = _locked(row, by, now, "reopen", Rectification.objects.checkable_by(by, now.date()))
    said = _said(reason, _("Write one sentence saying why."))
    row.closed_at = row.closed_by = row.asked_at = row.asked_by = None
    return _moved(row, "reopen", Kind.REOPENED, by, now, text=said)


@transaction.atomic
def facts_change(
    *, row: Rectification, by: "User", now: datetime, version: int, reason: str, facts: dict[str, Any]
) -> Rectification:
    """The checker changes what was found or by when: `facts` of problem, goal, basis, category, nature, due_on."""
    row = _locked(row, by, now, "change", Rectification.objects.checkable_by(by, now.date()), version)
    before = {name: getattr(row, name) for name in facts}
    for name, value in facts.items():
        setattr(row, name, value)
    if row.nature == Nature.BY_DATE and row.due_on is None:
        raise RuleBroken(_("Say by when it is to be put right."))
    row.order_on = row.due_on or NO_DATE
    if before == facts:
        return row
    said = _said(reason, _("Write one sentence saying why."))
    if before.get("due_on") != row.due_on:
        old, new = (long_day(day) if day else "—" for day in (before.get("due_on"), row.due_on))
        said = f"{said}（{old} → {new}）"
    return _moved(row, "change", Kind.CHANGED, by, now, text=said[:1000])


def accept_many(*, rows: Sequence[Rectification], by: "User", now: datetime) -> tuple[int, list[str]]:
    """Accept several at once, each for itself: how many, and why others were not."""
    done, problems = 0, []
    for row in rows:
        try:
            closing_accept(row=row, by=by, now=now)
        except RuleBroken as error:
            problems.append(f"{row}: {error}")
        else:
            done += 1
    return done, problems


def accepted_text(done: int) -> str:
    return ngettext("%(count)d row accepted.", "%(count)d rows accepted.", done) % {"count": done}


def _locked(
    row: Rectification, by: "User", now: datetime, step: str, allowed: Any, version: int | None = None
) -> Rectification:
    """The row as it is now, locked; refuses whoever may not and what the state does not allow."""
    rows = allowed.filter(pk=row.pk).select_for_update(of=("self",))
    current: Rectification | None = rows.select_related("organization", "owner", "lead").first()
    if current is None:
        raise RuleBroken(REFUSED.get(step, REFUSED[""])())
    if not rules.may(step, current.state):
        raise EditConflict(_("Somebody has moved this row on meanwhile. Look at how it stands now."))
    if version is not None and current.version != version:
        raise EditConflict(_("Somebody has changed this row meanwhile. Look at how it stands now, then save again."))
    return current


REFUSED = {
    "": lambda: _("The branch committee and the owner work on this row."),
    "assign": lambda: _("The branch committee says who puts it right."),
    **dict.fromkeys(
        ("accept", "keep_up", "return", "reopen", "change"),
        lambda: _("Only whoever checks this row does that; never its owner, nor the branch that is checked."),
    ),
}


def _said(text: str, empty: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise RuleBroken(empty)
    if len(said) > 900:
        raise RuleBroken(_("Write at most 900 characters; add the rest as a file."))
    return said


def _seen(request_key: str | None) -> bool:
    return bool(request_key) and Step.objects.filter(request_key=request_key).exists()


def _moved(
    row: Rectification, step: str, kind: str, by: "User | None", now: datetime, *, on: date | None = None, text: str = "",
    request_key: str | None = None,
) -> Rectification:  # fmt: skip
    row.state = rules.leads_to(step, row.state)
    row.version += 1
    row.save()
    _step(row, kind, by, now, on=on or now.date(), text=text, request_key=request_key)
    return row


def _step(
    row: Rectification, kind: str, by: "User | None", now: datetime, *, on: date, text: str, request_key: str | None = None
) -> None:  # fmt: skip
    Step.objects.create(rectification=row, kind=kind, on=on, text=text, by=by, at=now, request_key=request_key or None)


def posts_to_own() -> list[tuple[str, Any]]:
    """Posts that may own a row: those of a branch committee."""
    return [(kind.value, kind.label) for kind in Post.COMMITTEE]
