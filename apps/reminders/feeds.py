"""Calendars to subscribe to: one person's meetings, or a branch's. Kind, time and place; what is not for strangers is left out.

Whoever has the address reads it, so it holds less than the pages behind a sign-in: no talks at all, and of a branch no meeting in
which members are judged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.activities.calendar import PRODUCT, ZONE, sitting_event
from apps.activities.models import Activity, Behaviour, Invitation, Sitting
from apps.branches.models import Organization, Person, Post
from apps.duties import words
from apps.duties.models import DutyPeriod

if TYPE_CHECKING:
    from icalendar import Event

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
DUTIES_AHEAD = timedelta(days=92)
MOST = 500  # entries; nobody has that many
RING = timedelta(hours=2)  # before a meeting, in the phone's calendar
OPEN_BEHAVIOURS = (Behaviour.GENERAL, Behaviour.COMMITTEE, Behaviour.GROUP)
BEHIND_DOORS = ("life_meeting", "member_appraisal")  # kinds in which members are judged


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar holds; sittings with their activities and kinds, periods with rule and group at hand."""

    name: str
    sittings: tuple[Sitting, ...] = ()
    periods: tuple[DutyPeriod, ...] = ()
    rings: bool = False
    says_branch: bool = False  # somebody with two branches has to know which


def of_person(person: Person, today: date) -> Feed:
    """What one is invited to and has not declined; what is due where one leads a branch."""
    asked = Invitation.objects.filter(person=person, sitting=OuterRef("pk")).exclude(answer=Invitation.Answer.CANNOT)
    talks = Activity.objects.filter(sitting=OuterRef("pk"), kind__behaviour=Behaviour.TALK)
    sittings = _sittings(Sitting.objects.filter(Exists(asked), ~Exists(talks)), today)
    led = Post.objects.on(today).filter(person=person, kind__in=Post.LEADERS).values("organization")
    periods = _periods(DutyPeriod.objects.filter(organization__in=led), today)
    return Feed(_("Branch calendar"), sittings, periods, rings=True, says_branch=True)


def of_organization(organization: Organization, today: date) -> Feed:
    """The meetings of a branch that are no secret to anybody who works there, and what is due."""
    closed = Activity.objects.filter(sitting=OuterRef("pk")).filter(
        ~Q(kind__behaviour__in=OPEN_BEHAVIOURS) | Q(kind__slug__in=BEHIND_DOORS)
    )
    sittings = _sittings(Sitting.objects.filter(~Exists(closed), organization=organization), today)
    periods = _periods(DutyPeriod.objects.filter(organization=organization), today)
    return Feed(str(organization), sittings, periods)


def _sittings(rows: QuerySet, today: date) -> tuple[Sitting, ...]:
    """A withdrawn record leaves no entry; a cancelled meeting does, so that the phone strikes it out."""
    kept = Activity.objects.filter(sitting=OuterRef("pk")).exclude(state=Activity.State.WITHDRAWN)
    activities = Prefetch("activities", Activity.objects.exclude(state="withdrawn").select_related("kind"))
    rows = rows.filter(Exists(kept), held_on__range=(today - BACK, today + AHEAD))
    rows = rows.select_related("organization", "group").prefetch_related(activities)
    return tuple(rows.order_by("held_on", "starts_at", "pk")[:MOST])


def _periods(rows: QuerySet, today: date) -> tuple[DutyPeriod, ...]:
    rows = rows.unfulfilled().filter(
        required__gt=0, starts_on__lte=today, overdue_from__gt=today - BACK, due_on__lte=today + DUTIES_AHEAD
    )
    return tuple(rows.select_related("rule", "group", "organization").order_by("due_on", "pk")[:MOST])


def ics(feed: Feed, today: date) -> bytes:
    """In the active language. The same rows give the same bytes, so that a client that asks again is told nothing is new."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", feed.name)
    calendar.add("x-wr-calname", feed.name)
    calendar.add("x-wr-timezone", ZONE.key)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in _events(feed, today):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _events(feed: Feed, today: date) -> Iterable["Event"]:
    for sitting in feed.sittings:
        url = urljoin(settings.SITE_URL, reverse("activities:sitting-detail", args=[sitting.public_id]))
        event = sitting_event(
            sitting, title=_title(sitting, feed), is_cancelled=sitting.is_cancelled, stamp=sitting.created_at, url=url
        )
        if feed.rings and sitting.starts_at and not sitting.is_cancelled:
            event.add_component(_alarm(str(event["summary"])))
        yield event
    for period in feed.periods:
        yield _due(period, feed, today)


def _title(sitting: Sitting, feed: Feed) -> str:
    title = f"{sitting.kinds_text} · {sitting.group.name}" if sitting.group else sitting.kinds_text
    return f"{title} · {sitting.organization}" if feed.says_branch else title


def _alarm(title: str):  # noqa: ANN202
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -RING)
    return alarm


def _due(period: DutyPeriod, feed: Feed, today: date) -> "Event":
    """The last day of a duty, all day long. Done, it is gone."""
    from icalendar import Event

    event = Event()
    title = words.title_of(period, today)
    event.add("uid", f"duty-{period.pk}@zhibu")
    event.add("dtstamp", datetime.combine(period.starts_on, time(), ZONE))
    event.add("dtstart", period.due_on)
    event.add("dtend", period.due_on + timedelta(days=1))
    event.add(
        "summary", _("Due: %(duty)s") % {"duty": f"{title} · {period.organization}" if feed.says_branch else title}
    )
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    url = reverse("duties:period-detail", args=[period.organization.public_id, period.pk])
    event.add("url", urljoin(settings.SITE_URL, url))
    return event
