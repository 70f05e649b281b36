"""What activities put on people's home pages and into the menu."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.activities.models import Activity, Invitation, Sitting
from apps.activities.querysets import answer_counts
from apps.core.days import near_day
from apps.core.http import HtmxRequest
from apps.core.navigation import NavItem
from apps.core.todo import Action, Section, Todo

State = Activity.State
AHEAD = timedelta(days=30)


def todos(request: HtmxRequest, place: str) -> Iterable[Todo]:
    """Minutes that are needed; the next meetings; one's own invitations."""
    if not request.user.is_authenticated:
        return
    asked = asked_to(request)
    boxed_one = next_meeting(request)  # the box on top of a member's page (panels.py)
    boxed = boxed_one.sitting if boxed_one else None
    yield from _kept(request, place, boxed)
    yield from _invited(request, [one for one in asked if boxed is None or one.sitting_id != boxed.pk])


def _kept(request: HtmxRequest, place: str, boxed: Sitting | None) -> Iterable[Todo]:
    reach = request.user.reach
    if not place or not (reach.committee_of or reach.leads_groups):
        return
    rows = Activity.objects.manageable_by(request.user).filter(
        organization__public_id=place, state__in=(State.SCHEDULED, State.MINUTES_DUE), held_on__lte=request.today + AHEAD
    )  # fmt: skip
    for one in rows.with_answers().select_related("kind", "group", "sitting").order_by("held_on", "pk")[:30]:
        url = reverse("activities:activity-detail", args=[place, one.public_id])
        log = Action(pgettext("log a meeting", "Log"), reverse("activities:log-edit", args=[place, one.public_id]))
        if one.held_on < request.today:
            held = _("held on %(day)s") % {"day": near_day(one.held_on, request.today)}
            yield Todo(
                Section.MINE, one.title, url, due_on=one.held_on, when=held, domain="meeting", status="minutes_due",
                actions=(log,),
            )  # fmt: skip
        elif boxed is None or one.sitting_id != boxed.pk or one.held_on == request.today:  # today it can be logged
            actions = (log,) if one.held_on == request.today else ()
            yield Todo(
                Section.CALENDAR, one.title, url, due_on=one.held_on, when=near_day(one.held_on, request.today),
                detail=" · ".join(filter(None, [_when(one.sitting), answered_text(one)])), domain="meeting", status="scheduled",
                actions=actions,
            )  # fmt: skip


def _when(sitting) -> str:  # noqa: ANN001
    clock = f"{sitting.starts_at:%H:%M}" if sitting.starts_at else ""
    return " ".join(filter(None, [clock, sitting.place]))


def answered_text(one: Activity | Invitation) -> str:
    """How many of those asked have answered. `one` carries `answer_counts`; nobody asked is an empty text."""
    if not one.asked:
        return ""
    said = _("%(answered)d of %(asked)d have answered") % {"answered": one.answered, "asked": one.asked}
    return said + (" · " + _("%(count)d cannot come") % {"count": one.cannot} if one.cannot else "")


def next_meeting(request: HtmxRequest) -> Invitation | None:
    """What a member is asked to next."""
    if not request.user.reach.member_of:
        return None
    return next((one for one in asked_to(request) if not one.sitting.is_cancelled), None)


def asked_to(request: HtmxRequest) -> list[Invitation]:
    """Still to come or cancelled, the next one first. A cancelled one is said until its day is over.

    Asked once a request: rows and boxes of the home page both read it.
    """
    if not hasattr(request, "asked_to"):
        request.asked_to = _asked(request)
    return request.asked_to


def _asked(request: HtmxRequest) -> list[Invitation]:
    person = request.user.reach.person_id
    if not person:
        return []
    rows = (
        Invitation.objects.filter(
            person=person,
            sitting__held_on__range=(request.today, request.today + AHEAD),
            sitting__activities__state__in=(State.SCHEDULED, State.CANCELLED),
        )
        .select_related("sitting__organization")
        .prefetch_related(Prefetch("sitting__activities", Activity.objects.select_related("kind").order_by("pk")))
        .annotate(**answer_counts())
        .distinct()
        .order_by("sitting__held_on", "sitting__starts_at", "pk")[:20]
    )
    return [one for one in rows if one.sitting.is_cancelled or one.sitting.is_scheduled]


def _invited(request: HtmxRequest, asked: Iterable[Invitation]) -> Iterable[Todo]:
    for one in asked:
        title = one.sitting.kinds_text
        url = reverse("activities:sitting-detail", args=[one.sitting.public_id])
        near = near_day(one.sitting.held_on, request.today)
        if one.sitting.is_cancelled:
            yield Todo(
                Section.CALENDAR, title, url, due_on=one.sitting.held_on, when=near, detail=_when(one.sitting), domain="meeting",
                status="cancelled",
            )  # fmt: skip
            continue
        section = Section.CALENDAR if one.answer else Section.MINE
        detail = " · ".join(
            filter(None, [_when(one.sitting), one.get_answer_display() if one.answer else _("not answered yet")])
        )
        keeps = one.sitting.organization_id in request.user.reach.committee_of
        if one.answer and keeps:
            continue  # the branch's own row stands in the calendar already
        yield Todo(
            section, title, url, due_on=one.sitting.held_on, when=near, detail=detail, domain="meeting", status="scheduled",
        )  # fmt: skip


def navigation(request: HtmxRequest) -> Iterable[NavItem]:
    user = request.user
    if not user.is_authenticated or not hasattr(user, "reach"):
        return
    reach, path = user.reach, request.path
    here = _place(request)
    if reach.committee_of or reach.leads_groups:
        keeps = here if here and here.organization_id in reach.committee_of else None
        log = reverse("activities:log-start", args=[keeps.public_id]) if keeps else reverse("activities:log-choose")
        yield NavItem(pgettext("log a meeting", "Log"), log, "plus", "/log/" in path, primary=True)
    if here:
        meetings = reverse("activities:activity-list", args=[here.public_id])
        active = "/meetings/" in path or (path.startswith("/b/") and "/schedule/" in path)
        yield NavItem(_("Meetings"), meetings, "meetings", active, order=30)
        if here.organization_id in reach.committee_of:
            talks = reverse("activities:talk-list", args=[here.public_id])
            yield NavItem(pgettext("menu", "Talks"), talks, "members", "/talks/" in path, order=58, extra=True)
    if reach.person_id and (reach.member_of or reach.committee_of):
        yield NavItem(
            _("My schedule"),
            reverse("activities:schedule"),
            "schedule",
            path.startswith(("/schedule/", "/e/")),
            order=20,
        )


def _place(request: HtmxRequest):  # noqa: ANN202
    """The organization the page is about, else the first the person belongs to."""
    places = request.user.reach.places
    parts = request.path.split("/")
    asked = parts[2] if len(parts) > 2 and parts[1] == "b" else ""
    return next((place for place in places if place.public_id == asked), next(iter(places), None))
