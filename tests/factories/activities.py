"""Records of meetings, made through the services so that they obey the same rules as real ones."""

import io
from datetime import date, datetime, time
from itertools import count
from typing import Any

from django.utils import timezone
from PIL import Image

from apps.accounts.models import User
from apps.activities import services
from apps.activities.expected import board
from apps.activities.models import Activity, ActivityKind, Attachment, Attendance, Sitting
from apps.activities.records import Mark, Part, Record
from apps.branches.models import Organization, PartyGroup, Person
from tests.factories.branches import TODAY

Status = Attendance.Status
_serial = count(1)


def at(day: date = TODAY, hour: int = 9) -> datetime:
    """The moment at which something is entered."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def kind(slug: str) -> ActivityKind:
    return ActivityKind.objects.get(slug=slug)


def marks(
    organization: Organization,
    slug: str,
    held_on: date,
    group: PartyGroup | None = None,
    away: dict[Person, str] | None = None,
) -> tuple[Mark, ...]:
    """Everyone expected is present but those in `away` (person → status)."""
    expected = board(organization, group, kind(slug), held_on).expected
    gone = {person.pk: status for person, status in (away or {}).items()}
    return tuple(Mark(person=one.person, status=gone.get(one.person.pk, Status.PRESENT)) for one in expected)


def record(
    organization: Organization,
    slug: str = "committee_meeting",
    held_on: date = TODAY,
    *,
    group: PartyGroup | None = None,
    away: dict[Person, str] | None = None,
    also: tuple[Part, ...] = (),
    part: dict[str, Any] | None = None,
    **fields: Any,
) -> Record:
    """A record as the log flow would hand it over."""
    fields.setdefault("marks", marks(organization, slug, held_on, group, away))
    first = Part(kind=kind(slug), **(part or {}))
    return Record(organization=organization, group=group, held_on=held_on, parts=(first, *also), **fields)


def draft(organization: Organization, by: User, slug: str = "committee_meeting", **fields: Any) -> Activity:
    fields.setdefault("now", at())
    return services.draft_start(organization=organization, kind=kind(slug), by=by, **fields)


def filed(
    organization: Organization, by: User, slug: str = "committee_meeting", held_on: date = TODAY, entered_on: date | None = None,
    **fields: Any,
) -> Activity:  # fmt: skip
    """A filed record; `entered_on` is the day it was entered, by default the day held."""
    return filed_record(record(organization, slug, held_on, **fields), by, entered_on)


def filed_record(said: Record, by: User, entered_on: date | None = None) -> Activity:
    """File it as the log flow would; the first activity of its sitting."""
    organization, slug, held_on = said.organization, said.kind.slug, said.held_on
    now = at(entered_on or held_on, 18)
    one = draft(organization, by, slug, group=said.group, held_on=held_on, now=now)
    return services.activity_file(
        activity=one, by=by, now=now, version=one.version, record=said, confirmed=said.digest()
    )[0]  # fmt: skip


def planned(
    organization: Organization, by: User, slug: str = "committee_meeting", held_on: date = TODAY, invite: tuple[Person, ...] = (),
    **fields: Any,
) -> Sitting:  # fmt: skip
    fields.setdefault("now", at(min(held_on, TODAY)))
    fields.setdefault("starts_at", time(14, 30))
    return services.sitting_plan(
        organization=organization,
        kinds=[kind(slug)],
        by=by,
        held_on=held_on,
        invite=invite,
        place="党员活动室101",
        **fields,
    )


def picture(width: int = 1200, height: int = 800, form: str = "JPEG", **options: Any) -> bytes:
    """A photo's bytes; `exif` carries what a camera would note."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(out, form, **options)
    return out.getvalue()


def attached(activity: Activity, by: User, name: str = "现场.jpg", data: bytes | None = None) -> Attachment:
    data = data if data is not None else picture(64, 48)
    return services.attachment_add(activity=activity, by=by, name=name, content=io.BytesIO(data), size=len(data))
