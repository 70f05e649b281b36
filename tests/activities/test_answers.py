"""Who has answered an invitation, as the keeper of the meeting sees it, and answers noted for others."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.activities import home, services
from apps.activities.models import Activity
from tests.factories import activities as act
from tests.factories import branches as make

SOON = make.TODAY + timedelta(days=2)


@pytest.fixture
def meeting(world):
    people = (world.people["member"], world.people["second"])
    return act.planned(world.branch, world.users["secretary"], held_on=SOON, invite=people)


def told_url(world, sitting):
    return reverse("activities:sitting-told", args=[world.branch.public_id, sitting.public_id])


def page(world, client, sitting):
    url = reverse("activities:activity-detail", args=[world.branch.public_id, sitting.activities.get().public_id])
    return client.get(url)


def told(person, *rest):
    return {"told": ":".join([person.public_id, *rest])}


def test_who_has_not_answered_is_a_text_to_paste(world, client_of, meeting):
    secretary, second = client_of("secretary"), world.people["second"]
    services.invitation_answer(sitting=meeting, person=second, by=world.users["secretary"], now=act.at(), answer="come")
    answers = page(world, secretary, meeting).context["answers"]
    assert world.people["member"].name in answers.ask
    assert second.name not in answers.ask
    assert f"/e/{meeting.public_id}/" in answers.ask
    secretary.post(told_url(world, meeting), told(world.people["member"], "cannot", "sick"))
    answers = page(world, secretary, meeting).context["answers"]
    assert (answers.ask, answers.come, answers.cannot) == ("", 1, 1)


@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_by_phone_is_noted_with_one_tap(world, client_of, meeting, htmx):
    member = world.people["member"]
    headers = {"HX-Request": "true"} if htmx else {}
    secretary = client_of("secretary")
    response = secretary.post(told_url(world, meeting), told(member, "cannot"), headers=headers)
    assert response.status_code == (200 if htmx else 302)
    row = meeting.invitations.get(person=member)
    assert (row.answer, row.answered_by) == ("cannot", world.users["secretary"])
    html = response.content.decode() if htmx else page(world, secretary, meeting).content.decode()
    assert f"Noted by {world.people['secretary'].name}." in html
    services.invitation_answer(sitting=meeting, person=member, by=world.users["member"], now=act.at(), answer="come")
    assert "Noted by" not in page(world, secretary, meeting).content.decode()


@pytest.mark.parametrize("said", ["", "x", "{pid}", "{pid}:maybe", "{pid}:cannot:tired"])
def test_what_is_no_answer_changes_nothing_and_is_said(world, client_of, meeting, said):
    sent = {"told": said.format(pid=world.people["member"].public_id)}
    html = client_of("secretary").post(told_url(world, meeting), sent, headers={"HX-Request": "true"}).content.decode()
    assert "Choose “Coming” or “Cannot come”." in html
    assert not meeting.invitations.exclude(answer="").exists()


def test_an_answer_after_the_meeting_was_called_off_is_said(world, client_of, meeting):
    """Two keepers at once: one cancels, the other still has the page open."""
    services.sitting_cancel(sitting=meeting, by=world.users["secretary"], version=meeting.version)
    response = client_of("secretary").post(told_url(world, meeting), told(world.people["member"], "come"), follow=True)
    assert "is over or cancelled" in response.content.decode()
    assert not meeting.invitations.exclude(answer="").exists()


def test_somebody_who_was_not_invited_cannot_be_noted(world, client_of, meeting):
    sent = told(world.people["discipline"], "come")
    assert client_of("secretary").post(told_url(world, meeting), sent).status_code == 404


def test_home_and_schedule_count_the_answers(world, rf, client_of, meeting):
    act.planned(world.branch, world.users["secretary"], "general_meeting", held_on=SOON + timedelta(days=1))
    services.invitation_answer(
        sitting=meeting, person=world.people["member"], by=world.users["secretary"], now=act.at(), answer="cannot"
    )
    url = reverse("activities:sitting-list", args=[world.branch.public_id])
    html = client_of("secretary").get(url).content.decode()
    assert html.count("1 of 2 have answered · 1 cannot come") == 1
    request = rf.get("/")
    request.user, request.today, request.now = world.users["secretary"], make.TODAY, act.at()
    details = [todo.detail for todo in home.todos(request, world.branch.public_id) if todo.status == "scheduled"]
    assert [("1 of 2 have answered" in detail) for detail in details] == [True, False]


@pytest.mark.parametrize("more", [1, 6])
def test_noting_costs_the_same_for_any_number(world, client_of, meeting, query_baseline, more):
    secretary = client_of("secretary")
    people = [make.member(world.branch, f"党员{number}") for number in range(more)]
    services.sitting_invite(
        sitting=meeting, by=world.users["secretary"], kind=act.kind("committee_meeting"), people=people
    )
    with query_baseline("activities:activity-detail:scheduled"):
        page(world, secretary, meeting)
    with query_baseline("activities:sitting-told:post"):
        secretary.post(told_url(world, meeting), told(people[0], "come"), headers={"HX-Request": "true"})
    assert Activity.objects.get().sitting.invitations.filter(answer="come").count() == 1
