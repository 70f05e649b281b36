"""What a message says at the moment it leaves: only what is still owed, only to those it still concerns."""

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.activities.models import Sitting
from apps.branches.models import Person
from apps.core.sources import Line, source_of
from apps.reminders import asking, recipients
from apps.reminders.letters import Letter, Said
from apps.reminders.models import Delivery, DigestLine, Preference


def letter_of(delivery: Delivery, now: datetime) -> Letter | None:
    """None where nothing is left to say, or nobody to say it to."""
    if delivery.channel == Delivery.Channel.MAIL:
        return _mail(delivery, now)
    return _announcement(delivery, now)


def _mail(delivery: Delivery, now: datetime) -> Letter | None:
    person = Person.objects.select_related("user", "reminder_preference").get(pk=delivery.person_id)
    user, wishes = person.user, getattr(person, "reminder_preference", None) or Preference(person=person)
    if user is None or not (user.is_active and user.email and user.email_confirmed_at):
        return None
    if wishes.outside != Preference.Outside.MAIL:
        return None
    today = now.date()
    lines = list(DigestLine.objects.filter(digest__delivery=delivery).select_related("reminder__branch").order_by("pk"))
    language = user.language or settings.LANGUAGE_CODE
    with translation.override(language):
        said = said_of(lines, today, outside_of=wishes)
    if not said:
        return None
    return Letter(str(delivery.key), language, today, tuple(said), person=person, address=user.email)


def said_of(lines: Collection[DigestLine], today: date, *, outside_of: Preference | None = None) -> list[Said]:
    """The lines as they are said now, the earliest due first; several steps of one thing are one. In the active language.

    `outside_of` is whose mail it is: what is paused, switched off, or no longer theirs is left out. In-app pages leave it empty.
    The reminders and their branches should be at hand. A constant number of queries.
    """
    reminders = [one.reminder for one in lines]
    owed = asking.still_owed(reminders, today)
    if outside_of is not None:
        owed -= asking.paused(reminders)
        theirs = recipients.resolve(reminders, today, asking.overdue(reminders, today))
        owed = {pk for pk in owed if any(person == outside_of.person_id for person, _why in theirs[pk])}
    kept = [one for one in lines if one.reminder_id in owed]
    texts = asking.lines([one.reminder for one in kept], today)
    said: dict[tuple[str, int], Said] = {}
    for one in kept:
        thing = (one.reminder.source, one.reminder.source_id)
        source, line = source_of(one.reminder.source), texts.get(thing)
        if source is None or line is None or (outside_of is not None and not getattr(outside_of, source.topic)):
            continue
        nudged = bool(one.reminder.nudged_by_id) or (thing in said and said[thing].nudged)
        said[thing] = Said(line, one.reason, str(one.reminder.branch), source.topic, nudged)
    return sorted(said.values(), key=lambda one: (one.line.due_on is None, one.line.due_on or date.max, one.line.title))


def _announcement(delivery: Delivery, now: datetime) -> Letter | None:
    """Kind, time and place of an event of the whole branch, as it now stands. Cancelled is said to whom it was announced."""
    robot = delivery.robot
    rows = Sitting.objects.filter(pk=delivery.sitting_id).prefetch_related("activities__kind")
    sitting = rows.first()
    if robot is None or robot.removed_at or sitting is None or sitting.held_on < now.date():
        return None
    was_told = Delivery.objects.filter(robot=robot, sitting_id=sitting.pk, state=Delivery.State.SENT).exists()
    if sitting.is_cancelled and not was_told:
        return None
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        title = sitting.kinds_text
        if sitting.is_cancelled:
            title = _("Cancelled: %(meeting)s") % {"meeting": title}
        elif was_told:
            title = _("New time or place: %(meeting)s") % {"meeting": title}
        when = " ".join(filter(None, [sitting.near_text(now.date()), sitting.place]))
        line = Line(title, when, reverse("activities:sitting-detail", args=[sitting.public_id]), sitting.held_on)
    said = Said(line, DigestLine.Reason.OWN, str(robot.organization), "meeting")
    return Letter(str(delivery.key), language, now.date(), (said,), robot=robot)
