"""One meeting as a calendar entry. A moved or cancelled one replaces it: same UID, next SEQUENCE. Kind, time and place only."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apps.activities.models import Sitting

if TYPE_CHECKING:
    from icalendar import Event

ZONE = ZoneInfo("Asia/Shanghai")
PRODUCT = "-//zhibu//branch desk//ZH"


def sitting_event(sitting: Sitting, *, title: str, is_cancelled: bool, stamp: datetime, url: str) -> "Event":
    """`title` as people call it; without a time the entry takes the whole day."""
    from icalendar import Event  # only who downloads pays

    event = Event()
    event.add("uid", f"sitting-{sitting.public_id}@zhibu")
    event.add("sequence", sitting.ics_sequence)
    event.add("dtstamp", stamp)
    if sitting.starts_at:
        start = datetime.combine(sitting.held_on, sitting.starts_at, ZONE)
        event.add("dtstart", start)
        end = (
            datetime.combine(sitting.held_on, sitting.ends_at, ZONE) if sitting.ends_at else start + timedelta(hours=1)
        )
        event.add("dtend", end)
    else:
        event.add("dtstart", sitting.held_on)
        event.add("dtend", sitting.held_on + timedelta(days=1))
    event.add("summary", title)
    if sitting.place:
        event.add("location", sitting.place)
    event.add("url", url)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    return event


def event_ics(sitting: Sitting, *, title: str, is_cancelled: bool, now: datetime, url: str) -> bytes:
    """A calendar file of this one entry."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "PUBLISH")
    calendar.add_component(sitting_event(sitting, title=title, is_cancelled=is_cancelled, stamp=now, url=url))
    calendar.add_missing_timezones()
    return calendar.to_ical()
