"""Meetings ahead: plan, invite, answer, move, cancel."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.activities import registry, rules
from apps.activities.checks import check_place
from apps.activities.expected import board, share_expected
from apps.activities.models import Activity, ActivityKind, Attendance, Invitation, Sitting
from apps.branches.models import Organization, PartyGroup, Person
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import audit

if TYPE_CHECKING:
    from apps.accounts.models import User

State = Activity.State
MOST_YEARS_AHEAD = 2


@transaction.atomic
def sitting_plan(
    *, organization: Organization, kinds: list[ActivityKind], by: "User", now: datetime, held_on: date,
    group: PartyGroup | None = None, starts_at: time | None = None, ends_at: time | None = None, place: str = "",
    chair: Person | None = None, note: str = "", invite: Iterable[Person] = (), counts_for: date | None = None,
    request_key: str | None = None,
) -> Sitting:  # fmt: skip
    """Schedule a meeting and invite `invite`. The same `request_key` again answers with the first one's sitting."""
    if request_key and (again := Sitting.objects.filter(request_key=request_key, created_by=by).first()):
        return again
    _check_plan(organization, group, kinds, by, now, held_on, starts_at, ends_at)
    invited = _checked_guests(organization, group, kinds[0], held_on, invite)
    try:
        with transaction.atomic():
            sitting = Sitting.objects.create(
                organization=organization, group=group, held_on=held_on, starts_at=starts_at, ends_at=ends_at, place=place,
                chair=chair, invitation_note=note, created_by=by, request_key=request_key or None,
            )  # fmt: skip
    except IntegrityError:
        if request_key and (again := Sitting.objects.filter(request_key=request_key, created_by=by).first()):
            return again
        raise
    Activity.objects.bulk_create(
        Activity(
            sitting=sitting, organization=organization, group=group, kind=kind, held_on=held_on, state=State.SCHEDULED,
            created_by=by, counts_for=counts_for,
        )
        for kind in kinds
    )  # fmt: skip
    Invitation.objects.bulk_create(Invitation(sitting=sitting, person=person) for person in invited)
    registry.on_scheduled(sitting, "planned", [person.pk for person in invited])
    return sitting


def _check_plan(
    organization: Organization, group: PartyGroup | None, kinds: list[ActivityKind], by: "User", now: datetime, held_on: date,
    starts_at: time | None, ends_at: time | None,
) -> None:  # fmt: skip
    if not kinds:
        raise RuleBroken(_("Choose the kind of meeting."))
    for kind in kinds:
        if not rules.can_log(by, organization.pk, kind, group.pk if group else None):
            raise RuleBroken(_("Only the branch committee, or the leader of the group, can schedule this."))
        check_place(organization, group, kind, held_on)
    if not share_expected(kinds):
        raise RuleBroken(_("These kinds expect different people. Schedule them one by one."))
    if held_on < now.date():
        raise RuleBroken(_("This day has passed. Log the meeting instead of scheduling it."))
    if held_on.year > now.year + MOST_YEARS_AHEAD:
        raise RuleBroken(_("Use a date within the next two years."))
    if starts_at and ends_at and ends_at <= starts_at:
        raise RuleBroken(_("The meeting ends after it begins. Check the two times."))


def _checked_guests(
    organization: Organization, group: PartyGroup | None, kind: ActivityKind, day: date, people: Iterable[Person]
) -> list[Person]:
    known = board(organization, group, kind, day).by_id
    chosen = list({person.pk: person for person in people}.values())
    for person in chosen:
        if person.pk not in known and person.organization_id != organization.pk:
            raise RuleBroken(_("%(name)s is not in this branch. Enter guests by name.") % {"name": person})
    return chosen


@transaction.atomic
def sitting_invite(*, sitting: Sitting, by: "User", kind: ActivityKind, people: Iterable[Person]) -> list[Person]:
    """Ask further people; those already asked keep their answer. Returns the newly asked."""
    _check_scheduled(sitting, by)
    chosen = _checked_guests(sitting.organization, sitting.group, kind, sitting.held_on, people)
    asked = set(sitting.invitations.values_list("person", flat=True))
    fresh = [person for person in chosen if person.pk not in asked]
    Invitation.objects.bulk_create(
        (Invitation(sitting=sitting, person=person) for person in fresh), ignore_conflicts=True
    )
    if fresh:
        registry.on_scheduled(sitting, "invited", [person.pk for person in fresh])
    return fresh


def _check_scheduled(sitting: Sitting, by: "User") -> None:
    if not Sitting.objects.manageable_by(by).filter(pk=sitting.pk).exists():
        raise RuleBroken(_("Only the branch committee, or the leader of the group, can schedule this."))
    if not sitting.activities.filter(state__in=rules.ACTIONS["move"][0]).exists():
        raise RuleBroken(_("This meeting is no longer scheduled."))


@transaction.atomic
def sitting_move(
    *, sitting: Sitting, by: "User", now: datetime, version: int, held_on: date, starts_at: time | None, ends_at: time | None,
    place: str,
) -> None:  # fmt: skip
    """Another day, time or place. Invited people are told once; answers to another day or time are asked again.

    The calendar entry keeps its UID and gets the next SEQUENCE.
    """
    _check_scheduled(sitting, by)
    kinds = [one.kind for one in sitting.activities.filter(state__in=rules.ACTIONS["move"][0]).select_related("kind")]
    _check_plan(sitting.organization, sitting.group, kinds, by, now, held_on, starts_at, ends_at)
    when = (held_on, starts_at, ends_at)
    same_time = when == (sitting.held_on, sitting.starts_at, sitting.ends_at)
    if same_time and place == sitting.place:
        return
    values = {"held_on": held_on, "starts_at": starts_at, "ends_at": ends_at, "place": place}
    done = Sitting.objects.filter(pk=sitting.pk, version=version).update(
        **values, ics_sequence=F("ics_sequence") + 1, version=version + 1
    )
    if not done:
        raise EditConflict(_("Someone else has just changed this meeting. Look at it again first."))
    Activity.objects.filter(sitting=sitting, state__in=rules.ACTIONS["move"][0]).update(
        held_on=held_on, state=State.SCHEDULED, version=F("version") + 1
    )
    if not same_time:
        sitting.invitations.update(answer="", ground="", answered_at=None, answered_by=None)
    audit(by=by, action="sitting_move", subject=sitting, organization_id=sitting.organization_id, fields=list(values))
    sitting.refresh_from_db()
    registry.on_scheduled(sitting, "moved", list(sitting.invitations.values_list("person", flat=True)))


@transaction.atomic
def sitting_cancel(*, sitting: Sitting, by: "User", version: int) -> None:
    """The meeting will not take place. It stays in the list, struck; the invited are told once."""
    _check_scheduled(sitting, by)
    done = Sitting.objects.filter(pk=sitting.pk, version=version).update(
        ics_sequence=F("ics_sequence") + 1, version=version + 1
    )
    if not done:
        raise EditConflict(_("Someone else has just changed this meeting. Look at it again first."))
    Activity.objects.filter(sitting=sitting, state__in=rules.ACTIONS["cancel"][0]).update(
        state=State.CANCELLED, draft={}, version=F("version") + 1
    )
    audit(by=by, action="sitting_cancel", subject=sitting, organization_id=sitting.organization_id)
    sitting.refresh_from_db()
    registry.on_scheduled(sitting, "cancelled", list(sitting.invitations.values_list("person", flat=True)))


@transaction.atomic
def invitation_answer(
    *, sitting: Sitting, person: Person | int, by: "User", now: datetime, answer: str, ground: str = ""
) -> Invitation:
    """Come or cannot, by the person, or told to someone who keeps the meeting. May be changed until the day is over."""
    person_id = person if isinstance(person, int) else person.pk
    if person_id != by.reach.person_id and not Sitting.objects.manageable_by(by).filter(pk=sitting.pk).exists():
        raise RuleBroken(_("You can answer for yourself."))
    if answer not in Invitation.Answer.values or (ground and ground not in Attendance.Ground.values):
        raise RuleBroken(_("Choose “Coming” or “Cannot come”."))
    if sitting.held_on < now.date() or not sitting.activities.filter(state=State.SCHEDULED).exists():
        raise RuleBroken(_("This meeting is over or cancelled; there is nothing to answer."))
    if answer == Invitation.Answer.COME:
        ground = ""
    changed = Invitation.objects.filter(sitting=sitting, person_id=person_id).update(
        answer=answer, ground=ground, answered_at=now, answered_by=by
    )
    if not changed:
        raise RuleBroken(_("You were not invited to this meeting."))
    return Invitation.objects.get(sitting=sitting, person_id=person_id)
