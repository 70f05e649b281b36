"""One step of an assignment: one conditional UPDATE and one line of history."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.assignments import registry, rules
from apps.assignments.models import Assignment, AssignmentEvent
from apps.assignments.people import belonging
from apps.assignments.rules import Act
from apps.assignments.services.evidence import Upload, evidence_keep
from apps.branches.models import Organization, Person
from apps.core.errors import EditConflict, RuleBroken

if TYPE_CHECKING:
    from apps.accounts.models import User

# After these a later day that was asked for is answered, and a substitute that was named has served.
ENDS_ASKING = (Act.POSTPONE, Act.REFUSE, Act.SUBMIT, Act.FINISH, Act.CANCEL, Act.DECLINE, Act.DELEGATE)


def has_account(one: Assignment) -> bool:
    """Of an assignee read with its user: no query."""
    user = one.assignee.user if one.assignee else None
    return bool(user and user.is_active)


@transaction.atomic
def assignment_act(
    *, one: Assignment, act: str, by: "User", version: int, now: datetime, text: str = "", person: Person | None = None,
    due_on: date | None = None, files: Sequence[Upload] = (),
) -> None:  # fmt: skip
    """`person` to pass it on to, or who could do it instead; `due_on` to postpone to, or the later day asked for.

    The same press twice is one step; two people's are a conflict.
    """
    text, today, act = text.strip(), now.date(), Act(act)
    can_sign_in = has_account(one)
    held = rules.roles(by, one, has_account=can_sign_in)
    if act == Act.NUDGE:
        _nudge(one, held, by, now)
        return
    if one.version != version:
        _conflict(one, act, by, text)
        return
    new = rules.after(one.state, act, held) if rules.may(one, act, held) else None
    if new is None:
        raise RuleBroken(_("This cannot be done with the assignment as it stands now."))
    if act in rules.NEEDS_TEXT and not text:
        raise RuleBroken(_("Write one sentence about it."))
    values, said = _given(one, act, person, due_on, today, text)
    values |= {"state": new, "version": version + 1}
    if not Assignment.objects.filter(pk=one.pk, version=version).update(**values):
        _conflict(one, act, by, text)
        return
    if files and act in rules.TAKES_FILES:
        evidence_keep(assignment=one, by=by, files=files)
    on_behalf = act in rules.OF_ASSIGNEE and rules.acts_on_behalf(by, one, has_account=can_sign_in)
    words = ": ".join(filter(None, [said, text]))
    AssignmentEvent.objects.create(assignment=one, act=act, by=by, on_behalf=on_behalf, text=words, at=now)


def _given(
    one: Assignment, act: Act, person: Person | None, due_on: date | None, today: date, text: str
) -> tuple[dict[str, Any], str]:
    """What changes with the act, and what the history says of it besides the text."""
    values: dict[str, Any] = {}
    if act in ENDS_ASKING and one.asked_due_on:
        values |= {"asked_due_on": None, "asked_reason": ""}
    if act == Act.DELEGATE:
        check_member(one.organization, person, today)
        return values | {"assignee": person, "substitute": None, "nudged_on": None}, str(person)
    if act == Act.DECLINE:
        if person is not None:
            check_member(one.organization, person, today)
            if person.pk == one.assignee_id:
                raise RuleBroken(_("Name somebody else who could do it."))
        said = _("%(name)s could do it") % {"name": person} if person else ""
        return values | {"substitute": person}, said
    if act in rules.TAKES_DAY:
        if due_on is None or due_on < today:
            raise RuleBroken(_("Give a day that is still to come."))
        if act == Act.POSTPONE:
            return values | {"due_on": due_on}, due_on.isoformat()
        if one.due_on and due_on <= one.due_on:
            raise RuleBroken(_("Ask for a day after the one it is due on."))
        return {"asked_due_on": due_on, "asked_reason": text[:200]}, due_on.isoformat()
    return values, ""


def _nudge(one: Assignment, held: frozenset[rules.Role], by: "User", now: datetime) -> None:
    """A friendly word, at most once a day. It moves no version: nobody's form is stale."""
    today = now.date()
    if not rules.may(one, Act.NUDGE, held):
        raise RuleBroken(_("There is nothing to remind of: it is not their turn."))
    fresh = Q(nudged_on=None) | Q(nudged_on__lt=today)
    if not Assignment.objects.at_work().filter(fresh, pk=one.pk).update(nudged_on=today):
        raise RuleBroken(_("They have been reminded today already."))
    AssignmentEvent.objects.create(assignment=one, act=Act.NUDGE, by=by, at=now)
    registry.on_nudged([one.pk], by, today)


def check_member(organization: Organization, person: Person | None, today: date) -> None:
    """RuleBroken for nobody, and for somebody who is in the branch no more."""
    if person is None:
        raise RuleBroken(_("Choose a member."))
    if not belonging(organization.pk, [person.pk], today):
        raise RuleBroken(_("%(name)s is no longer a member of this branch. Choose someone else.") % {"name": person})


def _conflict(one: Assignment, act: str, by: "User", text: str) -> None:
    last = one.events.exclude(act=Act.NUDGE).order_by("pk").last()
    if last and (last.act, last.by_id) == (act, by.pk) and last.text.endswith(text):
        return
    raise EditConflict(_("Someone else has just changed this assignment. Read what they wrote, then decide again."))
