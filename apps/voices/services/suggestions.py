"""The suggestion box: thrown in, answered to everyone or to the author alone."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.core.errors import EditConflict, RuleBroken
from apps.core.ids import token
from apps.core.models import audit
from apps.voices import sealing, terms
from apps.voices.models import Suggestion
from apps.voices.services.terms import terms_of

if TYPE_CHECKING:
    from apps.accounts.models import User

State = Suggestion.State


@transaction.atomic
def suggestion_make(
    *, organization: Organization, by: "User", today: date, words: str, submission: UUID, is_anonymous: bool
) -> Suggestion:
    """Without a name nothing of the author is kept, here or in the audit trail. Sent twice, it is one."""
    if organization.pk not in by.reach.branches:
        raise RuleBroken(_("The box is for the people of the branch."))
    if known := Suggestion.objects.filter(submission=submission, organization=organization).first():
        return known
    limits, key = terms_of(organization), token(12)
    return Suggestion.objects.create(
        public_id=key, organization=organization, said_on=today, submission=submission,
        author_mark="" if is_anonymous else sealing.author_mark(by.reach.person_id),
        author_sealed=None if is_anonymous else sealing.sealed("author", key, by.reach.person_name),
        words_sealed=sealing.sealed("suggestion", key, words), due_on=terms.after(today, limits[terms.BOX]),
        retain_until=terms.months_after(today, limits[terms.RETENTION]),
    )  # fmt: skip


def can_answer(user: "User", organization_id: int) -> bool:
    """Secretary or deputy."""
    return organization_id in user.reach.leader_of


@transaction.atomic
def suggestion_answer(
    *, suggestion: Suggestion, by: "User", today: date, version: int, is_public: bool, answer: str, public_words: str = "",
    public_change: str = "",
) -> None:  # fmt: skip
    """Publicly: in words for everyone, without the author's. Else to the author alone, who must have given a name."""
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if not can_answer(by, row.organization_id):
        raise RuleBroken(_("The secretary or deputy answers for the branch."))
    if row.version != version:
        raise EditConflict(_("This has changed meanwhile: look at it again."))
    if row.state != State.OPEN or row.erased_on:
        raise RuleBroken(_("It has been answered already."))
    if is_public and not public_words:
        raise RuleBroken(_("Say in your own words what was suggested: the author's words stay sealed."))
    if not is_public and row.is_anonymous:
        raise RuleBroken(_("There is no name on it: it can only be answered publicly."))
    row.state, row.answered_on, row.answered_by_id = State.ALONE, today, by.reach.person_id
    if is_public:
        row.state = State.PUBLIC
        row.public_words, row.public_answer, row.public_change = public_words, answer, public_change
    else:
        row.answer_sealed = sealing.sealed("answer", row.public_id, answer)
    row.version += 1
    row.save()
    audit(by=by, action="suggestion_answered", subject=row, organization_id=row.organization_id)


@transaction.atomic
def suggestion_change(*, suggestion: Suggestion, by: "User", version: int, public_change: str) -> None:
    """What has changed since the answer: the line of the monthly page."""
    if not can_answer(by, suggestion.organization_id):
        raise RuleBroken(_("The secretary or deputy answers for the branch."))
    same = Suggestion.objects.published().filter(pk=suggestion.pk, version=version)
    if not same.update(public_change=public_change, version=version + 1):
        raise EditConflict(_("This has changed meanwhile: look at it again."))
    audit(by=by, action="suggestion_changed", subject=suggestion, organization_id=suggestion.organization_id)


def suggestion_read(suggestion: Suggestion) -> dict[str, Any]:
    """The sealed words, for the committee and the author."""
    key = suggestion.public_id
    return {
        "words": sealing.opened("suggestion", key, suggestion.words_sealed) or "",
        "author": sealing.opened("author", key, suggestion.author_sealed) or "",
        "answer": sealing.opened("answer", key, suggestion.answer_sealed) or "",
    }
