"""What a record must satisfy against the roster and the calendar. Raises RuleBroken with what to do."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.activities import voting
from apps.activities.expected import ROSTER_BEHAVIOURS, Board, share_expected
from apps.activities.models import ActivityKind, Attendance, Behaviour
from apps.activities.records import AWAY, HERE, Item, Record
from apps.branches.models import Organization, PartyGroup
from apps.core.errors import RuleBroken


def check_place(organization: Organization, group: PartyGroup | None, kind: ActivityKind, held_on: date) -> None:
    """The kind fits the organization, its group and the day."""
    if not kind.is_active:
        raise RuleBroken(_("“%(kind)s” is no longer used. Choose another kind.") % {"kind": kind})
    if group is not None and group.organization_id != organization.pk:
        raise RuleBroken(_("This group belongs to another branch."))
    if kind.behaviour == Behaviour.GROUP and group is None:
        raise RuleBroken(_("Choose the Party group."))
    if kind.behaviour != Behaviour.GROUP and group is not None:
        raise RuleBroken(_("Only a group meeting is held by one group."))
    if organization.founded_on and held_on < organization.founded_on:
        raise RuleBroken(
            _("The branch was founded on %(day)s. Use a later date.") % {"day": organization.founded_on.isoformat()}
        )
    if organization.dissolved_on and held_on >= organization.dissolved_on:
        raise RuleBroken(
            _("The branch was dissolved on %(day)s. Use an earlier date.")
            % {"day": organization.dissolved_on.isoformat()}
        )
    if group is not None and held_on < group.starts_on:
        raise RuleBroken(
            _("“%(group)s” began on %(day)s. Use a later date.") % {"group": group, "day": group.starts_on.isoformat()}
        )


def check_counts_for(counts_for: date | None, held_on: date) -> None:
    """Making good is for a period that began earlier, at most a year back; which period is the duty's to know."""
    if counts_for is None:
        return
    if counts_for > held_on:
        raise RuleBroken(_("A record cannot count for a period that has not begun."))
    if (held_on.year - counts_for.year) * 12 + held_on.month - counts_for.month > 12:
        raise RuleBroken(_("That period is too long ago to be made good."))


def check_record(record: Record, board: Board, today: date) -> None:
    if record.held_on > today:
        raise RuleBroken(_("The date has not come yet. Use today or an earlier date, or schedule the meeting instead."))
    for part in record.parts:
        check_place(record.organization, record.group, part.kind, record.held_on)
    if len({part.kind.pk for part in record.parts}) != len(record.parts):
        raise RuleBroken(_("Each kind can be named once."))
    if not share_expected([part.kind for part in record.parts]):
        raise RuleBroken(_("These kinds expect different people. Log them one by one."))
    if record.starts_at and record.ends_at and record.ends_at <= record.starts_at:
        raise RuleBroken(_("The meeting ends after it begins. Check the two times."))
    check_counts_for(record.counts_for, record.held_on)
    check_people(record, board)
    for part in record.parts:
        for item in part.agenda:
            if item.count is not None:
                votes_of(record, board, part.kind, item)


def check_people(record: Record, board: Board) -> None:
    """Everyone marked belongs here that day; only the expected can be away; a named kind has somebody."""
    seen: set[int] = set()
    for mark in record.marks:
        one = board.by_id.get(mark.person.pk)
        if one is None and mark.person.organization_id != record.organization.pk:
            raise RuleBroken(_("%(name)s is not in this branch. Enter guests by name.") % {"name": mark.person})
        if mark.person.pk in seen:
            raise RuleBroken(_("%(name)s is entered twice.") % {"name": mark.person})
        seen.add(mark.person.pk)
        if mark.status in AWAY and not is_expected(record, board, mark.person.pk):
            raise RuleBroken(_("%(name)s was not expected and cannot be absent.") % {"name": mark.person})
        if mark.status == Attendance.Status.OBSERVER and is_expected(record, board, mark.person.pk):
            raise RuleBroken(_("%(name)s is expected and cannot be an observer.") % {"name": mark.person})
        if mark.status not in AWAY and (mark.ground or mark.reason):
            raise RuleBroken(_("%(name)s was there: a reason for absence does not fit.") % {"name": mark.person})
    for person_id, reason in (record.left_out | record.added).items():
        if not reason.strip():
            name = board.by_id[person_id].person if person_id in board.by_id else ""
            raise RuleBroken(_("Say why the expected people differ from the roster: %(name)s") % {"name": name})
    behaviour = record.kind.behaviour
    if behaviour in ROSTER_BEHAVIOURS and not board.expected and not record.added:
        raise RuleBroken(
            _("Nobody is expected on that day. Check the date, or enter members and committee posts first.")
        )
    if behaviour == Behaviour.TALK and sum(mark.status in HERE for mark in record.marks) < 2:
        raise RuleBroken(_("A talk has at least two people. Choose who talked with whom."))
    if behaviour == Behaviour.INVITED and not record.here and not record.guests:
        raise RuleBroken(_("Choose who took part."))
    if behaviour in ROSTER_BEHAVIOURS and not record.here:
        raise RuleBroken(_("Nobody is marked present. A meeting that did not take place is cancelled, not filed."))


def is_expected(record: Record, board: Board, person_id: int) -> bool:
    if record.kind.behaviour == Behaviour.TALK:
        return True
    if person_id in record.left_out:
        return False
    one = board.by_id.get(person_id)
    return person_id in record.added or bool(one and one.is_expected)


def can_vote(record: Record, board: Board, person_id: int) -> bool:
    one = board.by_id.get(person_id)
    return bool(one and one.can_vote) and is_expected(record, board, person_id)


def votes_of(record: Record, board: Board, kind: ActivityKind, item: Item) -> voting.Vote:
    """The vote on an item with those entitled by the roster of the day. Raises RuleBroken for sums that cannot be."""
    if item.count is None:
        raise ValueError("no vote was counted on this item")
    if not kind.can_vote:
        raise RuleBroken(_("“%(kind)s” takes no votes.") % {"kind": kind})
    entitled = [one.person.pk for one in board.by_id.values() if can_vote(record, board, one.person.pk)]
    here = {mark.person.pk for mark in record.marks if mark.status in HERE}
    rule = voting.rule_for(kind.behaviour, kind.slug, item.title)
    vote = voting.Vote(
        rule,
        len(entitled),
        len(here.intersection(entitled)),
        item.count.in_favour,
        item.count.against,
        item.count.abstain,
    )
    voting.refuse_impossible(vote)
    return vote


def attendance_sentence(record: Record, board: Board) -> str:
    """“实到 12，全部到会”: what the filer confirms, in one line."""
    here = record.here
    if record.kind.behaviour not in ROSTER_BEHAVIOURS:
        return ngettext("%(count)d person took part", "%(count)d people took part", here) % {"count": here}
    expected = [one.person.pk for one in board.by_id.values() if is_expected(record, board, one.person.pk)]
    expected += [person_id for person_id in record.added if person_id not in board.by_id]
    status = {mark.person.pk: mark.status for mark in record.marks}
    came = sum(status.get(person_id) in HERE for person_id in expected)
    if came == len(expected):
        return _("Present %(count)d, everyone came") % {"count": came}
    parts = [_("Expected %(expected)d, present %(present)d") % {"expected": len(expected), "present": came}]
    counts = {
        _("excused %d"): sum(status.get(person_id) == Attendance.Status.EXCUSED for person_id in expected),
        _("absent %d"): sum(status.get(person_id) == Attendance.Status.ABSENT for person_id in expected),
        _("not filled in %d"): sum(person_id not in status for person_id in expected),
    }
    return _(", ").join([*parts, *(words % count for words, count in counts.items() if count)])
