"""What the ledger and visits put on people's home pages. One query a role, none for whoever can own and check nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.branches.models import Post
from apps.branches.querysets import within_any
from apps.core.days import near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Action, Section, Todo
from apps.supervision.models import Rectification, Visit
from apps.supervision.querysets import owned_by

AHEAD = timedelta(days=30)
VISIT_AHEAD = timedelta(days=7)
MOST = 20
State = Rectification.State
NO, YES = Value(False), Value(True)
# Rows of the ledger and visits come in one query, so that a home page pays for them once.
COLUMNS = (
    "what",
    "place",
    "branch_id",
    "branch",
    "key",
    "text",
    "on",
    "state",
    "nature",
    "owner",
    "post",
    "is_mine",
    "to_check",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the query: COLUMNS in order."""

    what: str
    place: str
    branch_id: int
    branch: str
    key: str
    text: str
    on: date | None
    state: str
    nature: str
    owner: str | None
    post: str
    is_mine: bool
    to_check: bool

    @property
    def url(self) -> str:
        name = "supervision:visit-fill" if self.what == "visit" else "supervision:rectification-detail"
        return reverse(name, args=[self.place, self.key])

    @property
    def owner_text(self) -> str:
        return self.owner or (str(Post.Kind(self.post).label) if self.post else "")


def todos(request: HtmxRequest, place: str) -> Iterator[Todo]:
    reach = request.user.reach
    belongs = bool(reach.member_of or reach.committee_of)
    if belongs:
        yield from _branch(request, place)
    if reach.staff_of:
        yield from _to_check(request, place, with_visits=not belongs)


def _rows(rows: QuerySet, is_mine: object = NO, to_check: object = NO) -> QuerySet:
    short = Case(When(organization__short_name="", then=F("organization__name")), default=F("organization__short_name"))
    return rows.order_by().annotate(
        c_what=Value("row"), c_place=F("organization__public_id"), c_branch_id=F("organization_id"), c_branch=short,
        c_key=F("public_id"), c_text=F("problem"), c_on=F("due_on"), c_state=F("state"), c_nature=F("nature"),
        c_owner=F("owner__name"), c_post=F("owner_post"), c_is_mine=is_mine, c_to_check=to_check,
    ).values_list(*(f"c_{name}" for name in COLUMNS))  # fmt: skip


def _visits(request: HtmxRequest) -> QuerySet:
    """On whose team one is: from a week before, so that it is known; open on its days."""
    today = request.today
    rows = Visit.objects.filter(
        members__person=request.user.reach.person_id, state=Visit.State.PLANNED, starts_on__lte=today + VISIT_AHEAD,
        ends_on__gte=today,
    )  # fmt: skip
    short = Case(When(branch__short_name="", then=F("branch__name")), default=F("branch__short_name"))
    nothing = Value("", output_field=CharField())
    return rows.order_by().annotate(
        c_what=Value("visit"), c_place=F("organization__public_id"), c_branch_id=F("branch_id"), c_branch=short,
        c_key=F("public_id"), c_text=F("topic"), c_on=F("starts_on"), c_state=F("state"), c_nature=nothing, c_owner=nothing,
        c_post=nothing, c_is_mine=YES, c_to_check=NO,
    ).values_list(*(f"c_{name}" for name in COLUMNS))  # fmt: skip


def _branch(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """One's own rows; for leaders also those of others; what the branch itself has to check; visits one goes along on."""
    user, today, reach = request.user, request.today, request.user.reach
    asked = Q(state=State.CLOSURE_REQUESTED, checking=None)
    near = Q(state__in=Rectification.WORKING) & (
        Q(due_on__lte=today + AHEAD) | Q(due_on=None, nature=Rectification.Nature.AT_ONCE) | Q(state=State.REOPENED)
    )
    rows = Rectification.objects.manageable_by(user, today).filter(near | asked)
    if place:
        rows = rows.filter(organization__public_id=place)
    mine = Case(When(owned_by(user, today), then=YES), default=NO, output_field=BooleanField())
    to_check: object = NO
    if reach.committee_of:
        can_check = Exists(Rectification.objects.checkable_by(user, today).filter(pk=OuterRef("pk")))
        to_check = Case(When(asked, then=can_check), default=NO)
    found = _rows(rows, mine, to_check).union(_visits(request), all=True)
    for line in _lines(found):
        leads = line.branch_id in reach.leader_of
        if line.what == "visit":
            yield _visit(line, today)
        elif line.state == State.CLOSURE_REQUESTED:
            if line.to_check:
                yield _asked(line)
        elif line.is_mine or (not line.owner_text and leads):
            yield _row(line, today, Section.MINE)
        elif leads:
            yield _row(line, today, Section.OTHERS)


def _to_check(request: HtmxRequest, place: str, *, with_visits: bool) -> Iterator[Todo]:
    """On the page of the staff's own place: where a branch asks for closing."""
    reach, today = request.user.reach, request.today
    tops = [one.path for one in reach.places if one.organization_id in reach.staff_of and place in ("", one.public_id)]
    if not tops:
        return
    rows = Rectification.objects.checkable_by(request.user, today).filter(
        within_any(tops), state=State.CLOSURE_REQUESTED, checking__isnull=False
    )
    found = _rows(rows)
    if with_visits:
        found = found.union(_visits(request), all=True)
    for line in _lines(found):
        yield _visit(line, today) if line.what == "visit" else _asked(line)


def _lines(found: QuerySet) -> list[Line]:
    """At most so many, what is due first; what has no day comes last."""
    on = COLUMNS.index("on")
    rows = found.order_by(F(f"c_{COLUMNS[on]}").asc(nulls_last=True), "c_key")[:MOST]
    return [Line(*values) for values in rows]


def _row(line: Line, today: date, section: Section) -> Todo:
    late = (today - line.on).days if line.on and line.on < today else 0
    said = ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late} if late else ""
    who = line.owner_text if section == Section.OTHERS else ""
    return Todo(
        section=section,
        title=_("Put right: %(problem)s") % {"problem": line.text[:40]},
        url=line.url,
        due_on=line.on,
        when=near_day(line.on, today) if line.on else str(Rectification.Nature(line.nature).label),
        detail=" · ".join(filter(None, [who, said])),
        domain="rectification",
        status=line.state,
    )


def _asked(line: Line) -> Todo:
    return Todo(
        section=Section.MINE,
        title=_("%(branch)s · asks for closing: %(problem)s") % {"branch": line.branch, "problem": line.text[:40]},
        url=line.url,
        domain="rectification",
        status=line.state,
        actions=(Action(_("Look and answer"), line.url),),
    )


def _visit(line: Line, today: date) -> Todo:
    """Before its first day there is nothing to open for who has no post above the branch."""
    open_now = line.on is not None and line.on <= today
    return Todo(
        section=Section.MINE if open_now else Section.CALENDAR,
        title=_("%(branch)s · visit: %(topic)s") % {"branch": line.branch, "topic": line.text[:40]},
        url=line.url if open_now else "",
        due_on=line.on,
        when=near_day(line.on, today) if line.on else "",
        domain="visit",
        status=line.state,
        actions=(Action(_("Write the record"), line.url),) if open_now else (),
    )
