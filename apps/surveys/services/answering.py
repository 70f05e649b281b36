"""An answer comes in: from one of those asked, from the link, or from a sheet of paper."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.surveys import sealing
from apps.surveys.models import Box, NamedAnswer, Participation, Survey
from apps.surveys.rules import MOST_BY_LINK, Answer

if TYPE_CHECKING:
    from apps.accounts.models import User


@transaction.atomic
def answer(*, survey: Survey, by: "User", today: date, answers: Sequence[Answer]) -> None:
    """Once a person. Nothing is written about the moment, and no audit line."""
    person = by.reach.person_id
    if person is None or not Survey.objects.answerable_by(by, today).filter(pk=survey.pk).exists():
        raise RuleBroken(_why_not(survey, by, today))
    mine = Participation.objects.filter(survey=survey, person=person)
    if not mine.filter(has_answered=False).update(has_answered=True):
        try:  # came to the branch after the survey was opened
            with transaction.atomic():
                Participation.objects.create(survey=survey, person_id=person, has_answered=True)
        except IntegrityError:
            raise RuleBroken(_("You have answered this survey already. Nothing was added.")) from None
    _keep(survey, today, answers, person)


def _why_not(survey: Survey, by: "User", today: date) -> str:
    survey.refresh_from_db(fields=["state", "due_on"])  # it may have been closed since the page was opened
    if not survey.is_answerable(today):
        return _("This survey is closed. Nothing was added.")
    if Participation.objects.filter(survey=survey, person=by.reach.person_id, has_answered=True).exists():
        return _("You have answered this survey already. Nothing was added.")
    return _("This survey does not ask you.")


@transaction.atomic
def answer_by_link(*, survey: Survey, today: date, answers: Sequence[Answer]) -> None:
    """From whoever holds the link. The caller slows down scripts."""
    if not survey.is_answerable(today):
        raise RuleBroken(_("This survey is closed. Nothing was added."))
    if Box.objects.filter(survey=survey, answers__gte=MOST_BY_LINK).exists():
        raise RuleBroken(_("This survey has all the answers it can hold."))
    _keep(survey, today, answers, None)


@transaction.atomic
def answer_on_paper(*, survey: Survey, by: "User", today: date, answers: Sequence[Answer]) -> None:
    """Typed from a sheet by the committee, until the survey is closed; afterwards nobody can tell it from the others."""
    if survey.organization_id not in by.reach.committee_of:
        raise RuleBroken(_("Only the branch committee can do this."))
    _keep(survey, today, answers, None, is_open_late=True)
    Survey.objects.filter(pk=survey.pk).update(papers=survey.papers + 1)


def _keep(
    survey: Survey, today: date, answers: Sequence[Answer], person: int | None, *, is_open_late: bool = False
) -> None:
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    survey.papers = locked.papers
    if locked.state != Survey.State.OPEN or (today > locked.due_on and not is_open_late):
        raise RuleBroken(_("This survey is closed. Nothing was added."))
    if not survey.is_anonymous:
        NamedAnswer.objects.create(survey=survey, person_id=person, sealed=sealing.seal_named(answers, survey, person))
        return
    box = Box.objects.select_for_update().get(survey=survey)
    size = sealing.slot(list(survey.questions.all()))
    box.sealed = sealing.put(bytes(box.sealed), answers, survey, size)
    box.answers += 1
    box.save(update_fields=["sealed", "answers"])
