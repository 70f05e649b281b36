"""Surveys as people meet them: written, opened, answered, closed, replied to."""

import io
from collections import Counter
from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse
from docx import Document

from apps.core.todo import found
from apps.surveys import todos
from apps.surveys.models import Box, Survey
from apps.surveys.reminding import Surveys
from apps.surveys.rules import LONGEST_TEXT
from apps.surveys.views import answering
from tests.factories import surveys as ask
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db


def at(world, name, *args):
    return reverse(f"surveys:{name}", args=[world.branch.public_id, *args])


@pytest.fixture
def survey(world):
    return ask.opened(world.branch, world.users["secretary"])


def written(**changed):
    return {
        "title": "对班子的意见", "due_on": "3.25", "audience": "members", "secrecy": "anonymous", "request_key": "k1",
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-kind": "single", "form-0-text": "满意吗？",
        "form-0-choices": "满意\n不满意\n\n满意", "form-0-is_required": "on", "form-0-ORDER": "2",
        "form-1-kind": "text", "form-1-text": "想说什么？", "form-1-ORDER": "1",
    } | changed  # fmt: skip


def test_from_an_empty_page_to_an_open_survey(world, client_of):
    secretary = client_of("secretary")
    assert secretary.get(at(world, "survey-create") + "?from=committee").status_code == 200
    response = secretary.post(at(world, "survey-create"), written())
    one = Survey.objects.get()
    assert response.url == at(world, "survey-detail", one.public_id)
    first, second = one.questions.all()
    assert (first.text, second.text, second.choices) == ("想说什么？", "满意吗？", ["满意", "不满意"])
    secretary.post(at(world, "survey-open", one.public_id))
    html = secretary.get(at(world, "survey-detail", one.public_id)).content.decode()
    assert all(world.people[role].name in html for role in ("member", "second"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "Title"),
        ({"due_on": "3.1"}, "has passed"),
        ({"due_on": "soon"}, "cannot be read"),
        ({"form-0-choices": "只有一个"}, "at least 2"),
        ({"form-0-choices": "\n".join(map(str, range(13)))}, "At most 12"),
        ({"form-0-choices": "长" * 61 + "\n短"}, "60 characters"),
        ({"form-0-text": "", "form-1-text": ""}, "at least one question"),
        ({"form-0-text": "问" * 201}, "at most 200"),
        ({"audience": "link", "secrecy": "named"}, "cannot know names"),
        ({"audience": "group"}, "Choose the Party group"),
        ({"form-1-kind": "matrix"}, "at least 1"),
    ],
)
def test_bad_input_is_said_and_stays(world, client_of, changed, words):
    response = client_of("secretary").post(at(world, "survey-create"), written(**changed))
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert changed.get("title", "对班子的意见") in html
    assert not Survey.objects.exists()


def test_another_line_loses_nothing(world, client_of):
    html = client_of("secretary").post(at(world, "survey-create"), written(add="1", title="")).content.decode()
    assert 'name="form-2-text"' in html
    assert "想说什么？" in html


def test_a_member_answers_from_the_home_page(world, client_of, rf, survey):
    request = rf.get("/")
    request.user, request.today = world.users["member"], TODAY
    (row,) = found(todos.QUESTIONS, request)
    member = client_of("member")
    assert survey.title in member.get("/").content.decode()
    html = member.get(row.url).content.decode()
    assert "满意吗？" in html
    assert "That you have answered is stored" in html
    response = member.post(row.url, {"q1": "0", "q2": "说一句"}, follow=True)
    assert "has been handed in" in response.content.decode()
    assert list(found(todos.QUESTIONS, request)) == []
    again = member.post(row.url, {"q1": "1"})
    assert again.status_code == 422
    assert "answered this survey already" in again.content.decode()
    assert Box.objects.get().answers == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"q2": "只写了这个"}, "has to be answered"),
        ({"q1": "7"}, "not one of the available choices"),
        ({"q1": "0", "q2": "长" * (LONGEST_TEXT + 1)}, f"at most {LONGEST_TEXT}"),
        ({"q1": "0", "q2": "x" * 100_000}, f"at most {LONGEST_TEXT}"),
    ],
)
def test_a_broken_answer_is_said_and_stays(world, client_of, survey, typed, words):
    response = client_of("member").post(reverse("surveys:survey-answer", args=[survey.public_id]), typed)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert typed.get("q2", "")[:500] in response.content.decode()
    assert Box.objects.get().answers == 0
    assert not survey.participations.filter(has_answered=True).exists()


def test_words_are_shown_as_words(world, client_of, survey):
    for number, user in enumerate(ask.members(world.branch, 5)):
        ask.answered(survey, user, 0, "<script>alert(1)</script>" if number else "=1+1")
    ask.closed(survey)
    secretary = client_of("secretary")
    html = secretary.get(at(world, "survey-detail", survey.public_id)).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html
    paper = Document(io.BytesIO(secretary.get(at(world, "result-word", survey.public_id)).content))
    text = "\n".join(one.text for one in paper.paragraphs)
    assert text.count("<script>alert(1)</script>") == 4
    assert "收回 5 份" in text


def test_below_five_no_screen_and_no_paper_shows_anything(world, client_of, survey):
    for user in ask.members(world.branch, 4):
        ask.answered(survey, user, 1, "只有四个人说")
    secretary = client_of("secretary")
    for close in (False, True):
        if close:
            ask.closed(survey)
        for name in ("survey-detail", "survey-list", "result-word"):
            args = [] if name == "survey-list" else [survey.public_id]
            answer = secretary.get(at(world, name, *args), follow=True)
            body = answer.content
            if name == "result-word" and close:
                body = "\n".join(one.text for one in Document(io.BytesIO(body)).paragraphs).encode()
            assert "只有四个人说".encode() not in body
            assert b"100%" not in body


def test_a_reply_is_read_with_numbers_and_without_the_words_of_others(world, client_of, survey):
    for user in ask.members(world.branch, 5):
        ask.answered(survey, user, 1, "别人写的话")
    ask.closed(survey)
    secretary, member = client_of("secretary"), client_of("member")
    page = reverse("surveys:survey-answer", args=[survey.public_id])
    assert member.get(page).status_code == 404  # nothing to see before the branch has replied
    one = Survey.objects.get()
    kept = secretary.post(at(world, "survey-reply", one.public_id), {"reply": "马上改", "version": one.version})
    assert kept.status_code == 302
    html = member.get(page).content.decode()
    assert "马上改" in html
    assert "100%" in html
    assert "别人写的话" not in html
    late = secretary.post(at(world, "survey-reply", one.public_id), {"reply": "写了一半", "version": one.version})
    assert late.status_code == 409
    assert "写了一半" in late.content.decode()


@pytest.mark.parametrize(("given", "is_offered"), [(4, False), (5, True)])
def test_what_can_be_made_of_it_stands_below_a_result(world, client_of, survey, given, is_offered):
    for user in ask.members(world.branch, given):
        ask.answered(survey, user, 1, None)
    secretary, page = client_of("secretary"), at(world, "survey-detail", survey.public_id)
    offered = f"/rectifications/add/?origin=survey:{survey.public_id}"
    assert offered not in secretary.get(page).content.decode()
    ask.closed(survey)
    assert (offered in secretary.get(page).content.decode()) is is_offered


def test_a_link_needs_no_account_and_stops_a_script(world, client_of, monkeypatch):
    cache.clear()
    monkeypatch.setattr(answering, "LINK_RATE", {"survey": "3/h/key"})
    one = ask.opened(world.branch, world.users["secretary"], audience="link")
    url, nobody = reverse("surveys:survey-link", args=[one.link_token]), client_of("anonymous")
    assert "满意吗？" in nobody.get(url).content.decode()
    codes = [nobody.post(url, {"q1": "0"}).status_code for _again in range(6)]
    assert codes == [302, 302, 302, 429, 429, 429]
    thanks = nobody.get(url + "?done=1")
    assert "has been handed in" in thanks.content.decode()
    blocked = nobody.post(url, {"q1": "0", "q2": "我写的还在"})
    assert "我写的还在" in blocked.content.decode()
    assert Box.objects.get().answers == 3
    ask.closed(one)
    assert nobody.get(url).status_code == nobody.get(url[:-2] + "x/").status_code == 404


def test_a_network_of_addresses_counts_as_one(world, client_of, monkeypatch):
    """Whoever has one IPv6 address has a network of them."""
    cache.clear()
    monkeypatch.setattr(answering, "LINK_RATE", {"survey": "3/h/key"})
    one = ask.opened(world.branch, world.users["secretary"], audience="link")
    url, nobody = reverse("surveys:survey-link", args=[one.link_token]), client_of("anonymous")
    for last in range(20):
        nobody.post(url, {"q1": "0"}, REMOTE_ADDR=f"2001:db8::{last:x}")
    assert Box.objects.get().answers == 3


def test_a_thousand_posts_of_a_script_end_at_the_limit(world, client_of):
    cache.clear()
    one = ask.opened(world.branch, world.users["secretary"], audience="link")
    url, script = reverse("surveys:survey-link", args=[one.link_token]), client_of("anonymous")
    codes = Counter(script.post(url, {"q1": "1"}).status_code for _again in range(1000))
    assert codes == {302: 60, 429: 940}
    assert Box.objects.get().answers == 60


def test_paper_is_entered_sheet_by_sheet(world, client_of, survey):
    secretary, url = client_of("secretary"), at(world, "survey-paper", survey.public_id)
    assert secretary.post(url, {"q1": "1", "sheet": "1"}).url == url
    assert "1 sheet entered" in secretary.get(url).content.decode()
    again = secretary.post(url, {"q1": "1", "q2": "一样的话", "sheet": "1"})  # a second tap on the same button
    assert again.status_code == 409
    assert "一样的话" in again.content.decode()
    assert 'name="sheet" value="2"' in again.content.decode()
    assert Box.objects.get().answers == 1
    assert "□ 不满意" in secretary.get(at(world, "survey-sheet", survey.public_id)).content.decode()


@pytest.mark.parametrize(
    ("today", "step"), [("2026-03-22", None), ("2026-03-23", "due-2"), ("2026-03-25", "due"), ("2026-03-26", "due")]
)
def test_reminders_come_before_the_last_day_to_whoever_has_not_answered(world, survey, today, step):
    ask.answered(survey, world.users["member"], 0, None)
    day = date.fromisoformat(today)
    rows = [row for part in Surveys().owed(day) for row in part]
    steps = {row[1] for row in rows}
    assert steps == ({step} if step else set())
    assert world.people["member"].pk not in {row[8] for row in rows}
    ids = [row[0] for row in rows]
    assert len(Surveys().still_owed(ids, day)) == (0 if day > survey.due_on else len(ids))
    assert all(survey.title in line.title for line in Surveys().lines(ids, day).values())


@pytest.mark.parametrize("more", [1, 5])
def test_pages_cost_the_same_for_any_number(world, client_of, query_baseline, more):
    secretary, member = client_of("secretary"), client_of("member")
    for _again in range(more):
        one = ask.opened(world.branch, world.users["secretary"], [ask.SINGLE] * more)
        done = ask.opened(world.branch, world.users["secretary"], [ask.SINGLE] * more)
        ask.draft(world.branch, world.users["secretary"])
        ask.closed(done)
    ask.members(world.branch, more)
    for name, args in (("survey-list", []), ("survey-create", []), ("survey-detail", [one.public_id])):
        with query_baseline(f"surveys:{name}"):
            secretary.get(at(world, name, *args))
    with query_baseline("surveys:survey-detail:closed"):
        secretary.get(at(world, "survey-detail", done.public_id))
    with query_baseline("surveys:survey-own"):
        member.get(reverse("surveys:survey-own"))
    page = reverse("surveys:survey-answer", args=[one.public_id])
    with query_baseline("surveys:survey-answer"):
        member.get(page)
    with query_baseline("surveys:survey-answer:post"):
        member.post(page, {f"q{place}": "0" for place in range(1, more + 1)})
    with query_baseline("surveys:survey-close:post"):
        secretary.post(at(world, "survey-close", one.public_id))
