"""Rows of the home page: what asks me."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core.days import near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Action, Question, Section, Todo
from apps.core.together import Row, Set
from apps.surveys.models import Survey


def _sets(request: HtmxRequest, place: str) -> Iterator[Set]:
    """Only members of a branch can be asked."""
    if request.user.reach.member_of:
        rows = Survey.objects.answerable_by(request.user, request.today)
        yield Set(rows, values={"key": "public_id", "title": "title", "is_anonymous": "is_anonymous"}, most=10)


def _say(request: HtmxRequest, row: Row) -> Todo:
    url = reverse("surveys:survey-answer", args=[row.values["key"]])
    return Todo(
        Section.MINE, _("Survey: %(title)s") % {"title": row.values["title"]}, url, due_on=row.due_on,
        when=_("until %(day)s") % {"day": near_day(row.due_on, request.today)} if row.due_on else "",
        detail=_("anonymous") if row.values["is_anonymous"] else _("with names"),
        actions=(Action(pgettext("survey", "Answer"), url),),
    )  # fmt: skip


QUESTIONS = {"survey": Question(_sets, _say)}
