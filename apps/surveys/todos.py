"""Rows of the home page: what asks me. One query, and none for people who are no members anywhere."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core.days import near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Action, Section, Todo
from apps.surveys.models import Survey


def todos(request: HtmxRequest, place: str) -> Iterator[Todo]:
    reach = request.user.reach
    if not reach.member_of:
        return
    for one in Survey.objects.answerable_by(request.user, request.today).order_by("due_on", "pk")[:10]:
        url = reverse("surveys:survey-answer", args=[one.public_id])
        yield Todo(
            Section.MINE, _("Survey: %(title)s") % {"title": one.title}, url, due_on=one.due_on,
            when=_("until %(day)s") % {"day": near_day(one.due_on, request.today)},
            detail=_("anonymous") if one.is_anonymous else _("with names"), actions=(Action(pgettext("survey", "Answer"), url),),
        )  # fmt: skip
