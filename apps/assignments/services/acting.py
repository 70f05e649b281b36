"""One step of an assignment."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.assignments import rules
from apps.assignments.models import Assignment, AssignmentEvent
from apps.assignments.rules import Act
from apps.branches.models import Membership, Organization, Person
from apps.core.errors import EditConflict, RuleBroken

if TYPE_CHECKING:
    from apps.accounts.models import User


def has_account(one: Assignment) -> bool:
    """Of an assignee read with its user: no query."""
    user = one.assignee.user if one.assignee else None
    return bool(user and user.is_active)


@transaction.atomic
def assignment_act(
    *, one: Assignment, act: str, by: "User", version: int, now: datetime, text: str = "", person: Person | None = None,
    due_on: date | None = None,
) -> None:  # fmt: skip
    """`person` to delegate to, `due_on` to postpone to. The same press twice is one step; two people's are a conflict."""
    text, today = " ".join(text.split()) if act != Act.SUBMIT else text.strip(), now.date()
    can_sign_in = has_account(one)
    held = rules.roles(by, one, has_account=can_sign_in)
    if one.version != version:
        _conflict(one, act, by, text)
        return
    new = rules.after(one.state, act, held)
    if new is None:
        raise RuleBroken(_("This cannot be done with the assignment as it stands now."))
    if act in rules.NEEDS_TEXT and not text:
        raise RuleBroken(_("Write one sentence about it."))
    values: dict = {"state": new, "version": version + 1}
    if act == Act.DELEGATE:
        check_member(one.organization, person, today)
        values["assignee"], text = person, ": ".join(filter(None, [person.name if person else "", text]))
    if act == Act.POSTPONE:
        if due_on is None or due_on < today:
            raise RuleBroken(_("Give a day that is still to come."))
        values["due_on"], text = due_on, ": ".join(filter(None, [due_on.isoformat(), text]))
    if not Assignment.objects.filter(pk=one.pk, version=version).update(**values):
        _conflict(one, act, by, text)
        return
    on_behalf = act in rules.OF_ASSIGNEE and rules.acts_on_behalf(by, one, has_account=can_sign_in)
    AssignmentEvent.objects.create(assignment=one, act=act, by=by, on_behalf=on_behalf, text=text, at=now)


def check_member(organization: Organization, person: Person | None, today: date) -> None:
    if person is None:
        raise RuleBroken(_("Choose a member."))
    if not Membership.objects.on(today).filter(organization=organization, person=person).exists():
        raise RuleBroken(_("%(name)s is no longer a member of this branch. Choose someone else.") % {"name": person})


def _conflict(one: Assignment, act: str, by: "User", text: str) -> None:
    last = one.events.order_by("pk").last()
    if last and (last.act, last.by_id) == (act, by.pk) and last.text.endswith(text):
        return
    raise EditConflict(_("Someone else has just changed this assignment. Read what they wrote, then decide again."))
