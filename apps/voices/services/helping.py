"""Practical help: a need gets an owner and a day, then a result."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.branches.models import Organization, Person
from apps.core.errors import EditConflict, RuleBroken
from apps.core.ids import token
from apps.core.models import audit
from apps.voices import sealing, terms
from apps.voices.models import PracticalHelp, Suggestion
from apps.voices.people import line_of
from apps.voices.services.terms import terms_of

if TYPE_CHECKING:
    from apps.accounts.models import User

AHEAD = 366


@transaction.atomic
def help_start(
    *, organization: Organization, by: "User", today: date, need: str, owner: Person, due_on: date | None, submission: UUID,
    suggestion: Suggestion | None = None,
) -> PracticalHelp:  # fmt: skip
    """The owner is of the branch committee and has an account. Without a day: the branch's own term."""
    if organization.pk not in by.reach.committee_of or not organization.is_branch:
        raise RuleBroken(_("The branch committee enters needs."))
    if known := PracticalHelp.objects.filter(submission=submission, organization=organization).first():
        return known
    limits, key = terms_of(organization), token(12)
    due_on = due_on or terms.after(today, limits[terms.HELP])
    if not 0 <= (due_on - today).days <= AHEAD:
        raise RuleBroken(_("Choose a day from today on, at most a year ahead."))
    if owner not in line_of(organization, today).committee:
        raise RuleBroken(_("Choose somebody of the branch committee who has an account."))
    row = PracticalHelp.objects.create(
        public_id=key, organization=organization, suggestion=suggestion, asked_on=today, due_on=due_on, owner=owner,
        need_sealed=sealing.sealed("need", key, need), submission=submission,
        retain_until=terms.months_after(today, limits[terms.RETENTION]),
    )  # fmt: skip
    audit(by=by, action="help_started", subject=row, organization_id=organization.pk)
    return row


def can_finish(user: "User", row: PracticalHelp) -> bool:
    """Whoever does it, or who leads the branch."""
    return row.owner_id == user.reach.person_id or row.organization_id in user.reach.leader_of


@transaction.atomic
def help_finish(
    *, row: PracticalHelp, by: "User", today: date, version: int, done_on: date, result: str, satisfaction: str,
    public_line: str = "",
) -> None:  # fmt: skip
    """`public_line` is read by the whole branch: no names of those in need."""
    row = PracticalHelp.objects.select_for_update().get(pk=row.pk)
    if not can_finish(by, row):
        raise RuleBroken(_("Whoever does it, or the secretary, writes down the result."))
    if row.version != version:
        raise EditConflict(_("This has changed meanwhile: look at it again."))
    if row.done_on or row.erased_on:
        raise RuleBroken(_("It is done already."))
    if not row.asked_on <= done_on <= today:
        raise RuleBroken(_("The day lies between the day it was heard and today."))
    row.done_on, row.satisfaction, row.public_line = done_on, satisfaction, public_line
    row.result_sealed = sealing.sealed("result", row.public_id, result)
    row.version += 1
    row.save()
    audit(by=by, action="help_done", subject=row, organization_id=row.organization_id)


def help_read(row: PracticalHelp) -> dict[str, str]:
    return {
        "need": sealing.opened("need", row.public_id, row.need_sealed) or "",
        "result": sealing.opened("result", row.public_id, row.result_sealed) or "",
    }
