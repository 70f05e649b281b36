"""What the ledger and visits put on people's home pages."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.branches.models import Post
from apps.branches.querysets import within_any
from apps.core.days import near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Action, Question, Section, Todo
from apps.core.together import Row, Set
from apps.supervision.models import Rectification, Visit
from apps.supervision.querysets import owned_by

AHEAD = timedelta(days=30)
VISIT_AHEAD = timedelta(days=7)
State = Rectification.State
NO, YES = Value(False), Value(True)
FIELDS = {
    "place": "organization__public_id", "branch_id": "organization_id", "key": "public_id", "problem": "problem",
    "state": "state", "nature": "nature", "owner": "owner__name", "post": "owner_post",
}  # fmt: skip


def _short(branch: str) -> Case:
    short = f"{branch}__short_name"
    return Case(When(**{short: ""}, then=F(f"{branch}__name")), default=F(short))


def _rows(request: HtmxRequest, place: str) -> Iterator[Set]:
    """One's own rows; for leaders also those of others; what the branch itself has to check. For staff, on the page of their
    own place, where a branch asks for closing.
    """
    user, today, reach = request.user, request.today, request.user.reach
    values = FIELDS | {"branch": _short("organization")}
    asked = Q(state=State.CLOSURE_REQUESTED)
    checkable = Rectification.objects.checkable_by(user, today)
    if reach.member_of or reach.committee_of:
        near = Q(state__in=Rectification.WORKING) & (
            Q(due_on__lte=today + AHEAD) | Q(due_on=None, nature=Rectification.Nature.AT_ONCE) | Q(state=State.REOPENED)
        )
        rows = Rectification.objects.manageable_by(user, today).filter(near)
        to_check = checkable.filter(asked, checking=None) if reach.committee_of else Rectification.objects.none()
        if place:
            rows, to_check = (found.filter(organization__public_id=place) for found in (rows, to_check))
        mine = Case(When(owned_by(user, today), then=YES), default=NO)
        yield Set(rows, values=values | {"is_mine": mine})
        if reach.committee_of:
            yield Set(to_check, values=values)
    tops = [one.path for one in reach.places if one.organization_id in reach.staff_of and place in ("", one.public_id)]
    if tops:
        yield Set(checkable.filter(asked, within_any(tops), checking__isnull=False), values=values)


def _row(request: HtmxRequest, row: Row) -> Todo | None:
    said = row.values
    if said["state"] == State.CLOSURE_REQUESTED:
        return _asked(said)
    leads = said["branch_id"] in request.user.reach.leader_of
    owner = said["owner"] or (str(Post.Kind(said["post"]).label) if said["post"] else "")
    if said["is_mine"] or (not owner and leads):
        return _open(said, row.due_on, request.today, Section.MINE)
    return _open(said, row.due_on, request.today, Section.OTHERS, owner) if leads else None


def _url(said: dict[str, Any]) -> str:
    return reverse("supervision:rectification-detail", args=[said["place"], said["key"]])


def _open(said: dict[str, Any], due_on: date | None, today: date, section: Section, who: str = "") -> Todo:
    late = (today - due_on).days if due_on and due_on < today else 0
    days = ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late} if late else ""
    return Todo(
        section=section,
        title=_("Put right: %(problem)s") % {"problem": said["problem"][:40]},
        url=_url(said),
        due_on=due_on,
        when=near_day(due_on, today) if due_on else str(Rectification.Nature(said["nature"]).label),
        detail=" · ".join(filter(None, [who, days])),
        domain="rectification",
        status=said["state"],
    )


def _asked(said: dict[str, Any]) -> Todo:
    title = {"branch": said["branch"], "problem": said["problem"][:40]}
    return Todo(
        section=Section.MINE,
        title=_("%(branch)s · asks for closing: %(problem)s") % title,
        url=_url(said),
        domain="rectification",
        status=said["state"],
        actions=(Action(_("Look and answer"), _url(said)),),
    )


def _visits(request: HtmxRequest, place: str) -> Iterator[Set]:
    """On whose team one is: from a week before, so that it is known; open on its days."""
    reach, today = request.user.reach, request.today
    if not (reach.member_of or reach.committee_of or reach.staff_of):
        return
    rows = Visit.objects.filter(
        members__person=reach.person_id,
        state=Visit.State.PLANNED,
        starts_on__lte=today + VISIT_AHEAD,
        ends_on__gte=today,
    )
    values = {
        "place": "organization__public_id", "branch": _short("branch"), "key": "public_id", "topic": "topic", "state": "state",
    }  # fmt: skip
    yield Set(rows, due_on="starts_on", values=values)


def _visit(request: HtmxRequest, row: Row) -> Todo:
    """Before its first day there is nothing to open for who has no post above the branch."""
    said, today = row.values, request.today
    open_now = row.due_on is not None and row.due_on <= today
    url = reverse("supervision:visit-fill", args=[said["place"], said["key"]]) if open_now else ""
    return Todo(
        section=Section.MINE if open_now else Section.CALENDAR,
        title=_("%(branch)s · visit: %(topic)s") % {"branch": said["branch"], "topic": said["topic"][:40]},
        url=url,
        due_on=row.due_on,
        when=near_day(row.due_on, today) if row.due_on else "",
        domain="visit",
        status=said["state"],
        actions=(Action(_("Write the record"), url),) if open_now else (),
    )


QUESTIONS = {"rectification": Question(_rows, _row), "visit": Question(_visits, _visit)}
