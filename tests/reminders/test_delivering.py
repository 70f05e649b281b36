"""Outside messages: claimed, re-checked, sent under one key, tried again, parked."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from apps.branches.models import Post
from apps.core.errors import RuleBroken
from apps.reminders.channels import Refused, Unreachable
from apps.reminders.models import Delivery, Digest, OutsideSwitch, Reminder, Robot
from apps.reminders.services import delivering, switching
from apps.reminders.services.announcing import announce
from tests.factories.duties import file, plan
from tests.factories.reminders import at, confirmed, hold_is_over, say, send

pytestmark = pytest.mark.django_db
DUE_7 = date(2026, 3, 24)


@pytest.fixture
def mail(march, meeting, outbox) -> Delivery:
    """The secretary's, of the digest of 24 March."""
    say(DUE_7)
    return Delivery.objects.get()


def state() -> str:
    return Delivery.objects.get().state


def test_held_for_a_minute(mail, outbox):
    assert delivering.deliver(now=at(DUE_7, "08:31")).sent == 0
    left = Delivery.objects.annotate(left=F("next_try_at") - F("created_at")).get().left
    assert round(left.total_seconds()) == 60
    assert send(DUE_7).sent == 1
    assert outbox.letters[0].key == str(mail.key)
    assert outbox.letters[0].address == "secretary@example.test"


@pytest.mark.parametrize("clock", ["18:00", "08:29", "23:00"])
def test_nothing_leaves_in_quiet_hours(mail, outbox, clock):
    assert send(DUE_7, clock).sent == 0
    assert state() == "waiting"


def test_nothing_leaves_on_a_day_off(mail, outbox):
    assert send(date(2026, 3, 28), "10:00").sent == 0


def test_sent_once(mail, outbox):
    assert [send(DUE_7).sent for _ in range(3)] == [1, 0, 0]
    assert len(outbox.letters) == 1


def test_fulfilled_between_owing_and_sending_is_silence(march, mail, outbox):
    """Product: a reminder sent after the duty was fulfilled."""
    file(march.branch, "committee_meeting", DUE_7)
    outcome = send(DUE_7)
    assert (outcome.sent, outcome.dropped, outbox.letters) == (0, 1, [])


def test_who_left_the_post_since_gets_no_mail(march, mail, outbox):
    Post.objects.filter(person=march.people["secretary"]).update(ends_before=DUE_7)
    assert send(DUE_7).dropped == 1


def test_five_tries_with_growing_pauses_then_parked(mail, outbox):
    outbox.problem = lambda delivery, letter: Unreachable("timeout")
    pauses, keys = [], set()
    for _ in range(4):
        assert send(DUE_7).again == 1
        row = Delivery.objects.annotate(pause=F("next_try_at") - Now()).get()
        pauses.append(round(row.pause.total_seconds() / 60))
        keys.add(row.key)
        assert (row.state, row.last_error) == ("waiting", "timeout")
    assert send(DUE_7).parked == 1
    assert pauses == [1, 5, 25, 125]
    assert (state(), keys) == ("parked", {mail.key})
    assert send(DUE_7).parked == 0


def test_a_refusal_is_parked_at_once(mail, outbox):
    outbox.problem = lambda delivery, letter: Refused("smtp-550")
    assert send(DUE_7).parked == 1
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("parked", 1, "smtp-550")


def test_an_error_of_ours_is_kept_without_its_words(mail, outbox, caplog):
    outbox.problem = lambda delivery, letter: ValueError("secretary@example.test 党费")
    assert send(DUE_7).again == 1
    assert Delivery.objects.get().last_error == "error-ValueError"
    assert "example.test" not in caplog.text


def test_one_poisoned_row_stops_no_other(march, meeting, outbox):
    confirmed(march.users["group_leader"])
    from apps.activities.models import Invitation

    sitting = plan(march.branch, "general_meeting", date(2026, 3, 25)).sitting
    Invitation.objects.create(sitting=sitting, person=march.people["group_leader"])
    say(DUE_7)
    secretary = march.people["secretary"]
    outbox.problem = lambda delivery, letter: RuntimeError("x") if letter.person == secretary else None
    outcome = send(DUE_7)
    assert (outcome.sent, outcome.again) == (1, 1)
    assert [letter.person for letter in outbox.letters] == [march.people["group_leader"]]


def test_a_worker_that_died_leaves_its_row_to_the_next(mail, outbox):
    """Its lease runs out; the key stays."""
    hold_is_over()
    (claimed,) = delivering.claim(limit=20, urgent_only=False, outcome=delivering.Outcome())
    assert send(DUE_7).sent == 0  # leased
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert send(DUE_7).keys == [str(claimed.key)]
    assert not delivering._end(claimed, state="waiting")  # the dead one wakes up: not its row any more
    assert state() == "sent"


def test_what_kills_its_worker_is_parked(mail, outbox):
    for _ in range(5):
        hold_is_over()
        assert delivering.claim(limit=20, urgent_only=False, outcome=delivering.Outcome())
        Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert send(DUE_7).parked == 1
    assert Delivery.objects.get().last_error == "crashed"


def test_what_there_was_no_time_for_is_given_back(mail, outbox):
    hold_is_over()
    seconds = iter([0, 0, 61, 61])
    outcome = delivering.deliver(now=at(DUE_7, "09:00"), clock=lambda: next(seconds))
    row = Delivery.objects.get()
    assert (outcome.sent, row.state, row.attempts, row.lease_until) == (0, "waiting", 0, None)


def test_a_digest_that_came_while_it_was_being_sent_joins_it(march, mail, outbox):
    """One message under the first key, not two."""

    def next_day_comes(delivery, letter):
        say(date(2026, 3, 27))
        assert Delivery.objects.filter(state="waiting").exclude(pk=delivery.pk).count() == 1
        return Unreachable("timeout")

    outbox.problem = next_day_comes
    send(DUE_7)
    row = Delivery.objects.get()
    assert (row.key, row.state) == (mail.key, "waiting")
    assert Digest.objects.filter(delivery=row).count() == 2


# --- by hand --------------------------------------------------------------------------------------------------------------


def test_a_parked_one_is_tried_again_under_its_key(march, mail, outbox):
    Delivery.objects.update(state="parked", attempts=5)
    delivering.retry(delivery=mail, by=march.users["administrator"])
    outcome = send(DUE_7)
    assert outcome.keys == [str(mail.key)]
    with pytest.raises(RuleBroken):
        delivering.retry(delivery=mail, by=march.users["administrator"])


def test_a_parked_one_is_not_tried_beside_a_newer(march, mail):
    Delivery.objects.update(state="parked", attempts=5)
    say(date(2026, 3, 27))
    with pytest.raises(RuleBroken, match="newer"):
        delivering.retry(delivery=mail, by=march.users["administrator"])


def test_a_restored_system_sends_nothing_until_it_is_released(march, mail, outbox):
    switching.hold(reason="restore")
    assert send(DUE_7).sent == 0
    say(date(2026, 3, 27))  # in the app it goes on
    assert Digest.objects.count() == 2
    assert switching.release(by=march.users["administrator"]) == 1
    assert send(date(2026, 3, 27)).sent == 0
    assert state() == "held"
    assert not OutsideSwitch.objects.get().is_held
    assert switching.release(by=march.users["administrator"]) == 0


# --- robots ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def robot(world) -> Robot:
    return Robot.objects.create(
        organization=world.branch, kind="wecom", name="支部群", url_sealed=b"x", url_host="a.test"
    )


@pytest.mark.parametrize(
    ("kind", "count"), [("general_meeting", 1), ("theme_day", 1), ("committee_meeting", 0), ("talk", 0)]
)
def test_robots_hear_of_events_of_the_whole_branch_only(world, robot, kind, count):
    from apps.activities import registry

    registry.on_scheduled(plan(world.branch, kind, date(2026, 3, 27)).sitting, "planned", [])
    assert Delivery.objects.filter(robot=robot).count() == count


def test_thirty_changes_are_one_message_to_the_group(world, robot, outbox):
    sitting = plan(world.branch, "general_meeting", date(2026, 3, 27)).sitting
    for _ in range(30):
        announce(sitting)
    assert send(DUE_7).sent == 1
    assert [said.line.title for said in outbox.letters[0].said] == ["大会"]
    announce(sitting)
    assert send(DUE_7).sent == 1
    assert outbox.letters[1].said[0].line.title != "大会"  # moved


def test_planned_and_cancelled_within_the_minute_is_nothing(world, robot, outbox):
    activity = plan(world.branch, "general_meeting", date(2026, 3, 27))
    announce(activity.sitting)
    type(activity).objects.update(state="cancelled")
    announce(activity.sitting)
    assert (send(DUE_7).dropped, outbox.letters) == (1, [])


def test_a_removed_robot_says_nothing(world, robot, outbox):
    announce(plan(world.branch, "general_meeting", date(2026, 3, 27)).sitting)
    Robot.objects.update(removed_at=Now())
    assert send(DUE_7).dropped == 1


def test_questions_do_not_grow_with_the_lines(march, mail, outbox, django_assert_max_num_queries):
    for number in range(40):
        Reminder.objects.bulk_create(
            [
                Reminder(
                    source="duty", source_id=Reminder.objects.earliest("pk").source_id, step=f"x{number}",
                    organization=march.branch, branch=march.branch, path=march.branch.path, step_on=DUE_7, state="waiting",
                )
            ]
        )  # fmt: skip
    say(date(2026, 3, 25))
    hold_is_over()
    with django_assert_max_num_queries(25):
        delivering.deliver(now=at(DUE_7, "09:00"))
    assert len(outbox.letters[0].said) == 1  # forty steps of one thing
