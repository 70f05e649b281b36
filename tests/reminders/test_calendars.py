"""Calendars to subscribe to: what stands in them, who may read them, for how long. Read as a phone does, by the address alone."""

import logging
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from apps.activities.models import Activity, Invitation, Sitting
from apps.activities.services import planning
from apps.duties.models import DutyPeriod
from apps.reminders.models import FeedToken
from apps.reminders.services.feeding import LENGTH, feed_find, feed_issue, feed_revoke
from tests.factories import activities as act
from tests.factories.branches import TODAY
from tests.factories.duties import plan

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=6)


@pytest.fixture(autouse=True)
def english_and_no_guesses(settings):
    settings.LANGUAGE_CODE = "en"
    cache.clear()


def read(secret, **headers):
    return Client().get(reverse("reminders:feed", args=[secret]), headers=headers)


def calendar(secret):
    answer = read(secret)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def entries(secret):
    return {str(event["summary"]): event for event in calendar(secret).walk("VEVENT")}


def own(world, role="member"):
    return feed_issue(of=world.people[role], by=world.users.get(role) or world.users["secretary"])


def of_branch(world):
    return feed_issue(of=world.branch, by=world.users["secretary"])


def invited(world, kind="general_meeting", role="member", **fields):
    activity = plan(world.branch, kind, SOON)
    Sitting.objects.filter(pk=activity.sitting_id).update(
        starts_at=time(14, 30), ends_at=time(16), place="党员活动室101", **fields
    )
    Invitation.objects.create(sitting=activity.sitting, person=world.people[role])
    return activity


# --- one's own ------------------------------------------------------------------------------------------------------------


def test_a_meeting_with_kind_time_and_place(world):
    activity = invited(world, invitation_note="带上笔记", guests=["来宾某"])
    Activity.objects.filter(pk=activity.pk).update(topic="很私密的议题", minutes="记录")
    secret = own(world)
    (event,) = entries(secret).values()
    assert str(event["summary"]) == "General meeting · 一车间"
    start = datetime.combine(SOON, time(14, 30), ZoneInfo("Asia/Shanghai"))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (start, start + timedelta(minutes=90))
    assert (str(event["location"]), str(event["status"]), event["sequence"]) == ("党员活动室101", "CONFIRMED", 0)
    assert str(event["url"]).startswith("https://zhibu.example.org/")
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(hours=-2)
    text = read(secret).content.decode()
    for hidden in ("议题", "记录", "笔记", "来宾", *(person.name for person in world.people.values())):
        assert hidden not in text


def test_what_clients_ask_for(world):
    """Name, zone and how often to come back; and the zone's own rules, for those who know none."""
    invited(world)
    whole = calendar(own(world))
    assert str(whole["x-wr-calname"]) == str(whole["name"]) == "Branch calendar"
    assert str(whole["x-wr-timezone"]) == "Asia/Shanghai"
    assert whole.decoded("refresh-interval") == timedelta(hours=1)
    assert [str(zone["tzid"]) for zone in whole.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert "method" not in whole  # a subscription, not an invitation


def test_in_the_language_of_its_owner(world):
    user = world.users["member"]
    user.language = "zh-hans"
    user.save()
    invited(world)
    assert list(entries(own(world))) == ["大会 · 一车间"]


@pytest.mark.parametrize("kind", ["general_meeting", "life_meeting", "group_meeting", "committee_meeting"])
def test_ones_own_meetings_of_every_open_kind(world, kind):
    invited(world, kind)
    assert len(entries(own(world))) == 1


def test_no_talks_not_even_ones_own(world):
    invited(world, "talk")
    assert entries(own(world)) == {}


def test_no_talk_that_shares_a_sitting(world):
    activity = invited(world)
    other = plan(world.branch, "talk", SOON)
    Activity.objects.filter(pk=other.pk).update(sitting=activity.sitting)
    assert entries(own(world)) == {}


def test_nobody_elses(world):
    invited(world, "life_meeting")
    invited(world, "committee_meeting", role="secretary")
    for role in ("group_leader", "other_secretary"):
        assert entries(own(world, role)) == {}


def test_what_one_cannot_come_to_is_not_in_it(world):
    invited(world)
    Invitation.objects.update(answer="cannot")
    assert entries(own(world)) == {}


def test_moved_it_is_the_same_entry_one_higher(world):
    one = act.planned(world.branch, world.users["secretary"], held_on=SOON, invite=(world.people["member"],))
    secret = own(world)
    (before,) = entries(secret).values()
    planning.sitting_move(
        sitting=one, by=world.users["secretary"], now=act.at(), version=one.version, held_on=SOON + timedelta(days=1),
        starts_at=time(15), ends_at=None, place="礼堂",
    )  # fmt: skip
    (after,) = entries(secret).values()
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after.decoded("dtstart") != before.decoded("dtstart")


def test_cancelled_it_is_struck_out_and_silent(world):
    activity = invited(world)
    Activity.objects.filter(pk=activity.pk).update(state="cancelled")
    (event,) = entries(own(world)).values()
    assert str(event["status"]) == "CANCELLED"
    assert event.walk("VALARM") == []


def test_withdrawn_it_is_gone(world):
    activity = invited(world)
    Activity.objects.filter(pk=activity.pk).update(state="withdrawn")
    assert entries(own(world)) == {}


def test_without_a_time_it_takes_the_day(world):
    invited(world)
    Sitting.objects.update(starts_at=None, ends_at=None)
    (event,) = entries(own(world)).values()
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (SOON, SOON + timedelta(days=1))


# --- duties ---------------------------------------------------------------------------------------------------------------


def test_duties_of_who_leads_until_they_are_done(march, meeting):
    titles = list(entries(own(march, "secretary")))
    assert titles == ["Due: March branch committee meeting · 一车间"]
    event = entries(own(march, "secretary"))[titles[0]]
    assert (event.decoded("dtstart"), str(event["transp"])) == (date(2026, 3, 31), "TRANSPARENT")
    for role in ("member", "committee_member", "other_secretary"):
        assert entries(own(march, role)) == {}, role
    DutyPeriod.objects.update(done=1)
    assert entries(own(march, "secretary")) == {}


# --- a branch's -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "count"),
    [("general_meeting", 1), ("theme_day", 1), ("committee_meeting", 1), ("group_meeting", 1), ("party_lecture", 1),
     ("talk", 0), ("life_meeting", 0), ("member_appraisal", 0)],
)  # fmt: skip
def test_what_the_branch_shows_to_whoever_has_the_address(world, kind, count):
    invited(world, kind)
    found = entries(of_branch(world))
    assert len(found) == count
    assert all("一车间" not in title for title in found)


def test_a_life_meeting_hides_what_is_held_with_it(world):
    activity = invited(world)
    other = plan(world.branch, "life_meeting", SOON)
    Activity.objects.filter(pk=other.pk).update(sitting=activity.sitting)
    assert entries(of_branch(world)) == {}


def test_only_this_branch(march, meeting):
    plan(march.other_branch, "general_meeting", SOON)
    secret = of_branch(march)
    assert list(entries(secret)) == ["Due: March branch committee meeting"]
    assert str(calendar(secret)["x-wr-calname"]) == "一车间"


# --- the address ----------------------------------------------------------------------------------------------------------


def test_it_is_kept_as_a_hash_alone(world):
    secret = own(world)
    row = FeedToken.objects.get()
    assert len(secret) == LENGTH
    assert len(bytes(row.token_hash)) == 32
    assert secret.encode() not in bytes(row.token_hash)
    assert feed_find(secret) == row


def test_a_new_one_ends_the_old(world):
    first, second = own(world), own(world)
    assert read(first).status_code == 404
    assert read(second).status_code == 200
    assert FeedToken.objects.filter(revoked_at=None).count() == 1


def test_revoked_it_looks_like_a_guess_and_is_not_written_down(world, caplog):
    caplog.set_level(logging.DEBUG)
    secret = own(world)
    assert feed_revoke(of=world.people["member"], by=world.users["member"])
    assert not feed_revoke(of=world.people["member"], by=world.users["member"])
    assert read(secret).status_code == read("2" * LENGTH).status_code == 404
    assert read(secret).content == read("2" * LENGTH).content
    assert read(secret).headers.items() == read("2" * LENGTH).headers.items()
    assert not any(secret in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("guess", ["x", "2" * 31, "2" * 33, "O" * LENGTH, "党" * LENGTH, "%00", "2" * 4000])
def test_guesses(world, guess):
    own(world)
    assert read(guess).status_code == 404


def test_who_guesses_on_is_let_wait_and_nobody_else(world):
    secret = own(world)
    assert [read("3" * LENGTH).status_code for _ in range(31)] == [404] * 30 + [429]
    assert read(secret).status_code == 429  # from there nothing is said any more
    address = reverse("reminders:feed", args=[secret])
    assert Client(REMOTE_ADDR="203.0.113.7").get(address).status_code == 200


def test_reading_it_a_hundred_times_is_no_guessing(world):
    secret = own(world)
    assert {read(secret).status_code for _ in range(40)} == {200}


def test_a_closed_account_closes_it(world):
    secret = own(world)
    user = world.users["member"]
    user.is_active = False
    user.save()
    assert read(secret).status_code == 404


def test_nothing_new_is_said_in_a_word(world):
    activity = invited(world)
    secret = own(world)
    first = read(secret)
    again = read(secret, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    Sitting.objects.filter(pk=activity.sitting_id).update(place="礼堂", ics_sequence=1)
    changed = read(secret, if_none_match=first.headers["ETag"])
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert "礼堂" in changed.content.decode()


def test_it_is_read_only_and_kept_by_nobody_between(world):
    address = reverse("reminders:feed", args=[own(world)])
    assert Client().post(address).status_code == 405
    assert Client().head(address).status_code == 200
    assert Client().get(address).headers["Cache-Control"] == "private, no-cache"


# --- the pages ------------------------------------------------------------------------------------------------------------


def shown(answer):
    assert answer.status_code == 200
    return answer.context["url"].rpartition("/")[2].removesuffix(".ics")


def test_made_shown_once_and_stopped(world, client_of):
    member, page = client_of("member"), reverse("reminders:settings")
    assert "Make a calendar address" in member.get(page).content.decode()
    answer = member.post(reverse("reminders:feed-issue"))
    secret = shown(answer)
    html = answer.content.decode()
    assert f"http://testserver/feeds/{secret}.ics" in html
    assert f"webcal://testserver/feeds/{secret}.ics" in html
    assert "no-store" in answer.headers["Cache-Control"]
    assert read(secret).status_code == 200
    assert secret not in member.get(page).content.decode()
    assert "Make a new address" in member.get(page).content.decode()
    member.post(reverse("reminders:feed-revoke"))
    assert read(secret).status_code == 404


def test_the_branchs_is_handed_out_by_who_leads(world, client_of):
    issue = reverse("reminders:branch-feed-issue", args=[world.branch.public_id])
    revoke = reverse("reminders:branch-feed-revoke", args=[world.branch.public_id])
    secret = shown(client_of("secretary").post(issue))
    for role in ("member", "committee_member", "other_secretary", "affairs_worker", "administrator"):
        assert client_of(role).post(issue).status_code == 404
        assert client_of(role).post(revoke).status_code == 404
    assert read(secret).status_code == 200
    client_of("secretary").post(revoke)
    assert read(secret).status_code == 404


def test_what_a_feed_costs(march, meeting, query_baseline):
    for _ in range(4):
        invited(march, role="secretary")
    secret = own(march, "secretary")
    address = reverse("reminders:feed", args=[secret])
    with query_baseline("reminders:feed"):
        assert Client().get(address).status_code == 200
