"""What a committee sees of its branch's reminders: what comes next, to whom, on which day and why."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.activities.models import Activity, Invitation
from apps.branches.models import Post
from apps.duties.models import DutyNote, DutyPeriod
from apps.reminders.models import Digest, Robot
from apps.reminders.services.owing import tell
from apps.reminders.words import why_now
from tests.factories.branches import TODAY
from tests.factories.duties import plan
from tests.factories.reminders import confirmed, say, told

pytestmark = pytest.mark.django_db


def page(world, client, language="en"):
    answer = client.get(reverse("reminders:branch", args=[world.branch.public_id]))
    assert answer.status_code == 200
    return answer


def rows(answer):
    return [(row["coming"].day, row["why"], names_in(row)) for row in answer.context["rows"]]


def names_in(row):
    return [name for names in row["people"].values() for name in names]


def test_day_reason_and_reader_of_each_step(march, meeting, client_of):
    """Today is 17 March; due on the 31st."""
    answer = page(march, client_of("committee_member"))
    secretary = [march.people["secretary"].name]
    assert rows(answer)[:2] == [
        (date(2026, 3, 24), "7 days before it is due", secretary),
        (date(2026, 3, 27), "2 days before it is due", secretary),  # the 29th is a Sunday
    ]
    html = answer.content.decode()
    for words in ("March branch committee meeting", "7 days before it is due", "because of their post"):
        assert words in html


def test_what_it_foretells_is_what_is_said(march, meeting, client_of):
    Invitation.objects.create(
        sitting=plan(march.branch, "general_meeting", date(2026, 3, 25)).sitting, person=march.people["member"]
    )
    foretold = [
        (row["coming"].day, name)
        for row in page(march, client_of("secretary")).context["rows"]
        for names in row["people"].values()
        for name in names
        if row["coming"].day <= date(2026, 3, 27)
    ]
    assert len(foretold) == 3
    for day in sorted({day for day, _ in foretold}):
        say(day)
    said = [(one.day, one.person.name) for one in Digest.objects.filter(day__lte=date(2026, 3, 27))]
    assert sorted(set(foretold)) == sorted(said)
    assert told(march.people["member"]) == [("meeting", "eve")]


def test_one_meeting_is_one_row_however_many_are_asked(march, meeting, client_of):
    sitting = plan(march.branch, "general_meeting", date(2026, 3, 25)).sitting
    asked = [march.people[role] for role in ("member", "group_leader", "committee_member", "third")]
    Invitation.objects.bulk_create(Invitation(sitting=sitting, person=person) for person in asked)
    found = [row for row in page(march, client_of("secretary")).context["rows"] if row["coming"].step == "eve"]
    assert len(found) == 1
    people = {str(reason): sorted(names) for reason, names in found[0]["people"].items()}
    assert people == {
        "it is theirs": sorted(person.name for person in asked[:3]),
        "the member has no account": [march.people["secretary"].name],
    }


def test_what_is_done_is_not_foretold(march, meeting, client_of):
    DutyPeriod.objects.update(done=1)
    answer = page(march, client_of("secretary"))
    assert rows(answer) == []
    assert "Nothing is to be said as things stand." in answer.content.decode()


def test_a_vacant_post_is_seen(march, meeting, client_of):
    Post.objects.filter(person=march.people["secretary"]).update(ends_before=date(2026, 3, 17))
    answer = page(march, client_of("committee_member"))
    assert "because the post is vacant or without an account" in answer.content.decode()
    assert rows(answer)[0][2] == [march.people["committee_member"].name]


def test_paused_while_a_waiver_is_asked_for(march, meeting, client_of):
    DutyNote.objects.create(period=meeting, kind=DutyNote.Kind.WAIVER_ASKED, reason="停产检修")
    answer = page(march, client_of("secretary"))
    assert "while the request for a waiver is open" in answer.content.decode()


def test_who_cannot_be_reached(march, client_of):
    """Eight members; four roles of the branch have accounts, one of them has confirmed an address."""
    counts = page(march, client_of("secretary")).context
    assert (counts["no_account"], counts["no_mail"]) == (4, 3)
    confirmed(march.users["member"])
    counts = page(march, client_of("secretary")).context
    assert (counts["no_account"], counts["no_mail"]) == (4, 2)


def test_who_does_not_lead_sees_who_can(march, client_of):
    Robot.objects.create(organization=march.branch, kind="wecom", name="支部群", url_sealed=b"x", url_host="a.test")
    seen, led = (page(march, client_of(role)).content.decode() for role in ("committee_member", "secretary"))
    assert "支部群" in seen
    assert "connects robots and hands out the calendar" in seen
    assert "/robots/new/" not in seen
    assert "/calendar/" not in seen
    assert "/robots/new/" in led
    assert "/calendar/" in led


@pytest.mark.parametrize(
    ("step", "words"),
    [("due-7", "7 days before it is due"), ("due-1", "1 day before it is due"), ("due", "on its last day"),
     ("overdue", "it is overdue"), ("repeat", "once more after two weeks"), ("eve", "the working day before"),
     ("minutes", "held, and not filed"), ("moved-3", "it was moved"), ("cancelled-1", "it was cancelled"),
     ("2026-W13", "once a week"), ("something", "")],
)  # fmt: skip
def test_steps_in_words(step, words):
    assert why_now(step) == words


def test_what_the_pages_cost(march, meeting, client_of, query_baseline):
    from apps.reminders.models import Reminder

    say(date(2026, 3, 24))
    Reminder.objects.update(state="waiting")
    for day in (25, 26, 27):
        sitting = plan(march.branch, "general_meeting", date(2026, 3, day)).sitting
        for role in ("member", "second", "group_leader"):
            Invitation.objects.create(sitting=sitting, person=march.people[role])
    tell(
        source="meeting_change", step="moved-1", people=dict(Invitation.objects.values_list("pk", "person_id")),
        branch=march.branch, today=TODAY,
    )  # fmt: skip
    Activity.objects.filter(pk=plan(march.branch, "general_meeting", TODAY - timedelta(days=3)).pk).update(
        state="minutes_due", created_by=march.users["secretary"]
    )
    secretary = client_of("secretary")
    assert {row["coming"].line.title[:8] for row in page(march, secretary).context["rows"]} >= {"Minutes:", "New time"}
    with query_baseline("reminders:branch"):
        page(march, secretary)
    with query_baseline("reminders:robot-create"):
        secretary.get(reverse("reminders:robot-create", args=[march.branch.public_id]))
    with query_baseline("reminders:feed-issue"):
        secretary.post(reverse("reminders:feed-issue"))
