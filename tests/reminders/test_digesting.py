"""The day's round: one digest a person and day, only what is still owed, nothing in quiet time."""

from datetime import date, time

import pytest
from django.utils import timezone

from apps.activities.models import Invitation, Sitting
from apps.activities.services import planning
from apps.duties.models import DutyNote, DutyPeriod
from apps.duties.services.laying_out import materialise
from apps.reminders.models import Delivery, Digest, DigestLine, Preference, Reminder, Round
from apps.reminders.services.owing import nudge
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.duties import file, plan
from tests.factories.reminders import at, confirmed, digest_days, hold_is_over, say, send, told

pytestmark = pytest.mark.django_db
DUE_7, DUE_2 = date(2026, 3, 24), date(2026, 3, 27)


@pytest.mark.parametrize(
    ("clock", "said"), [("00:10", False), ("08:29", False), ("08:30", True), ("17:59", True), ("18:00", False)]
)
def test_the_digest_is_said_from_half_past_eight(march, meeting, clock, said):
    outcome = say(DUE_7, clock)
    assert outcome.is_closed is said
    assert Reminder.objects.get().state == ("told" if said else "waiting")
    assert (told(march.people["secretary"]) == [("duty", "due-7")]) is said


def test_nothing_on_a_day_off_and_all_of_it_before(march, meeting):
    say(date(2026, 3, 28))  # Saturday
    assert not Digest.objects.exists()
    say(date(2026, 3, 30))
    assert digest_days(march.people["secretary"]) == [date(2026, 3, 30)]


def test_ticks_after_the_first_say_nothing(march, meeting, outbox):
    for clock in ("08:30", "08:31", "09:00", "17:59"):
        say(DUE_7, clock)
    assert told(march.people["secretary"]) == [("duty", "due-7")]
    assert Delivery.objects.count() == 1


def test_a_long_silence_gives_one_digest(world, outbox):
    """Five quarters of duties and nobody was there: one digest with each thing once, one mail."""
    branch = world.branch
    materialise(today=TODAY)
    confirmed(world.users["secretary"])
    waiting = DutyPeriod.objects.unfulfilled().filter(organization=branch, group=None, overdue_from__lte=TODAY)
    assert waiting.filter(overdue_from__gt=date(2025, 3, 20)).count() > 30
    say(TODAY)
    send(TODAY)
    assert digest_days(world.people["secretary"]) == [TODAY]
    (letter,) = outbox.to(world.people["secretary"])
    titles = [said.line.title for said in letter.said]
    assert len(titles) == len(set(titles)) > 30


def test_fulfilled_before_the_digest_is_silence(march, meeting):
    """Product: a reminder sent after the duty was fulfilled."""
    say(DUE_7, "08:00")
    assert Reminder.objects.get().state == "waiting"
    file(march.branch, "committee_meeting", date(2026, 3, 23))
    outcome = say(DUE_7)
    assert (outcome.lines, outcome.settled) == (0, 1)
    assert Reminder.objects.get().state == "settled"
    assert not DigestLine.objects.exists()


def test_what_is_written_down_after_the_digest_waits_for_the_next(march, meeting):
    say(DUE_7)
    nudge(
        source="duty", source_id=meeting.pk, branch=march.branch, organization=march.branch,
        by=march.users["affairs_worker"], today=DUE_7,
    )  # fmt: skip
    say(DUE_7, "10:00")
    assert told(march.people["secretary"]) == [("duty", "due-7")]
    say(date(2026, 3, 25))
    assert told(march.people["secretary"], date(2026, 3, 25)) == [("duty", "nudge-2026-03-24")]


def test_a_round_cut_short_goes_on_where_it_was(march, meeting, monkeypatch):
    """Killed between two chunks: the next tick says the rest and nobody hears anything twice."""
    from apps.reminders.services import digesting

    monkeypatch.setattr(digesting, "AT_ONCE", 1)
    for person in ("member", "second", "third"):
        someone = march.people[person]
        if someone.user is None:
            make.account(someone)
        sitting = plan(march.branch, "general_meeting", date(2026, 3, 25)).sitting
        Invitation.objects.create(sitting=sitting, person=someone)
    seconds = iter([0, 0, 61])  # room for one chunk
    assert not digesting.run_round(now=at(DUE_7), clock=lambda: next(seconds)).is_closed
    assert DigestLine.objects.count() == 1
    assert say(DUE_7, "08:31").is_closed
    lines = list(DigestLine.objects.values_list("digest__person", "reminder"))
    assert len(lines) == len(set(lines)) == 4


def test_nobody_to_tell_is_kept_and_shown(march, meeting):
    for user in march.users.values():
        if user is not None:
            type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert say(DUE_7).nobody == 1
    assert Reminder.objects.get().state == "nobody"


def test_a_group_that_is_overdue_is_the_secretarys_too(world):
    materialise(today=TODAY)
    group = world.branch.groups.get(name="第二小组")
    DutyPeriod.objects.exclude(rule__slug="group_meeting", starts_on=date(2026, 3, 1), group=group).delete()
    say(date(2026, 3, 24))
    assert told(world.people["group_leader"]) == [("duty", "due-7")]
    assert told(world.people["secretary"]) == []
    say(date(2026, 4, 7))
    assert ("duty", "overdue") in told(world.people["group_leader"])
    assert told(world.people["secretary"]) == [("duty", "overdue")]


def test_a_member_without_an_account_is_on_the_secretarys_list(march):
    sitting = plan(march.branch, "general_meeting", date(2026, 3, 20)).sitting
    Invitation.objects.create(sitting=sitting, person=march.people["third"])
    say(date(2026, 3, 19))
    line = DigestLine.objects.get(digest__person=march.people["secretary"])
    assert (line.reminder.source, line.reason) == ("meeting", "no_account")


# --- what goes outside ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "mails"),
    [
        ({}, 1),
        ({"email_confirmed_at": None}, 0),
        ({"email": ""}, 0),
    ],
)
def test_mail_only_to_a_confirmed_address(march, meeting, change, mails):
    user = march.users["secretary"]
    type(user).objects.filter(pk=user.pk).update(**change)
    say(DUE_7)
    assert Digest.objects.count() == 1  # in the app in any case
    assert Delivery.objects.count() == mails


@pytest.mark.parametrize(
    ("wishes", "letters"),
    [({}, 1), ({"outside": "none"}, 0), ({"duty": False}, 0), ({"meeting": False, "assignment": False}, 1)],
)
def test_wishes(march, meeting, outbox, wishes, letters):
    Preference.objects.create(person=march.people["secretary"], **wishes)
    say(DUE_7)
    send(DUE_7)
    assert told(march.people["secretary"]) == [("duty", "due-7")]
    assert len(outbox.letters) == letters


def test_a_pending_request_pauses_what_goes_outside_only(march, meeting, outbox):
    DutyNote.objects.create(period=meeting, kind="waiver_asked", reason="停产检修", by=march.users["secretary"])
    say(DUE_7)
    send(DUE_7)
    assert told(march.people["secretary"]) == [("duty", "due-7")]
    assert outbox.letters == []
    assert Delivery.objects.get().state == "dropped"


def test_a_message_that_has_not_gone_out_takes_the_next_digest_along(march, meeting, outbox):
    """The mail server was away for days: one message, not one a day."""
    say(DUE_7)
    say(DUE_2)
    assert Delivery.objects.count() == 1
    send(DUE_2)
    (letter,) = outbox.letters
    assert [said.line.title for said in letter.said] == ["March branch committee meeting"]
    assert Digest.objects.filter(delivery=Delivery.objects.get()).count() == 2


# --- changes: thirty changes, thirty messages ----------------------------------------------------------------------------


@pytest.fixture
def general(world):
    confirmed(world.users["member"])
    activity = plan(world.branch, "general_meeting", date(2026, 3, 27))
    Sitting.objects.update(starts_at=time(15))
    Invitation.objects.create(sitting=activity.sitting, person=world.people["member"])
    activity.sitting.refresh_from_db()
    return activity.sitting


def move(world, sitting, minute: int) -> None:
    sitting.refresh_from_db()
    planning.sitting_move(
        sitting=sitting, by=world.users["secretary"], now=at(TODAY, "09:00"), version=sitting.version, held_on=sitting.held_on,
        starts_at=time(15, minute), ends_at=None, place="101",
    )  # fmt: skip


def test_thirty_changes_are_one_line_and_one_message(world, general, outbox):
    for minute in range(30):
        move(world, general, minute)
    say(date(2026, 3, 19))
    send(date(2026, 3, 19))
    assert len(told(world.people["member"])) == 1
    (letter,) = outbox.letters
    assert [said.line.title for said in letter.said] == ["New time or place: General meeting"]
    assert "15:29" in letter.said[0].line.when


def test_moved_then_cancelled_is_said_as_it_stands(world, general, outbox):
    move(world, general, 30)
    general.refresh_from_db()
    planning.sitting_cancel(sitting=general, by=world.users["secretary"], version=general.version)
    say(date(2026, 3, 19))
    send(date(2026, 3, 19))
    (letter,) = outbox.letters
    assert [said.line.title for said in letter.said] == ["Cancelled: General meeting"]


def test_only_the_invited_hear_of_a_change(world, general):
    """Product: people reminded of a meeting they are not part of."""
    move(world, general, 30)
    say(date(2026, 3, 19))
    assert set(Digest.objects.values_list("person", flat=True)) == {world.people["member"].pk}


@pytest.mark.parametrize(("wants", "urgent"), [(True, 1), (False, 0)])
def test_an_urgent_change_in_quiet_hours(world, general, outbox, monkeypatch, wants, urgent):
    """In the evening before the meeting, for those who asked for it; the second change waits for the morning."""
    from apps.reminders.services.digesting import say_urgent

    Preference.objects.create(person=world.people["member"], urgent_meetings=wants)
    evening = date(2026, 3, 26)
    monkeypatch.setenv("ZHIBU_NOW", "2026-03-26T20:00:00")
    move(world, general, 30)
    assert say_urgent(now=at(evening, "20:00")) == urgent
    move(world, general, 45)
    assert say_urgent(now=at(evening, "20:01")) == 0
    send(evening, "20:02")
    assert len(outbox.letters) == urgent


def test_a_change_of_next_week_is_not_urgent(world, general):
    from apps.reminders.services.digesting import say_urgent

    Preference.objects.create(person=world.people["member"], urgent_meetings=True)
    move(world, general, 30)
    assert say_urgent(now=at(TODAY, "20:00")) == 0


def test_the_round_of_the_day_is_one_row(march, meeting):
    say(DUE_7, "08:00")
    say(DUE_7)
    row = Round.objects.get()
    assert row.owed_at
    assert row.closed_at
    assert row.closed_at <= timezone.now()
    hold_is_over()
