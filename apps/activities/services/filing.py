"""File, correct, withdraw: the only ways to a filed record and on from it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.activities import checks, registry, rules
from apps.activities.expected import ROSTER_BEHAVIOURS, Board, board
from apps.activities.models import Activity, ActivityVersion, AgendaItem, Attendance, Decision, Sitting
from apps.activities.records import Part, Record
from apps.activities.services.snapshots import snapshot, stored_snapshot
from apps.core.errors import EditConflict, RuleBroken
from apps.core.inserting import insert_together
from apps.core.models import audit

if TYPE_CHECKING:
    from apps.accounts.models import User

State = Activity.State


@transaction.atomic
def activity_file(
    *, activity: Activity, by: "User", now: datetime, version: int, record: Record, confirmed: str,
    people: Board | None = None,
) -> list[Activity]:  # fmt: skip
    """File the sitting: one activity for each part, the first being `activity`. Returns them in the record's order.

    `version` is the one the user saw; `confirmed` the digest of the attendance the user was shown and confirmed; `people` the
    board of that day where the caller has just read it. Raises
    EditConflict if the draft moved on, RuleBroken for what cannot be true. The second press of the same button changes nothing.
    """
    if activity.state == State.FILED and activity.filed_by_id == by.pk and activity.version == version + 1:
        return [activity]
    if not rules.may("file", activity):
        raise EditConflict(_("This record was filed or withdrawn meanwhile. Open it to see how it stands."))
    people = _checked(activity, record, by, now, confirmed, people)
    begun_alone = (
        activity.state == State.DRAFT
    )  # and so the only one of its sitting; what was planned may be one of several
    _filed(activity, record.parts[0], record, by, now, version)  # first: whoever comes second writes nothing
    sitting = _sitting_written(activity.sitting, record)
    rows = _people_written(sitting, record, people, replace=False)
    open_here = Activity.objects.filter(sitting=sitting, state__in=Activity.OPEN).select_for_update()
    others = {} if begun_alone else {one.kind_id: one for one in open_here}
    filed = []
    for place, part in enumerate(record.parts):
        one = activity
        if place:
            one = others.pop(part.kind.pk, Activity(sitting=sitting, version=0, created_by=by))
            _filed(one, part, record, by, now, one.version)
        content = _content_written(one, part, record, people, replace=False)
        _version(one, sitting, rows, content, number=1, by=by, now=now, old=None)
        filed.append(one)
    for one in others.values():  # planned for this sitting, and the filer says it was not part of it
        Activity.objects.filter(pk=one.pk).update(state=State.CANCELLED, version=F("version") + 1)
    return filed


@transaction.atomic
def activity_correct(
    *, activity: Activity, by: "User", now: datetime, version: int, record: Record, confirmed: str, reason: str
) -> Activity:
    """A further version of a filed record with its reason; both are kept. May move it to another kind, group or branch.

    `record` has one part. Where the sitting holds further filed records and its people, time or place change, these get the
    same further version; where the record moves away, it takes a copy of the sitting along.
    """
    reason = _reason(reason)
    if not rules.may("correct", activity):
        raise RuleBroken(_("Only a filed record is corrected."))
    people = _checked(activity, record, by, now, confirmed)
    old = activity.versions.latest("number")
    part = record.parts[0]
    siblings = list(
        Activity.objects.filter(sitting=activity.sitting_id, state=State.FILED).exclude(pk=activity.pk)
        .select_related("kind", "organization", "group", "sitting").order_by("pk")
    )  # fmt: skip
    moves = (record.organization.pk, record.group) != (activity.organization_id, activity.group) or (
        record.kind.behaviour != activity.kind.behaviour
    )
    sitting = activity.sitting
    if moves and Activity.objects.filter(sitting=sitting).exclude(pk=activity.pk).exists():
        sitting, siblings = _sitting_copied(sitting, by), []
    elif not moves and any(one.kind_id == part.kind.pk for one in siblings):
        raise RuleBroken(_("This sitting already has a record of that kind."))
    activity.sitting = sitting
    _filed(activity, part, record, by, now, version)
    sitting = _sitting_written(sitting, record)
    rows = _people_written(sitting, record, people, replace=True)
    content = _content_written(activity, part, record, people, replace=True)
    _version(activity, sitting, rows, content, number=old.number + 1, by=by, now=now, old=old, reason=reason)
    for one in siblings:
        _follow(one, sitting, record, by, now, reason)
    return activity


def _follow(one: Activity, sitting: Sitting, record: Record, by: "User", now: datetime, reason: str) -> None:
    """The sitting is shared: what was corrected in it is corrected in this record too, if it differs at all."""
    last = one.versions.order_by("number").last()
    one.sitting, one.held_on = sitting, record.held_on
    now_stands = stored_snapshot(one)
    if last is None or now_stands == last.snapshot:
        return
    Activity.objects.filter(pk=one.pk).update(held_on=record.held_on, version=F("version") + 1)
    new = _version_row(one, now_stands, State.FILED, last.number + 1, by, now, reason)
    registry.on_filed(one, last, new)


@transaction.atomic
def activity_withdraw(*, activity: Activity, by: "User", now: datetime, version: int, reason: str) -> None:
    """The record no longer counts. It is kept with its reason, and it stays withdrawn."""
    reason = _reason(reason)
    if not rules.can_edit(by, activity):
        raise RuleBroken(_("Only the branch committee, or the leader of the group, can withdraw this record."))
    if not rules.may("withdraw", activity):
        raise RuleBroken(_("Only a filed record is withdrawn."))
    old = activity.versions.latest("number")
    done = Activity.objects.filter(pk=activity.pk, version=version, state=State.FILED).update(
        state=State.WITHDRAWN, version=version + 1
    )
    if not done:
        raise EditConflict(_("Someone else has just changed this record. Look at it again first."))
    activity.state, activity.version = State.WITHDRAWN, version + 1
    new = _version_row(activity, old.snapshot, State.WITHDRAWN, old.number + 1, by, now, reason)
    registry.on_filed(activity, old, new)


@transaction.atomic
def activity_sign(*, activity: Activity, by: "User", signed: bool) -> None:
    """Mark that the printed minutes were signed. A mark, never a gate."""
    if not rules.may("sign", activity) or not rules.can_edit(by, activity):
        raise RuleBroken(_("Only the branch committee marks a filed record as signed."))
    if Activity.objects.filter(pk=activity.pk).exclude(signed=signed).update(signed=signed):
        audit(
            by=by, action="activity_sign", subject=activity, organization_id=activity.organization_id, fields=["signed"]
        )
    activity.signed = signed


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("Write one sentence saying why."))
    return reason.strip()[:200]


def _checked(
    activity: Activity, record: Record, by: "User", now: datetime, confirmed: str, people: Board | None = None
) -> Board:
    """Where it stands and where it goes are both kept by the user; what it says can be true."""
    goes_to = (record.organization.pk, record.kind, record.group.pk if record.group else None)
    if not (rules.can_edit(by, activity) and rules.can_log(by, *goes_to)):
        raise RuleBroken(_("Only the branch committee, or the leader of the group, can file this record."))
    people = people or board(record.organization, record.group, record.kind, record.held_on)
    checks.check_record(record, people, now.date())
    if confirmed != record.digest():
        raise RuleBroken(_("The attendance has changed since you checked it. Look at it once more, then file."))
    return people


def _sitting_written(sitting: Sitting, record: Record) -> Sitting:
    names = {one.pk: one.name for one in (mark.person for mark in record.marks)}
    sitting.organization, sitting.group, sitting.held_on = record.organization, record.group, record.held_on
    sitting.starts_at, sitting.ends_at, sitting.place = record.starts_at, record.ends_at, record.place
    sitting.chair, sitting.minute_taker, sitting.guests = record.chair, record.minute_taker, list(record.guests)
    sitting.expected_changes = [
        [person_id, names.get(person_id, ""), kind, reason]
        for kind, people in (("left_out", record.left_out), ("added", record.added))
        for person_id, reason in sorted(people.items())
    ]
    sitting.version += 1
    sitting.save(force_update=True)
    return sitting


def _sitting_copied(sitting: Sitting, by: "User") -> Sitting:
    copy = Sitting(
        organization=sitting.organization, group=sitting.group, held_on=sitting.held_on, version=0, created_by=by
    )
    copy.save()
    return copy


def _people_written(sitting: Sitting, record: Record, people: Board, *, replace: bool) -> list[Attendance]:
    """The rows of everyone marked. Nobody is stored as present but through here."""
    if replace:
        sitting.attendances.all().delete()
    return Attendance.objects.bulk_create(
        Attendance(
            sitting=sitting, person=mark.person, status=mark.status, ground=mark.ground, reason=mark.reason,
            print_reason=mark.print_reason, is_expected=checks.is_expected(record, people, mark.person.pk),
            can_vote=record.kind.behaviour in ROSTER_BEHAVIOURS and checks.can_vote(record, people, mark.person.pk),
        )
        for mark in record.marks
    )  # fmt: skip


def _filed(one: Activity, part: Part, record: Record, by: "User", now: datetime, version: int) -> None:
    """Write the row in one conditional statement, not read-then-save: two people may press the button together."""
    values: dict[str, Any] = {
        "sitting": one.sitting, "organization": record.organization, "group": record.group, "kind": part.kind,
        "held_on": record.held_on, "topic": part.topic, "lecturer": part.lecturer, "minutes": part.minutes,
        "counts_for": record.counts_for, "for_year": record.for_year, "focus": list(record.focus),
        "unit_work": record.unit_work, "for_people": record.for_people, "state": State.FILED, "draft": {},
        "version": version + 1,
    }  # fmt: skip
    if one.filed_at is None:
        values |= {"filed_at": now, "filed_by": by}
    for name, value in values.items():
        setattr(one, name, value)
    try:
        with transaction.atomic(savepoint=False):
            if one.pk is None:
                one.save(force_insert=True)
            elif not Activity.objects.filter(
                pk=one.pk, version=version, state__in=(*Activity.OPEN, State.FILED)
            ).update(**values):  # fmt: skip
                raise EditConflict(_("Someone else has just changed this record. Compare the two, then file again."))
    except IntegrityError as error:
        if "activity_once_a_kind" in str(error):
            raise RuleBroken(_("This sitting already has a record of that kind.")) from None
        raise


def _content_written(
    one: Activity, part: Part, record: Record, people: Board, *, replace: bool
) -> tuple[list[AgendaItem], list[Decision]]:
    if replace:
        one.agenda.all().delete()
        one.decisions.all().delete()
    items = [_agenda_item(one, place, item, part, record, people) for place, item in enumerate(part.agenda, 1)]
    tasks = [
        Decision(activity=one, order=place, person=task.person, task=task.task, due_on=task.due_on)
        for place, task in enumerate(part.decisions, 1)
    ]
    insert_together(items, tasks)
    return items, tasks


def _agenda_item(one: Activity, place: int, item: Any, part: Part, record: Record, people: Board) -> AgendaItem:
    row = AgendaItem(
        activity=one, order=place, title=item.title, notes=item.notes, remarks=[list(remark) for remark in item.remarks]
    )
    if item.count is not None:
        vote = checks.votes_of(record, people, part.kind, item)
        row.vote_rule, row.entitled, row.entitled_present = vote.rule, vote.entitled, vote.present
        row.votes_for, row.votes_against, row.votes_abstain = vote.in_favour, vote.against, vote.abstain
    return row


def _version(
    one: Activity, sitting: Sitting, rows: list[Attendance], content: tuple[list[AgendaItem], list[Decision]], *, number: int,
    by: "User", now: datetime, old: ActivityVersion | None, reason: str = "",
) -> None:  # fmt: skip
    new = _version_row(one, snapshot(one, sitting, rows, *content), State.FILED, number, by, now, reason)
    registry.on_filed(one, old, new)


def _version_row(
    one: Activity, content: dict, state: str, number: int, by: "User", now: datetime, reason: str
) -> ActivityVersion:
    return ActivityVersion.objects.create(
        activity=one, number=number, state=state, kind=one.kind, organization=one.organization, group=one.group,
        held_on=one.held_on, counts_for=one.counts_for, for_year=one.for_year, snapshot=content, reason=reason, filed_by=by,
        filed_at=now,
    )  # fmt: skip
