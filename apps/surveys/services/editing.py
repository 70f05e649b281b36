"""A survey is written, opened, closed and replied to. Once somebody has answered, its words stand."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.branches.models import Membership, Organization, PartyGroup
from apps.core.errors import EditConflict, RuleBroken
from apps.core.ids import token
from apps.core.models import audit
from apps.surveys import counting, sealing
from apps.surveys.models import Box, Participation, Question, Result, Survey

if TYPE_CHECKING:
    from apps.accounts.models import User

State, Audience = Survey.State, Survey.Audience
TOKEN_LENGTH = 24  # 117 bits: an address that is not guessed


@transaction.atomic
def survey_save(
    *, organization: Organization, by: "User", today: date, head: dict[str, Any], questions: Sequence[dict[str, Any]],
    survey: Survey | None = None, version: int = 0, request_key: str = "",
) -> Survey:  # fmt: skip
    """Write a draft, or change one. `head`: title, intro, due_on, audience, group, is_anonymous. The same `request_key` again
    answers with the first one's survey.
    """
    _check_keeper(organization, by)
    _check_head(organization, today, head)
    if survey is None:
        if request_key and (again := Survey.objects.filter(request_key=request_key, created_by=by).first()):
            return again
        survey = Survey.objects.create(
            organization=organization, created_by=by, request_key=request_key or None, **head
        )
    else:
        done = Survey.objects.filter(pk=survey.pk, version=version, state=State.DRAFT).update(
            **head, version=version + 1
        )
        if not done:
            survey.refresh_from_db()
            if survey.state != State.DRAFT:
                raise RuleBroken(_("It is open already. Make a copy to change its questions."))
            raise EditConflict(_("Someone else has just changed this survey. Look at it again first."))
        survey.questions.all().delete()
        survey.refresh_from_db()
    names = ("kind", "text", "choices", "rows", "is_required")
    Question.objects.bulk_create(
        Question(survey=survey, position=place, **{name: said[name] for name in names})
        for place, said in enumerate(questions, start=1)
    )
    return survey


def _check_keeper(organization: Organization, by: "User") -> None:
    if organization.pk not in by.reach.committee_of:
        raise RuleBroken(_("Only the branch committee can do this."))


def _check_head(organization: Organization, today: date, head: dict[str, Any]) -> None:
    if head["due_on"] < today:
        raise RuleBroken(_("This day has passed. Choose a later one."))
    group: PartyGroup | None = head["group"]
    if group is not None and group.organization_id != organization.pk:
        raise RuleBroken(_("Choose the Party group."))


@transaction.atomic
def survey_open(*, survey: Survey, by: "User", today: date) -> None:
    """From now on it is answered, and its words stand. Pressed twice it is open once."""
    _check_keeper(survey.organization, by)
    if survey.due_on < today:
        raise RuleBroken(_("The last day for answers has passed. Change it first."))
    if not survey.questions.exists():
        raise RuleBroken(_("Write at least one question."))
    link = token(TOKEN_LENGTH) if survey.audience == Audience.LINK else None
    opened = Survey.objects.filter(pk=survey.pk, state=State.DRAFT)
    if not opened.update(state=State.OPEN, opened_on=today, link_token=link, version=survey.version + 1):
        return
    if survey.is_anonymous:
        Box.objects.create(survey=survey)
    if survey.audience != Audience.LINK:
        Participation.objects.bulk_create(
            Participation(survey=survey, person_id=person) for person in audience_of(survey, today)
        )
    audit(by=by, action="survey_open", subject=survey, organization_id=survey.organization_id)


def audience_of(survey: Survey, day: date) -> set[int]:
    """Who is asked, by the roster of `day`; nobody by name where there is a link."""
    if survey.audience == Audience.LINK:
        return set()
    roster = Membership.objects.of_branch(survey.organization, day)
    if survey.group_id:
        roster = roster.filter(group=survey.group_id)
    return set(roster.values_list("person", flat=True))


@transaction.atomic
def survey_delete(*, survey: Survey, by: "User") -> None:
    """A draft is thrown away; what was open once stays."""
    _check_keeper(survey.organization, by)
    if not Survey.objects.filter(pk=survey.pk, state=State.DRAFT).delete()[0]:
        raise RuleBroken(_("It is open already and cannot be deleted. Close it instead."))


@transaction.atomic
def survey_copy(*, survey: Survey, by: "User", due_on: date) -> Survey:
    """A new draft with the same questions."""
    _check_keeper(survey.organization, by)
    copy = Survey.objects.create(
        organization=survey.organization, group=survey.group, audience=survey.audience, is_anonymous=survey.is_anonymous,
        title=survey.title, intro=survey.intro, due_on=due_on, created_by=by,
    )  # fmt: skip
    Question.objects.bulk_create(
        Question(
            survey=copy, position=one.position, kind=one.kind, text=one.text, choices=one.choices, rows=one.rows,
            is_required=one.is_required,
        )
        for one in survey.questions.all()
    )  # fmt: skip
    return copy


@transaction.atomic
def survey_close(*, survey: Survey, today: date, by: "User | None" = None) -> None:
    """Count the answers once and delete them. `by` None: its last day is over. Closed twice it is closed once."""
    if by is not None:
        _check_keeper(survey.organization, by)
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.state == State.DRAFT:
        raise RuleBroken(_("It has not been opened yet."))
    if locked.state == State.CLOSED:
        return
    questions = list(survey.questions.all())
    if survey.is_anonymous:
        box = Box.objects.select_for_update().get(survey=survey)
        answers = sealing.opened(bytes(box.sealed), survey, sealing.slot(questions))
        box.delete()
    else:
        rows = survey.named_answers.values_list("person", "sealed")
        answers = [sealing.open_named(bytes(sealed), survey, person) for person, sealed in rows]
    counted = counting.count(questions, answers, is_anonymous=survey.is_anonymous)
    Result.objects.create(
        survey=survey, answers=len(answers), counts=counted.counts,
        texts=sealing.seal_texts(counted.texts, survey) if counted.texts is not None else None,
    )  # fmt: skip
    Survey.objects.filter(pk=survey.pk).update(
        state=State.CLOSED, closed_on=today, link_token=None, version=locked.version + 1
    )
    audit(by=by, action="survey_close", subject=survey, organization_id=survey.organization_id)


@transaction.atomic
def survey_reply(*, survey: Survey, by: "User", today: date, reply: str, version: int) -> None:
    """Say to those who were asked what the branch does about it; they see the numbers with it, never the words of others."""
    _check_keeper(survey.organization, by)
    if survey.state != State.CLOSED:
        raise RuleBroken(_("Close the survey first."))
    done = Survey.objects.filter(pk=survey.pk, version=version).update(
        reply=reply, replied_on=today, version=version + 1
    )
    if not done:
        raise EditConflict(_("Someone else has just changed this survey. Look at it again first."))
    audit(by=by, action="survey_reply", subject=survey, organization_id=survey.organization_id, fields=["reply"])


def close_overdue(*, today: date) -> int:
    """Close what was to be answered by yesterday; how many."""
    rows = list(Survey.objects.filter(state=State.OPEN, due_on__lt=today).select_related("organization").order_by("pk"))
    for survey in rows:
        survey_close(survey=survey, today=today)
    return len(rows)
