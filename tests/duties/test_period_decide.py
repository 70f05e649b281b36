"""Decisions over HTTP: what was typed stays, what is refused says why, what is done is seen."""

from datetime import date

import pytest
from django.urls import reverse

from apps.duties.models import DutyNote, DutyPeriod
from apps.duties.services.laying_out import materialise
from tests.factories.branches import TODAY
from tests.factories.duties import file, period

pytestmark = pytest.mark.django_db
FEB = date(2026, 2, 1)


@pytest.fixture
def laid_out(world):
    materialise(today=TODAY)
    return world


def url(world, action, slug="theme_day", starts_on=FEB):
    return reverse(f"duties:period-{action}", args=[world.branch.public_id, period(world.branch, slug, starts_on).pk])


def test_the_way_of_a_request(laid_out, client_of):
    secretary, staff = client_of("secretary"), client_of("affairs_worker")
    answer = secretary.post(url(laid_out, "ask"), {"reason": "防汛抢险"}, follow=True)
    assert b"The committee above will answer" in answer.content
    page = staff.get(url(laid_out, "detail")).content.decode()
    assert "防汛抢险" in page
    assert url(laid_out, "refuse") in page
    staff.post(url(laid_out, "waive"), {"reason": "同意"})
    page = secretary.get(url(laid_out, "detail")).content.decode()
    assert "Waived" in page
    assert "同意" in page
    assert laid_out.people["affairs_worker"].name in page
    assert url(laid_out, "ask") not in page


@pytest.mark.parametrize(
    ("role", "slug", "offered"),
    [
        ("secretary", "committee_meeting", {"explain"}),
        ("secretary", "theme_day", {"ask"}),
        ("committee_member", "committee_meeting", set()),
        ("affairs_worker", "theme_day", {"waive"}),
        ("upper_worker", "theme_day", set()),
    ],
)
def test_only_what_may_be_done_is_offered(laid_out, client_of, role, slug, offered):
    page = client_of(role).get(url(laid_out, "detail", slug)).content.decode()
    actions = ("explain", "ask", "waive", "refuse", "reopen")
    assert {action for action in actions if url(laid_out, action, slug) in page} == offered


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("", b"Write one sentence"), ("   ", b"Write one sentence"), ("长" * 301, b"at most 300")],
)
def test_a_reason_is_needed_and_what_was_typed_stays(laid_out, client_of, reason, refusal):
    answer = client_of("secretary").post(url(laid_out, "explain", "committee_meeting"), {"reason": reason})
    assert answer.status_code == 422
    assert refusal in answer.content
    assert reason.strip().encode() in answer.content
    assert not DutyNote.objects.exists()


def test_what_was_filed_meanwhile_is_a_conflict(laid_out, client_of):
    target = url(laid_out, "explain", "committee_meeting")
    file(laid_out.branch, "committee_meeting", date(2026, 2, 10))
    answer = client_of("secretary").post(target, {"reason": "书记住院"})
    assert answer.status_code == 422
    assert b"while the duty is open" in answer.content
    assert period(laid_out.branch, "committee_meeting", FEB).closed_as == ""


def test_the_second_press_changes_nothing(laid_out, client_of):
    client = client_of("secretary")
    for status in (302, 422):
        assert client.post(url(laid_out, "explain", "committee_meeting"), {"reason": "书记住院"}).status_code == status
    assert DutyNote.objects.count() == 1


def test_a_decision_by_get_is_refused(laid_out, client_of):
    assert client_of("affairs_worker").get(url(laid_out, "waive")).status_code == 405


def test_reopened_by_the_staff(laid_out, client_of):
    client_of("secretary").post(url(laid_out, "explain", "committee_meeting"), {"reason": "书记住院"})
    answer = client_of("affairs_worker").post(
        url(laid_out, "reopen", "committee_meeting"), {"reason": "可以补开"}, follow=True
    )
    assert b"Overdue" in answer.content
    assert DutyPeriod.objects.overdue(TODAY).filter(pk=period(laid_out.branch, "committee_meeting", FEB).pk).exists()


def test_markup_in_a_reason_is_only_text(laid_out, client_of):
    client_of("secretary").post(url(laid_out, "explain", "committee_meeting"), {"reason": "<b>x</b>"})
    page = client_of("secretary").get(url(laid_out, "detail", "committee_meeting")).content
    assert b"<b>x</b>" not in page
    assert b"&lt;b&gt;x" in page


def test_queries_of_a_decision(laid_out, client_of, query_baseline):
    target = url(laid_out, "explain", "committee_meeting")
    client = client_of("secretary")
    with query_baseline("duties:period-explain"):
        assert client.post(target, {"reason": "书记住院"}).status_code == 302
