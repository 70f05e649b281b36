"""An answer comes in: from one of those asked, from the link, or from a sheet of paper."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import EditConflict, RuleBroken
from apps.surveys import sealing
from apps.surveys.models import Box, NamedAnswer, Participation, Survey
from apps.surveys.rules import MOST_BY_LINK, Answer

if TYPE_CHECKING:
    from apps.accounts.models import User


@transaction.atomic
def answer(*, survey: Survey, by: "User", today: date, answers: Sequence[Answer]) -> None:
    """Once a person. Nothing is written about the moment, and no audit line."""
    person = by.reach.person_id
    locked = _locked(survey)  # before anything is read: of two answers of one person the second finds the first
    if person is None or not Survey.objects.answerable_by(by, today).filter(pk=survey.pk).exists():
        raise RuleBroken(_why_not(survey, by, today))
    _mark(locked, person)
    _keep(locked, answers, person)


def _locked(survey: Survey) -> Survey:
    return Survey.objects.select_for_update().get(pk=survey.pk)


def _mark(survey: Survey, person: int) -> None:
    """Write everybody's row anew, in an order drawn for it: places on disk and transaction numbers would tell who answered when,
    and two dumps whose answer lies between them. Keys stay: reminders know the rows by them.
    """
    rows = {one.person_id: one for one in Participation.objects.filter(survey=survey)}
    mine = rows.setdefault(person, Participation(survey=survey, person_id=person))  # came after the survey was opened
    mine.has_answered = True
    Participation.objects.filter(survey=survey).delete()
    Participation.objects.bulk_create(sealing.shuffled(list(rows.values())))


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
    locked = _locked(survey)
    if not locked.is_answerable(today):
        raise RuleBroken(_("This survey is closed. Nothing was added."))
    if Box.objects.filter(survey=survey, answers__gte=MOST_BY_LINK).exists():
        raise RuleBroken(_("This survey has all the answers it can hold."))
    _keep(locked, answers, None)


@transaction.atomic
def answer_on_paper(*, survey: Survey, by: "User", today: date, answers: Sequence[Answer], sheet: int) -> None:
    """Typed from a sheet by the committee, until the survey is closed; afterwards nobody can tell it from the others.

    `sheet`: which one it is by the count the page showed. EditConflict where that one is entered: a second tap enters nothing,
    and no key has to be stored that would tie an answer to a moment.
    """
    if survey.organization_id not in by.reach.committee_of:
        raise RuleBroken(_("Only the branch committee can do this."))
    locked = _locked(survey)
    if locked.state != Survey.State.OPEN:  # after the last day too: sheets are collected first and typed later
        raise RuleBroken(_("This survey is closed. Nothing was added."))
    if sheet != locked.papers + 1:
        said = _("Sheet %(number)d is entered already, perhaps this very one. If it is another, enter it now.")
        raise EditConflict(said % {"number": sheet})
    _keep(locked, answers, None)
    Survey.objects.filter(pk=survey.pk).update(papers=locked.papers + 1)


def _keep(survey: Survey, answers: Sequence[Answer], person: int | None) -> None:
    if not survey.is_anonymous:
        NamedAnswer.objects.create(survey=survey, person_id=person, sealed=sealing.seal_named(answers, survey, person))
        return
    box = Box.objects.get(survey=survey)
    size = sealing.slot(list(survey.questions.all()))
    box.sealed = sealing.put(bytes(box.sealed), answers, survey, size)
    box.answers += 1
    box.save(update_fields=["sealed", "answers"])
