"""Surveys, opened and answered through the services."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.surveys.models import Survey
from apps.surveys.rules import Answer
from apps.surveys.services import answering, editing
from tests.factories import branches as make
from tests.factories.branches import TODAY

SINGLE = {"kind": "single", "text": "满意吗？", "choices": ["满意", "不满意"], "rows": [], "is_required": True}
TEXT = {"kind": "text", "text": "还想说什么？", "choices": [], "rows": [], "is_required": False}


def head(**changed: Any) -> dict[str, Any]:
    return {
        "title": "对支部的意见", "intro": "", "due_on": TODAY + timedelta(days=7), "audience": "members", "group": None,
        "is_anonymous": True,
    } | changed  # fmt: skip


def draft(branch: Organization, by: User, questions: Sequence[dict] = (SINGLE, TEXT), **changed: Any) -> Survey:
    return editing.survey_save(organization=branch, by=by, today=TODAY, head=head(**changed), questions=questions)


def opened(branch: Organization, by: User, questions: Sequence[dict] = (SINGLE, TEXT), **changed: Any) -> Survey:
    one = draft(branch, by, questions, **changed)
    editing.survey_open(survey=one, by=by, today=TODAY)
    one.refresh_from_db()
    return one


def members(branch: Organization, count: int) -> list[User]:
    """People with accounts, each with the reach of the day."""
    people = [make.member(branch, f"党员{number:02}") for number in range(count)]
    return [make.account(person) for person in people]


def answered(survey: Survey, by: User, *answers: Answer) -> None:
    answering.answer(survey=survey, by=by, today=TODAY, answers=list(answers))


def closed(survey: Survey) -> Survey:
    editing.survey_close(survey=survey, today=TODAY)
    return Survey.objects.select_related("result", "organization").get(pk=survey.pk)
