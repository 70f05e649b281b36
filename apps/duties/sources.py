"""What the duties tell other pages: the log flow what to offer first, a record what it fulfils, a home page what is due."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.activities.models import Activity
from apps.activities.registry import Fulfilment, OwedKind
from apps.branches.models import Organization
from apps.branches.querysets import nearest_staff, within_any
from apps.core.http import HtmxRequest
from apps.core.todo import Action, Section, Todo
from apps.duties import explaining, links, words
from apps.duties.models import DutyPeriod
from apps.duties.querysets import DutyPeriodQuerySet
from apps.duties.schedule import Period, State, days_late, span_containing

LONG_PAST = timedelta(days=100)


def due_now(periods: DutyPeriodQuerySet, today: date) -> DutyPeriodQuerySet:
    """What a secretary looks at this month: overdue, running to the end of this month, due soon or begun, or with a request
    for a waiver that waits. With its state, and whether it is `asked`.
    """
    month = span_containing(today, 1)
    rows = periods.unfulfilled().with_state(today).with_request().filter(starts_on__lte=today)
    wanted = (
        Q(due_on__lt=month.ends_before)
        | Q(state__in=(State.OVERDUE, State.DUE_SOON, State.IN_PROGRESS))
        | Q(asked=True)
    )
    return (
        rows.filter(wanted)
        .select_related("rule__set_by", "organization", "group")
        .order_by("due_on", "rule__order", "group__order", "pk")
    )


def owed_kinds(organization: Organization, today: date) -> Iterator[OwedKind]:
    """For the log flow, the most urgent first: what is due now, then whatever else runs. Nothing past making good."""
    periods = DutyPeriod.objects.filter(organization=organization, starts_on__lte=today).unfulfilled()
    rows = periods.select_related("rule__set_by", "group").order_by("due_on", "rule__order", "group__order", "pk")
    for period in rows.filter(due_on__gte=today - timedelta(days=400)):
        span = Period(period.starts_on, period.ends_before, period.for_year)
        is_late = today > period.due_on
        if is_late and today > period.rule.cadence.accepted_until(span):
            continue
        yield OwedKind(
            slug=period.rule.fulfilled_by[0],
            label=words.title_of(period, today),
            group_id=period.group_id,
            counts_for=period.starts_on if is_late else None,
            for_year=period.for_year if period.rule.window else None,
            due_on=period.due_on,
            is_late=is_late,
        )


def fulfilments(activity: Activity) -> Iterator[Fulfilment]:
    """The periods that a filed record counts for, and whether they are done with it."""
    if activity.state != Activity.State.FILED:
        return
    day = activity.counts_for or activity.held_on
    spans = Q(starts_on__lte=day, ends_before__gt=day)
    if activity.for_year:
        spans = (spans & Q(rule__window="")) | (Q(for_year=activity.for_year) & ~Q(rule__window=""))
    periods = DutyPeriod.objects.filter(
        spans,
        Q(group=None) | Q(group=activity.group_id),
        organization=activity.organization_id,
        rule__fulfilled_by__contains=[activity.kind.slug],
    )
    for period in periods.select_related("rule__set_by", "group", "organization").order_by("rule__order", "pk"):
        title = words.duty_title(period.rule, period.starts_on, period.for_year, activity.held_on, period.group)
        if period.done >= period.required > 0:
            sentence = _("Duty “%(duty)s” is done.") % {"duty": title}
        else:
            sentence = _("Duty “%(duty)s”: %(done)d of %(required)d so far.") % {
                "duty": title,
                "done": period.done,
                "required": period.required,
            }
        yield Fulfilment(sentence, reverse("duties:period-detail", args=[period.organization.public_id, period.pk]))


def todos(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Home page: what this branch, or the groups one leads, must do, and what staff are asked to decide.

    What is long past stands in one row: the board has it. Staff see their branches on a page of their own.
    """
    yield from _own(request, place)
    yield from _requests(request, place)


def _own(request: HtmxRequest, place: str) -> Iterator[Todo]:
    reach, today = request.user.reach, request.today
    if not (reach.committee_of or reach.leads_groups):
        return
    periods = DutyPeriod.objects.filter(Q(organization__in=reach.committee_of) | Q(group__in=reach.leads_groups))
    if place:
        periods = periods.filter(organization__public_id=place)
    found = list(due_now(periods, today))
    yield from _waiting((period for period in found if period.asked), today)
    rows = [period for period in found if not period.asked]
    old = [period for period in rows if period.due_on < today - LONG_PAST]
    for period in rows[len(old) :]:
        late = days_late(today, period.due)
        yield Todo(
            section=Section.MINE,
            title=words.title_of(period, today),
            url=reverse("duties:period-detail", args=[period.organization.public_id, period.pk]),
            due_on=period.due_on,
            when=words.until(period.due_on, today.year),
            detail=ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late} if late else "",
            domain="duty",
            status=explaining.status_of(period, period.state),
            actions=_actions(request, period),
        )
    if old:
        last = old[-1]
        url = reverse("duties:board-detail", args=[last.organization.public_id])
        title = ngettext(
            "%(count)d duty from before is still open", "%(count)d duties from before are still open", len(old)
        )
        yield Todo(
            section=Section.MINE,
            title=title % {"count": len(old)},
            url=f"{url}?year={last.due_on.year}&month={last.due_on.month}",
            domain="duty",
            status=State.OVERDUE,
        )


def _waiting(periods: Iterable[DutyPeriod], today: date) -> Iterator[Todo]:
    """The branch has asked; the level above decides."""
    for period in periods:
        yield Todo(
            section=Section.OTHERS,
            title=words.title_of(period, today),
            url=reverse("duties:period-detail", args=[period.organization.public_id, period.pk]),
            due_on=period.due_on,
            when=words.until(period.due_on, today.year),
            detail=_("Waiver asked for; the level above decides"),
            domain="duty",
            status=explaining.status_of(period, period.state),
        )


def _requests(request: HtmxRequest, place: str) -> Iterator[Todo]:
    """Requests for a waiver that this person, as the nearest staff, has to answer; on the page of the staff's own place."""
    reach, today = request.user.reach, request.today
    tops = [one.path for one in reach.places if one.organization_id in reach.staff_of and place in ("", one.public_id)]
    if not tops:
        return
    periods = (
        DutyPeriod.objects.filter(within_any(tops))
        .awaiting_waiver()
        .filter(nearest_staff(request.user, today, path="path"))
    )
    for period in (
        periods.with_state(today).select_related("rule__set_by", "organization", "group").order_by("due_on", "path")
    ):
        url = reverse("duties:period-detail", args=[period.organization.public_id, period.pk])
        title = {"branch": period.organization, "duty": words.title_of(period, today)}
        yield Todo(
            section=Section.MINE,
            title=_("%(branch)s · %(duty)s · asks for a waiver") % title,
            url=url,
            due_on=period.due_on,
            when=words.until(period.due_on, today.year),
            domain="duty",
            status=explaining.status_of(period, period.state),
            actions=(Action(_("Decide"), url),),
        )


def _actions(request: HtmxRequest, period: DutyPeriod) -> tuple[Action, ...]:
    """Log it, as long as it can still be held; explain or ask where one leads and it is late."""
    span = Period(period.starts_on, period.ends_before, period.for_year)
    actions = []
    if request.today <= period.rule.cadence.accepted_until(span):
        actions.append(Action(pgettext("duties", "Log it"), links.log(period, request.today)))
    if period.state == State.OVERDUE and period.organization_id in request.user.reach.leader_of:
        label = pgettext("duties", "Explain") if period.rule.may_be_explained else _("Ask for a waiver")
        actions.append(Action(label, reverse("duties:period-detail", args=[period.organization.public_id, period.pk])))
    return tuple(actions)
