"""Planning by the page, answers, calendar files, home rows and the menu."""

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from apps.activities import home, services
from apps.activities.models import Activity, Sitting
from apps.core.todo import Section
from tests.factories import activities as act
from tests.factories import branches as make

DAY = make.TODAY
SOON = DAY + timedelta(days=2)


@pytest.fixture
def secretary(client_of):
    return client_of("secretary")


@pytest.fixture
def meeting(world):
    return act.planned(world.branch, world.users["secretary"], held_on=SOON, invite=(world.people["member"],))


def at(world, name, *args):
    return reverse(f"activities:{name}", args=[world.branch.public_id, *args])


def plan(world, **changed):
    return {
        "kind": "general_meeting", "held_on": "3.20", "starts_at": "14:30", "ends_at": "16:00", "place": "101", "invite": "on",
        "request_key": "p1",
    } | changed  # fmt: skip


def test_planning_invites_the_expected_people_of_that_day(world, secretary):
    make.member(world.branch, "明天入党", starts_on=SOON)
    make.member(world.branch, "以后入党", starts_on=SOON + timedelta(days=1))
    assert secretary.post(at(world, "sitting-plan"), plan(world)).status_code == 302
    sitting = Sitting.objects.get()
    asked = set(sitting.invitations.values_list("person__name", flat=True))
    assert "明天入党" in asked
    assert "以后入党" not in asked
    assert len(asked) == 9
    secretary.post(at(world, "sitting-plan"), plan(world))
    assert Sitting.objects.count() == 1


def test_planning_without_inviting(world, secretary):
    secretary.post(at(world, "sitting-plan"), {name: value for name, value in plan(world).items() if name != "invite"})
    assert Sitting.objects.get().invitations.count() == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"held_on": "3.10"}, "Log the meeting instead"),
        ({"held_on": ""}, "Enter the date"),
        ({"held_on": "soon"}, "cannot be read"),
        ({"ends_at": "14:00"}, "ends after it begins"),
        ({"place": "地" * 81}, "at most 80"),
        ({"kind": "nonsense"}, "not one of the available choices"),
        ({"kind": "group_meeting"}, "Choose the Party group"),
    ],
)
def test_bad_plans_are_said_and_kept(world, secretary, changed, words):
    response = secretary.post(at(world, "sitting-plan"), plan(world, **changed))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Sitting.objects.count() == 0


def test_an_answer_from_the_link_is_one_press(world, client_of, meeting):
    member = client_of("member")
    url = reverse("activities:sitting-detail", args=[meeting.public_id])
    assert "I am coming" in member.get(url).content.decode()
    member.post(reverse("activities:sitting-answer", args=[meeting.public_id]), {"answer": "come"})
    assert "You answered: coming" in member.get(url).content.decode()
    member.post(
        reverse("activities:sitting-answer", args=[meeting.public_id]), {"answer": "cannot", "ground": "business"}
    )
    assert "cannot come (Away on business)" in member.get(url).content.decode()
    for bad in ({"answer": "maybe"}, {"answer": "cannot", "ground": "tired"}, {}):
        member.post(reverse("activities:sitting-answer", args=[meeting.public_id]), bad)
    assert meeting.invitations.get().ground == "business"


def test_answers_of_others_are_not_shown_to_members(world, client_of, meeting):
    services.sitting_invite(
        sitting=meeting,
        by=world.users["secretary"],
        kind=act.kind("committee_meeting"),
        people=[world.people["second"]],
    )
    html = client_of("member").get(reverse("activities:sitting-detail", args=[meeting.public_id])).content.decode()
    assert world.people["second"].name not in html


def event(client, sitting):
    response = client.get(reverse("activities:sitting-calendar", args=[sitting.public_id]))
    calendar = Calendar.from_ical(response.content)
    (found,) = calendar.walk("VEVENT")
    return calendar, found


def test_a_changed_meeting_replaces_its_calendar_entry(world, secretary, client_of, meeting):
    calendar, first = event(client_of("member"), meeting)
    assert (calendar["METHOD"], first["STATUS"], int(first["SEQUENCE"])) == ("PUBLISH", "CONFIRMED", 0)
    assert first["DTSTART"].dt.isoformat() == "2026-03-20T14:30:00+08:00"
    assert "党员活动室101" in first["LOCATION"]
    move = {"held_on": "3.21", "starts_at": "09:00", "ends_at": "", "place": "202", "version": meeting.version}
    assert secretary.post(at(world, "sitting-move", meeting.public_id), move).status_code == 302
    _calendar, second = event(client_of("member"), meeting)
    assert (second["UID"], int(second["SEQUENCE"])) == (first["UID"], 1)
    assert second["DTSTART"].dt.isoformat() == "2026-03-21T09:00:00+08:00"
    meeting.refresh_from_db()
    secretary.post(at(world, "sitting-cancel", meeting.public_id), {"version": meeting.version})
    calendar, third = event(client_of("member"), meeting)
    assert (calendar["METHOD"], third["STATUS"], third["UID"], int(third["SEQUENCE"])) == (
        "CANCEL",
        "CANCELLED",
        first["UID"],
        2,
    )


def test_an_entry_without_a_time_takes_the_day(world, client_of):
    sitting = act.planned(
        world.branch, world.users["secretary"], held_on=SOON, starts_at=None, invite=(world.people["member"],)
    )
    _calendar, found = event(client_of("member"), sitting)
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (SOON, SOON + timedelta(days=1))


def test_moving_an_outdated_page_is_a_conflict(world, secretary, meeting):
    move = {"held_on": "3.21", "starts_at": "09:00", "ends_at": "", "place": "202", "version": meeting.version + 3}
    response = secretary.post(at(world, "sitting-move", meeting.public_id), move)
    assert response.status_code == 409
    assert "202" in response.content.decode()


def rows(world, rf, role, today=DAY):
    request = rf.get("/")
    request.user, request.today, request.now = world.users[role], today, act.at(today)
    return [(row.section, row.title, row.status) for row in home.todos(request, world.branch.public_id)]


def test_home_lists_minutes_needed_invitations_and_what_is_next(world, rf, meeting):
    act.planned(
        world.branch,
        world.users["secretary"],
        "theme_day",
        held_on=DAY - timedelta(days=3),
        now=act.at(DAY - timedelta(days=4)),
    )
    committee, day = act.kind("committee_meeting"), act.kind("theme_day")
    assert rows(world, rf, "secretary") == [
        (Section.MINE, day.name, "minutes_due"),
        (Section.CALENDAR, committee.name, "scheduled"),
    ]
    assert rows(world, rf, "member") == []  # the next one is the box on top
    for days in (3, 4):
        act.planned(
            world.branch, world.users["secretary"], held_on=DAY + timedelta(days=days), invite=(world.people["member"],)
        )
    assert rows(world, rf, "member") == [(Section.MINE, committee.short, "scheduled")] * 2
    for sitting in Sitting.objects.filter(invitations__person=world.people["member"]):
        services.invitation_answer(
            sitting=sitting, person=world.people["member"], by=world.users["member"], now=act.at(), answer="come"
        )
    assert rows(world, rf, "member") == [(Section.CALENDAR, committee.short, "scheduled")] * 2
    assert rows(world, rf, "member", SOON + timedelta(days=5)) == []
    assert rows(world, rf, "other_secretary") == []


def test_own_schedule_shows_invitations_and_own_attendance(world, client_of, meeting):
    act.filed(
        world.branch,
        world.users["secretary"],
        "general_meeting",
        DAY - timedelta(days=4),
        away={world.people["member"]: "excused"},
    )
    act.filed(world.branch, world.users["secretary"], "committee_meeting", DAY - timedelta(days=5))
    html = client_of("member").get(reverse("activities:schedule")).content.decode()
    assert "not answered yet" in html
    assert html.count("Excused") == 1
    assert act.kind("general_meeting").short_en in html


@pytest.mark.parametrize("more", [1, 4])
def test_pages_cost_the_same_for_any_number(world, client_of, secretary, query_baseline, more):
    for number in range(more):
        act.planned(
            world.branch, world.users["secretary"], "general_meeting", held_on=SOON + timedelta(days=number),
            invite=(world.people["member"],),
        )  # fmt: skip
        act.filed(world.branch, world.users["secretary"], "theme_day", DAY - timedelta(days=number + 1))
    member = client_of("member")
    with query_baseline("activities:schedule"):
        member.get(reverse("activities:schedule"))
    with query_baseline("activities:sitting-list"):
        secretary.get(at(world, "sitting-list"))
    sitting = Sitting.objects.filter(invitations__isnull=False).first()
    with query_baseline("activities:sitting-detail"):
        member.get(reverse("activities:sitting-detail", args=[sitting.public_id]))
    with query_baseline("activities:sitting-answer:post"):
        member.post(reverse("activities:sitting-answer", args=[sitting.public_id]), {"answer": "come"})
    assert Activity.objects.filter(state="filed").count() == more


def test_the_menu_offers_what_a_person_keeps(world, client_of):
    assert "/log/" in client_of("secretary").get(reverse("activities:schedule")).content.decode()
    assert "/log/" not in client_of("member").get(reverse("activities:schedule")).content.decode()


def test_a_cancelled_meeting_is_said_to_the_invited_until_its_day_is_over(world, rf, client_of, meeting):
    services.sitting_cancel(sitting=meeting, by=world.users["secretary"], version=meeting.version)
    row = (Section.CALENDAR, "Committee meeting", "cancelled")
    assert rows(world, rf, "member") == [row]
    assert rows(world, rf, "member", today=SOON) == [row]
    assert rows(world, rf, "member", today=SOON + timedelta(days=1)) == []
    client = client_of("member")
    assert "Cancelled" in client.get(reverse("activities:schedule")).content.decode()
    assert "activities/_next_panel.html" not in {one.name for one in client.get("/").templates}


def test_a_moved_meeting_asks_again_on_the_schedule(world, client_of, meeting):
    by, asked = world.users["member"], {"sitting": meeting, "now": act.at(), "person": world.people["member"]}
    services.invitation_answer(**asked, by=by, answer="come")
    client = client_of("member")
    assert "not answered yet" not in client.get(reverse("activities:schedule")).content.decode()
    services.sitting_move(
        sitting=meeting, by=world.users["secretary"], now=act.at(), version=meeting.version,
        held_on=SOON + timedelta(days=1), starts_at=meeting.starts_at, ends_at=meeting.ends_at, place=meeting.place,
    )  # fmt: skip
    html = client.get(reverse("activities:schedule")).content.decode()
    assert "not answered yet" in html
    assert "21 Mar Sat" in html


def test_one_kind_of_two_called_off_leaves_the_meeting_on_the_schedule(world, client_of):
    sitting = services.sitting_plan(
        organization=world.branch, kinds=[act.kind("general_meeting"), act.kind("theme_day")], by=world.users["secretary"],
        now=act.at(), held_on=SOON, invite=(world.people["member"],),
    )  # fmt: skip
    sitting.activities.filter(kind__slug="theme_day").update(state="cancelled")
    html = client_of("member").get(reverse("activities:schedule")).content.decode()
    assert "General meeting" in html
    assert "Theme day" not in html
    assert "Cancelled" not in html


def test_the_box_on_top_is_not_repeated_in_the_lists(world, rf):
    """For whoever keeps the meeting neither; on its day the row offers to log it."""
    sitting = act.planned(world.branch, world.users["secretary"], held_on=SOON, invite=(world.people["secretary"],))
    assert rows(world, rf, "secretary") == []
    assert [row[0] for row in rows(world, rf, "secretary", today=sitting.held_on)] == [Section.CALENDAR]
