"""What reminders ask of meetings: who is invited tomorrow, whose minutes are missing, what was moved or cancelled."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Case, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.activities.models import Activity, Behaviour, Invitation, kinds_text
from apps.core.days import near_day
from apps.core.sources import Line, steps

State = Activity.State
CATCH_UP = timedelta(days=366)
MINUTES, MINUTES_REPEAT = timedelta(days=1), timedelta(days=14)


class _Silent:
    """Nothing of a meeting is paused, and nothing falls to a second person."""

    topic = "meeting"

    def paused(self, ids: Collection[int]) -> set[int]:
        return set()

    def overdue(self, ids: Collection[int], today: date) -> set[int]:
        return set()


class Meetings(_Silent):
    """The day before, those invited and nobody else. A person who cannot come is not asked again."""

    slug = "meeting"
    label = gettext_lazy("Meetings, the day before")

    def owed(self, until: date) -> Iterator[QuerySet]:
        """An invitation is the thing owed, so that its id names sitting and person both."""
        rows = _to_come(Invitation.objects.exclude(answer=Invitation.Answer.CANNOT)).filter(
            sitting__held_on__lte=until + timedelta(days=1), sitting__held_on__gt=until - timedelta(days=14)
        )
        yield steps(
            rows,
            source_id="pk",
            step=Value("eve"),
            step_on=ExpressionWrapper(F("sitting__held_on") - Value(1), output_field=DateField()),
            due_on="sitting__held_on",
            place="sitting__organization__path",
            branch="sitting__organization_id",
            person="person_id",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        rows = _to_come(Invitation.objects.exclude(answer=Invitation.Answer.CANNOT)).filter(pk__in=ids)
        return set(rows.filter(sitting__held_on__gte=today).values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        return {pk: _invitation(rows, today) for pk, rows in _meetings(ids).items()}


class Changes(_Silent):
    """A meeting was moved or cancelled: the invited are told once, in the state it then has. Nothing here is owed by a date."""

    slug = "meeting_change"
    label = gettext_lazy("Meetings moved or cancelled")

    def owed(self, until: date) -> Iterator[QuerySet]:
        return iter(())

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        rows = Invitation.objects.filter(pk__in=ids, sitting__held_on__gte=today)
        return set(rows.values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        said = {}
        for pk, rows in _meetings(ids).items():
            line = _invitation(rows, today)
            is_cancelled = all(one.state == State.CANCELLED for one in rows)
            words = _("Cancelled: %(meeting)s") if is_cancelled else _("New time or place: %(meeting)s")
            is_owed = rows[0].sitting.held_on >= today
            said[pk] = replace(line, title=words % {"meeting": line.title}, is_owed=is_owed)
        return said


class Minutes(_Silent):
    """Held and not filed: the minute-taker alone is reminded, the day after and once more; nobody else's business.

    Where none is named it is who entered the meeting.
    """

    slug = "minutes"
    label = gettext_lazy("Minutes to be filed")

    def owed(self, until: date) -> Iterator[QuerySet]:
        held = Activity.objects.filter(
            state__in=Activity.OPEN, held_on__lte=until - MINUTES, held_on__gt=until - CATCH_UP
        ).exclude(kind__behaviour=Behaviour.TALK)
        again = Q(held_on__lte=until - MINUTES_REPEAT)
        after = Case(When(again, then=MINUTES_REPEAT.days), default=MINUTES.days)
        yield steps(
            held.annotate(taker=Coalesce("sitting__minute_taker_id", "created_by__person")).exclude(taker=None),
            source_id="pk",
            step=Case(When(again, then=Value("repeat")), default=Value("minutes")),
            step_on=ExpressionWrapper(F("held_on") + after, output_field=DateField()),
            place="organization__path",
            branch="organization_id",
            person="taker",
        )

    def still_owed(self, ids: Collection[int], today: date) -> set[int]:
        rows = Activity.objects.filter(pk__in=ids, state__in=Activity.OPEN, held_on__lt=today)
        return set(rows.values_list("pk", flat=True))

    def lines(self, ids: Collection[int], today: date) -> Mapping[int, Line]:
        rows = Activity.objects.filter(pk__in=ids).select_related("kind", "group", "organization", "sitting")
        return {
            one.pk: Line(
                _("Minutes: %(meeting)s") % {"meeting": one.title},
                _("held on %(day)s") % {"day": near_day(one.held_on, today)},
                reverse("activities:log-edit", args=[one.organization.public_id, one.public_id]),
                is_owed=one.state in Activity.OPEN and one.held_on < today,
            )
            for one in rows
        }


def _to_come(rows: QuerySet) -> QuerySet:
    """Of meetings that are to take place. A talk is a matter of the people in it: no message names it."""
    planned = Activity.objects.filter(sitting=OuterRef("sitting"), state=State.SCHEDULED)
    return rows.filter(Exists(planned.exclude(kind__behaviour=Behaviour.TALK)))


def _meetings(ids: Collection[int]) -> dict[int, list[Activity]]:
    """By invitation: what the sitting consists of, with its kinds, and how the person answered. One query."""
    rows = Activity.objects.filter(sitting__invitations__in=ids)
    rows = rows.annotate(invitation=F("sitting__invitations"), answer=F("sitting__invitations__answer"))
    found: dict[int, list[Activity]] = defaultdict(list)
    for one in rows.select_related("sitting", "kind"):
        found[one.invitation].append(one)
    return found


def _invitation(rows: list[Activity], today: date) -> Line:
    sitting = rows[0].sitting
    when = " ".join(filter(None, [sitting.near_text(today), sitting.place]))
    planned = any(one.state == State.SCHEDULED and one.kind.behaviour != Behaviour.TALK for one in rows)
    return Line(
        kinds_text(rows),
        when,
        reverse("activities:sitting-detail", args=[sitting.public_id]),
        sitting.held_on,
        is_owed=planned and rows[0].answer != Invitation.Answer.CANNOT and sitting.held_on >= today,
    )
