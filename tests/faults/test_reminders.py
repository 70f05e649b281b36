"""Faults that reminders of others are known for, with the real services from the calendar to the digest and the mail.

Each was seen to fail with the code broken at the place it guards.
"""

from collections import Counter
from datetime import date, time, timedelta

import pytest

from apps.activities.models import Invitation, Sitting
from apps.activities.services import planning
from apps.duties.models import DutyPeriod
from apps.duties.services.laying_out import materialise
from apps.reminders import channels
from apps.reminders.models import Delivery, Digest, DigestLine, Reminder
from tests.factories.branches import TODAY
from tests.factories.duties import file, plan
from tests.factories.reminders import Outbox, at, confirmed, say, send

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    box = Outbox()
    monkeypatch.setattr(channels, "send", box.send)
    return box


def lines(world, slug: str) -> list[tuple[date, str]]:
    """(first day of the period, step) of every line about the duty in the secretary's digests."""
    found = DigestLine.objects.filter(digest__person=world.people["secretary"], reminder__source="duty")
    periods = DutyPeriod.objects.filter(rule__slug=slug).in_bulk()
    rows = found.order_by("pk").values_list("reminder__source_id", "reminder__step")
    return [(periods[pk].starts_on, step) for pk, step in rows if pk in periods]


def test_over_the_turn_of_the_year_each_month_is_reminded_once_a_step(world):
    """Fault 1: December's duty reminded twice, or January's not at all. Every day a tick, some days two, some none."""
    day = date(2026, 11, 25)
    while day < date(2027, 2, 20):
        materialise(today=day)
        DutyPeriod.objects.filter(starts_on__lt=date(2026, 12, 1)).delete()
        if day.day % 7:  # every seventh day nothing runs at all
            say(day)
            say(day, "11:00")
        day += DAY
    said = Counter(lines(world, "committee_meeting"))
    december, january = date(2026, 12, 1), date(2027, 1, 1)
    assert set(said.values()) == {1}
    for month in (december, january):
        assert {step for starts_on, step in said if starts_on == month} == {"due-7", "due-2", "overdue", "repeat"}


def test_nobody_is_reminded_of_a_meeting_they_are_not_part_of(world, outbox):
    """Fault 4. The committee meets, two of three are invited; a general meeting of the other branch is on the same day."""
    for role in ("secretary", "committee_member", "member", "other_secretary"):
        confirmed(world.users[role])
    tomorrow = TODAY + DAY
    ours = plan(world.branch, "committee_meeting", tomorrow).sitting
    theirs = plan(world.other_branch, "general_meeting", tomorrow).sitting
    Invitation.objects.create(sitting=ours, person=world.people["secretary"])
    Invitation.objects.create(sitting=ours, person=world.people["committee_member"])
    Invitation.objects.create(sitting=theirs, person=world.people["other_secretary"])
    say(TODAY)
    send(TODAY)
    heard = DigestLine.objects.filter(reminder__source="meeting").values_list("digest__person", flat=True)
    assert set(heard) == {world.people[role].pk for role in ("secretary", "committee_member", "other_secretary")}
    for letter in outbox.letters:
        urls = {said.line.url for said in letter.said if said.topic == "meeting"}
        mine = theirs if letter.person == world.people["other_secretary"] else ours
        assert urls <= {f"/e/{mine.public_id}/"} or all(mine.public_id in url for url in urls)


def test_an_uninvited_person_is_dropped_before_it_is_said(world):
    """Fault 4, in between: invited when it was written down, taken off the list before half past eight."""
    sitting = plan(world.branch, "general_meeting", TODAY + DAY).sitting
    Invitation.objects.create(sitting=sitting, person=world.people["member"])
    say(TODAY, "07:00")
    assert Reminder.objects.filter(source="meeting").exists()
    Invitation.objects.all().delete()
    say(TODAY)
    assert not DigestLine.objects.filter(reminder__source="meeting").exists()


@pytest.mark.parametrize("moment", ["before it is written down", "before it is said", "before it is sent"])
def test_done_means_silence_at_every_moment(world, outbox, moment):
    """Fault 6: a reminder sent after the duty was fulfilled."""
    confirmed(world.users["secretary"])
    materialise(today=TODAY)
    kept = DutyPeriod.objects.filter(
        rule__slug="committee_meeting", starts_on=date(2026, 3, 1), organization=world.branch
    )
    DutyPeriod.objects.exclude(pk__in=kept).delete()
    day = date(2026, 3, 24)
    steps = {
        "before it is written down": lambda: say(day, "07:00"),
        "before it is said": lambda: say(day),
        "before it is sent": lambda: send(day),
    }
    for name, step in steps.items():
        if name == moment:
            file(world.branch, "committee_meeting", date(2026, 3, 20))
        step()
    assert outbox.letters == []
    assert DigestLine.objects.exists() is (moment == "before it is sent")


def test_thirty_changes_one_message(world, outbox):
    """Fault 12: thirty changes, thirty messages. Also with a mail server that was away in between."""
    confirmed(world.users["member"])
    sitting = plan(world.branch, "general_meeting", date(2026, 3, 27)).sitting
    Invitation.objects.create(sitting=sitting, person=world.people["member"])
    outbox.problem = lambda delivery, letter: channels.Unreachable("timeout")
    for day in (date(2026, 3, 19), date(2026, 3, 20)):
        for minute in range(30):
            sitting = Sitting.objects.get()
            planning.sitting_move(
                sitting=sitting, by=world.users["secretary"], now=at(TODAY), version=sitting.version,
                held_on=date(2026, 3, 27), starts_at=time(day.day - 10, minute), ends_at=None, place="101",
            )  # fmt: skip
        say(day)
        send(day)
    outbox.problem = lambda delivery, letter: None
    send(date(2026, 3, 20))
    assert Digest.objects.filter(person=world.people["member"]).count() == 2  # one a day in the app
    assert len(outbox.letters) == Delivery.objects.count() == 1
    assert len(outbox.letters[0].said) == 1
