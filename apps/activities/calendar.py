"""One meeting as a calendar entry. A moved or cancelled one replaces it: same UID, next SEQUENCE. Kind, time and place only."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.activities.models import Sitting

ZONE = ZoneInfo("Asia/Shanghai")


def event_ics(sitting: Sitting, *, title: str, is_cancelled: bool, now: datetime, url: str) -> bytes:
    """`title` as people call it; without a time the entry takes the whole day."""
    from icalendar import Calendar, Event  # only who downloads pays

    calendar = Calendar()
    calendar.add("prodid", "-//zhibu//branch desk//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_cancelled else "PUBLISH")
    event = Event()
    event.add("uid", f"sitting-{sitting.public_id}@zhibu")
    event.add("sequence", sitting.ics_sequence)
    event.add("dtstamp", now)
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
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
