"""How each kind of thing stands on the way: since when, with whom, until when. Only what the reader may open.

Whoever a matter concerns does not meet it here either: what is not visible is left out, not hinted at.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, CharField, DateField, F, Max, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf, TruncDate
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.assignments.models import Assignment
from apps.assignments.rules import OPEN
from apps.core.http import HtmxRequest
from apps.core.together import Row, Set, ask
from apps.supervision.models import Rectification, Visit
from apps.surveys.models import Survey
from apps.voices.models import Matter, PracticalHelp, SituationReport, Suggestion

MOST = 60  # things of one chain
NOTHING = Value(None, output_field=DateField())


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing on the way. `ended_on` is None while it is with `holder`: a branch or a level above, never a person."""

    key: str
    name: str | Promise
    title: str
    url: str
    domain: str
    state: str
    holder: str
    began_on: date
    ended_on: date | None
    due_on: date | None = None

    def days(self, today: date) -> int:
        """How long it took, or has been lying there."""
        return max(0, ((self.ended_on or today) - self.began_on).days)

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and (self.ended_on or today) > self.due_on


@dataclass(frozen=True, slots=True)
class Kind:
    """`rows`: what the reader may open. The rest are names or expressions of a row; `labels` say what a stored title means."""

    name: str | Promise
    page: str
    rows: Callable[[HtmxRequest], QuerySet]
    began: str | Combinable
    ended: str | Combinable
    due: str | Combinable = "due_on"
    title: str | Combinable = "title"
    state: str | Combinable = "state"
    holder: Combinable | None = None
    labels: Mapping[str, str | Promise] = field(default_factory=dict)


def _called(organization: str) -> Combinable:
    """As an organization calls itself in lists."""
    return Coalesce(NullIf(F(f"{organization}__short_name"), Value("")), F(f"{organization}__name"))


def _once(ended: Combinable, **over: Any) -> Case:
    """`ended` of a row that is over, else nothing."""
    return Case(When(**over, then=ended), default=NOTHING, output_field=DateField())


def _day(at: str) -> Combinable:
    return TruncDate(at)


def _last_of(rows: QuerySet) -> QuerySet:
    return rows.annotate(last_on=Max("events__on"))


ASKED = {"state": Rectification.State.CLOSURE_REQUESTED, "checking__isnull": False}
DONE = Case(When(done_on__isnull=False, then=Value("done")), default=Value("doing"), output_field=CharField())

# In the order in which one mostly comes of the other: of one day, that is how they stand.
KINDS: dict[str, Kind] = {
    "survey": Kind(  # for the committee that asked; those who were asked find the reply on their own page
        _("Survey"), "surveys:survey-detail",
        lambda request: Survey.objects.manageable_by(request.user).filter(opened_on__isnull=False),
        "opened_on", "closed_on", due=_once(F("due_on"), closed_on__isnull=True),
    ),
    "suggestion": Kind(
        _("Suggestion in the box"), "voices:suggestion-detail",
        lambda request: Suggestion.objects.visible_to(request.user), "said_on", "answered_on", title="public_words",
    ),
    "matter": Kind(
        _("Visitor's matter"), "voices:matter-detail",
        lambda request: _last_of(Matter.objects.visible_to(request.user)), "received_on",
        _once(Coalesce("last_on", "received_on"), due_on__isnull=True), title="number",
    ),
    "visit": Kind(
        _("Supervision visit"), "supervision:visit-detail",
        lambda request: Visit.objects.visible_to(request.user, request.today), "starts_on", _day("closed_at"),
        due="ends_on", title="topic",
    ),
    "rectification": Kind(
        _("Rectification"), "supervision:rectification-detail",
        lambda request: Rectification.objects.visible_to(request.user, request.today), "found_on", _day("closed_at"),
        title="problem", holder=Case(When(**ASKED, then=_called("checking")), default=_called("organization")),
    ),
    "situation": Kind(
        _("Situation report"), "voices:report-detail",
        lambda request: _last_of(SituationReport.objects.visible_to(request.user)), "sent_on",
        _once(Coalesce("last_on", "sent_on"), due_on__isnull=True), title="category", holder=_called("routed_to"),
        labels={one.value: one.label for one in SituationReport.Category},
    ),
    "help": Kind(
        _("Practical help"), "voices:help-detail", lambda request: PracticalHelp.objects.visible_to(request.user),
        "asked_on", "done_on", title="public_line", state=DONE,
    ),
    "assignment": Kind(
        _("Assignment"), "assignments:assignment-detail",
        lambda request: Assignment.objects.visible_to(request.user).annotate(last_at=Max("events__at")), _day("created_at"),
        Case(When(state__in=OPEN, then=NOTHING), default=_day("last_at"), output_field=DateField()),
    ),
}  # fmt: skip


def stops(request: HtmxRequest, wanted: Mapping[str, Collection[str]]) -> list[Stop]:
    """Of these ids, by kind, what the reader may open: one query, in the order in which it came."""
    sets = [(name, _set(KINDS[name], request, ids)) for name, ids in wanted.items() if name in KINDS and ids]
    order = list(KINDS)
    found = [_stop(name, KINDS[name], row) for name, row in ask(sets)]
    return sorted(found, key=lambda stop: (stop.began_on, order.index(stop.domain), stop.key))


def _set(kind: Kind, request: HtmxRequest, ids: Collection[str]) -> Set:
    values = {
        "key": "public_id", "at": "organization__public_id", "title": kind.title, "state": kind.state,
        "holder": kind.holder or _called("organization"), "began_on": _text(kind.began),
        "ended_on": _text(kind.ended), "due_on": _text(kind.due),
    }  # fmt: skip
    return Set(kind.rows(request).filter(public_id__in=ids), due_on=None, values=values, most=MOST)


def _text(day: str | Combinable) -> Combinable:
    return Cast(F(day) if isinstance(day, str) else day, CharField())


def _stop(name: str, kind: Kind, row: Row) -> Stop:
    said = row.values
    began, ended, due = (
        date.fromisoformat(said[one]) if said[one] else None for one in ("began_on", "ended_on", "due_on")
    )
    return Stop(
        key=f"{name}:{said['key']}", name=kind.name, title=str(kind.labels.get(said["title"], said["title"])),
        url=reverse(kind.page, args=[said["at"], said["key"]]), domain=name, state=said["state"], holder=said["holder"],
        began_on=began or date.min, ended_on=ended, due_on=due,
    )  # fmt: skip


def ids_by_kind(keys: Collection[str]) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for key in keys:
        kind, _colon, public_id = key.partition(":")
        wanted.setdefault(kind, []).append(public_id)
    return wanted
