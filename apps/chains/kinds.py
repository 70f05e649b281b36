"""How each kind of thing stands on the way: since when, with whom, until when. Only what the reader may open.

Whoever a matter concerns does not meet it here either: what is not visible is left out, not hinted at.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.assignments.models import Assignment
from apps.assignments.rules import OPEN
from apps.branches.models import Organization
from apps.core.http import HtmxRequest
from apps.supervision.models import Rectification, Visit
from apps.surveys.models import Survey
from apps.voices.models import Matter, PracticalHelp, SituationReport, Suggestion


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing on the way. `ended_on` is None while it is with `holder`: a branch or a level above, never a person."""

    key: str
    name: str
    title: str
    url: str
    domain: str
    state: str
    holder: Organization
    began_on: date
    ended_on: date | None
    due_on: date | None = None

    def days(self, today: date) -> int:
        """How long it took, or has been lying there."""
        return max(0, ((self.ended_on or today) - self.began_on).days)

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and (self.ended_on or today) > self.due_on


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _stop(kind: str, name: str, row: Any, page: str, at: Organization, **more: Any) -> Stop:
    url = reverse(page, args=[at.public_id, row.public_id])
    fields = {"domain": kind, "state": getattr(row, "state", ""), "holder": row.organization, "title": ""} | more
    return Stop(key=f"{kind}:{row.public_id}", name=name, url=url, **fields)


def _of(rows: QuerySet, ids: Collection[str], *related: str) -> QuerySet:
    return rows.filter(public_id__in=ids).select_related("organization", *related)


def visits(request: HtmxRequest, ids: Collection[str]) -> list[Stop]:
    rows = _of(Visit.objects.visible_to(request.user, request.today), ids)
    return [
        _stop(
            "visit", _("Supervision visit"), one, "supervision:visit-detail", one.organization, title=one.topic,
            began_on=one.starts_on, ended_on=_day(one.closed_at), due_on=one.ends_on,
        )
        for one in rows
    ]  # fmt: skip


def rectifications(request: HtmxRequest, ids: Collection[str]) -> list[Stop]:
    rows = _of(Rectification.objects.visible_to(request.user, request.today), ids, "checking")
    asked = Rectification.State.CLOSURE_REQUESTED
    return [
        _stop(
            "rectification", _("Rectification"), one, "supervision:rectification-detail", one.organization,
            title=one.problem, holder=(one.checking or one.organization) if one.state == asked else one.organization,
            began_on=one.found_on, ended_on=_day(one.closed_at), due_on=one.due_on,
        )
        for one in rows
    ]  # fmt: skip


def surveys(request: HtmxRequest, ids: Collection[str]) -> list[Stop]:
    """For the committee that asked; those who were asked find the reply on their own page."""
    rows = _of(Survey.objects.manageable_by(request.user).filter(opened_on__isnull=False), ids)
    return [
        _stop(
            "survey", _("Survey"), one, "surveys:survey-detail", one.organization, title=one.title,
            began_on=one.opened_on, ended_on=one.closed_on, due_on=None if one.closed_on else one.due_on,
        )
        for one in rows
    ]  # fmt: skip


def matters(request: HtmxRequest, ids: Collection[str]) -> list[Stop]:
    rows = _of(Matter.objects.visible_to(request.user).annotate(last_on=Max("events__on")), ids)
    return [
        _stop(
            "matter", _("Visitor's matter"), one, "voices:matter-detail", one.organization, title=one.number,
            began_on=one.received_on, ended_on=None if one.due_on else one.last_on or one.received_on, due_on=one.due_on,
        )
        for one in rows
    ]  # fmt: skip


def situations(request: HtmxRequest, ids: Collection[str]) -> list[Stop]:
    seen = SituationReport.objects.visible_to(request.user).annotate(last_on=Max("events__on"))
    return [
        _stop(
            "situation", _("Situation report"), one, "voices:report-detail", one.organization, holder=one.routed_to,
            title=str(SituationReport.Category(one.category).label), began_on=one.sent_on,
            ended_on=None if one.due_on else one.last_on or one.sent_on, due_on=one.due_on,
        )
        for one in _of(seen, ids, "routed_to")
    ]  # fmt: skip


def suggestions(request: HtmxRequest, ids: Collection[str]) -> list[Stop]:
    return [
        _stop(
            "suggestion", _("Suggestion in the box"), one, "voices:suggestion-detail", one.organization,
            title=one.public_words, began_on=one.said_on, ended_on=one.answered_on, due_on=one.due_on,
        )
        for one in _of(Suggestion.objects.visible_to(request.user), ids)
    ]  # fmt: skip


def helps(request: HtmxRequest, ids: Collection[str]) -> list[Stop]:
    return [
        _stop(
            "help", _("Practical help"), one, "voices:help-detail", one.organization, title=one.public_line,
            state="done" if one.done_on else "doing", began_on=one.asked_on, ended_on=one.done_on, due_on=one.due_on,
        )
        for one in _of(PracticalHelp.objects.visible_to(request.user), ids)
    ]  # fmt: skip


def assignments(request: HtmxRequest, ids: Collection[str]) -> list[Stop]:
    rows = _of(Assignment.objects.visible_to(request.user).annotate(last_at=Max("events__at")), ids)
    return [
        _stop(
            "assignment", _("Assignment"), one, "assignments:assignment-detail", one.organization, title=one.title,
            began_on=_day(one.created_at), ended_on=None if one.state in OPEN else _day(one.last_at or one.created_at),
            due_on=one.due_on,
        )
        for one in rows
    ]  # fmt: skip


# In the order in which one mostly comes of the other: of one day, that is how they stand.
KINDS: dict[str, Callable[[HtmxRequest, Collection[str]], list[Stop]]] = {
    "survey": surveys, "suggestion": suggestions, "matter": matters, "visit": visits, "rectification": rectifications,
    "situation": situations, "help": helps, "assignment": assignments,
}  # fmt: skip
