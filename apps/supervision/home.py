"""What the ledger puts on people's home pages. At most one query a role, none for whoever owns and checks nothing."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.branches.querysets import within_any
from apps.core.days import near_day
from apps.core.http import HtmxRequest
from apps.core.todo import Action, Section, Todo
from apps.supervision import rules
from apps.supervision.models import Rectification
from apps.supervision.querysets import owned_by

AHEAD = timedelta(days=30)
MOST = 20
State = Rectification.State


def todos(request: HtmxRequest, place: str) -> Iterator[Todo]:
    reach = request.user.reach
    if reach.member_of or reach.committee_of:
        yield from _branch(request, place)
    if reach.staff_of:
        yield from _to_check(request, place)


def _branch(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """One's own rows; for leaders also those of others; what the branch itself has to check."""
    user, today, reach = request.user, request.today, request.user.reach
    can_check = Exists(Rectification.objects.checkable_by(user, today).filter(pk=OuterRef("pk")))
    asked = Q(state=State.CLOSURE_REQUESTED, checking=None)
    near = Q(state__in=Rectification.WORKING) & (
        Q(due_on__lte=today + AHEAD) | Q(due_on=None, nature=Rectification.Nature.AT_ONCE) | Q(state=State.REOPENED)
    )
    rows = Rectification.objects.manageable_by(user, today).filter(near | asked).annotate(
        is_mine=Case(When(owned_by(user, today), then=Value(True)), default=Value(False), output_field=BooleanField())
    )  # fmt: skip
    if reach.committee_of:
        rows = rows.annotate(to_check=Case(When(asked, then=can_check), default=Value(False)))
    else:
        rows = rows.annotate(to_check=Value(False))
    if place:
        rows = rows.filter(organization__public_id=place)
    for row in rows.select_related("organization", "owner").order_by("order_on", "pk")[:MOST]:
        if row.state == State.CLOSURE_REQUESTED:
            if row.to_check:
                yield _asked(row)
        elif row.is_mine or (not row.owner_text and row.organization_id in reach.leader_of):
            yield _row(request, row, Section.MINE)
        elif row.organization_id in reach.leader_of:
            yield _row(request, row, Section.OTHERS)


def _to_check(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """On the page of the staff's own place: where a branch asks for closing."""
    reach, today = request.user.reach, request.today
    tops = [one.path for one in reach.places if one.organization_id in reach.staff_of and place in ("", one.public_id)]
    if not tops:
        return
    rows = Rectification.objects.checkable_by(request.user, today).filter(
        within_any(tops), state=State.CLOSURE_REQUESTED, checking__isnull=False
    )
    for row in rows.select_related("organization").order_by("asked_at", "pk")[:MOST]:
        yield _asked(row)


def _url(row: Rectification) -> str:
    return reverse("supervision:rectification-detail", args=[row.organization.public_id, row.public_id])


def _row(request: HtmxRequest, row: Rectification, section: Section) -> Todo:
    today = request.today
    late = (today - row.due_on).days if rules.is_overdue(row, today) else 0
    said = ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late} if late else ""
    who = row.owner_text if section == Section.OTHERS else ""
    return Todo(
        section=section,
        title=_("Put right: %(problem)s") % {"problem": row.problem[:40]},
        url=_url(row),
        due_on=row.due_on,
        when=near_day(row.due_on, today) if row.due_on else str(row.get_nature_display()),
        detail=" · ".join(filter(None, [who, said])),
        domain="rectification",
        status=row.state,
    )


def _asked(row: Rectification) -> Todo:
    words = {"branch": row.organization, "problem": row.problem[:40]}
    return Todo(
        section=Section.MINE,
        title=_("%(branch)s · asks for closing: %(problem)s") % words,
        url=_url(row),
        domain="rectification",
        status=row.state,
        actions=(Action(_("Look and answer"), _url(row)),),
    )
