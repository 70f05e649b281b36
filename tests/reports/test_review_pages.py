"""The queue as its reviewers use it: by forms alone, with keys on top."""

import re
from html import unescape

import pytest

from apps.reports.models import Report, ReportNote, ReportVersion
from apps.reports.services import writing
from tests.factories import activities as act
from tests.factories import branches as make
from tests.factories import reports as rep
from tests.world import World


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def queue(world: World) -> str:
    return f"/b/{world.general_branch.public_id}/review/"


def at(world: World, action: str = "", branch=None) -> str:
    return f"{queue(world)}{(branch or world.branch).public_id}/2026-02/{action}"


def both(world: World) -> None:
    rep.submitted(world.other_branch, world.users["other_secretary"], days_ago=3)
    rep.submitted(world.branch, world.users["secretary"])


def test_the_queue_opens_the_oldest_and_says_how_long_it_waits(world: World, client_of, query_baseline) -> None:
    both(world)
    client = client_of("affairs_worker")
    with query_baseline("reports:review-queue"):
        page = client.get(queue(world))
    said = text(page)
    assert page.context["report"].organization == world.other_branch
    assert "reported 3 days ago" in said
    assert "1/2" in said
    opened = dict(Report.objects.filter(state="submitted").values_list("organization", "opened_at"))
    assert opened[world.other_branch.pk] is not None
    assert opened[world.branch.pk] is None  # in the list, but nobody has begun to read it
    with query_baseline("reports:review-detail"):
        assert client.get(at(world)).status_code == 200


def test_keys_stand_on_the_page_and_under_the_question_mark(world: World, client_of) -> None:
    both(world)
    client = client_of("affairs_worker")
    page = client.get(queue(world)).content.decode()
    assert set(re.findall(r'data-shortcut="(\w)"', page)) >= {"a", "r", "s", "j"}
    assert 'data-shortcut="k"' in client.get(at(world)).content.decode()
    assert "<kbd>R</kbd>" in page
    assert "js/review.js" in page


def test_approve_goes_on_to_the_next_and_can_be_taken_back(
    world: World, client_of, query_baseline, monkeypatch
) -> None:
    both(world)
    client = client_of("affairs_worker")
    version = rep.fresh(world.other_branch).version
    with query_baseline("reports:review-approve"):
        done = client.post(
            at(world, "approve/", world.other_branch), {"version": version, "opinion": "格式齐全，同意。"}
        )
    assert done.url == at(world)
    page = client.get(done.url)
    assert "Approved: 二车间, February report." in text(page)
    monkeypatch.setenv("ZHIBU_NOW", "2026-03-18T09:09:59")
    assert 'data-undo="1"' in client.get(at(world)).content.decode()
    with query_baseline("reports:review-undo"):
        undone = client.post(at(world, "undo/", world.other_branch))
    assert undone.status_code == 302
    assert rep.fresh(world.other_branch).state == "submitted"


def test_after_ten_minutes_there_is_no_way_back(world: World, client_of, monkeypatch) -> None:
    both(world)
    client = client_of("affairs_worker")
    client.post(at(world, "approve/"), {"version": rep.fresh(world.branch).version})
    monkeypatch.setenv("ZHIBU_NOW", "2026-03-18T09:10:01")
    assert "data-undo" not in client.get(queue(world)).content.decode()
    late = client.post(at(world, "undo/"))
    assert (late.status_code, "within ten minutes" in text(late)) == (422, True)
    assert rep.fresh(world.branch).state == "approved"


def test_return_needs_a_reason_and_keeps_what_was_typed(world: World, client_of, query_baseline) -> None:
    rep.submitted(world.branch, world.users["secretary"])
    client = client_of("affairs_worker")
    version = rep.fresh(world.branch).version
    typed = {"version": version, "reason": "", "passage-work-0": "为什么没有开展"}
    refused = client.post(at(world, "return/"), typed)
    assert refused.status_code == 422
    assert "Write one sentence saying why" in text(refused)
    assert 'value="为什么没有开展"' in refused.content.decode()
    with query_baseline("reports:review-return"):
        client.post(at(world, "return/"), typed | {"reason": "请补充"})
    note = ReportNote.objects.get()
    assert (note.kind, note.text) == ("returned", "请补充")
    assert note.passages == [
        {"block": "work", "line": 0, "quote": ReportVersion.objects.get().work, "text": "为什么没有开展"}
    ]


@pytest.mark.parametrize("typed", [
    {"reason": "长" * 301}, {"reason": "请补充", "passage-work-0": "长" * 201}, {"reason": "请补充", "version": "x"},
])  # fmt: skip
def test_overlong_or_broken_input_is_refused_and_kept(world: World, client_of, typed: dict) -> None:
    rep.submitted(world.branch, world.users["secretary"])
    version = rep.fresh(world.branch).version
    refused = client_of("affairs_worker").post(at(world, "return/"), {"version": version} | typed)
    assert refused.status_code == 422
    assert typed["reason"] in refused.content.decode()
    assert rep.fresh(world.branch).state == "submitted"


@pytest.mark.parametrize("action", ["approve/", "return/"])
def test_a_report_just_withdrawn_answers_409_and_the_queue(world: World, client_of, action: str) -> None:
    both(world)
    one = rep.fresh(world.branch)
    writing.report_withdraw(report=one, by=world.users["secretary"], now=act.at())
    client = client_of("affairs_worker")
    answer = client.post(at(world, action), {"version": one.version, "reason": "请补充"})
    assert answer.status_code == 409
    assert "has just withdrawn this report" in text(answer)
    assert "二车间" in text(answer)
    assert client.get(at(world)).url == queue(world)


def test_of_two_reviewers_the_second_gets_409(world: World, client_of) -> None:
    colleague = make.person(world.general_branch, "同事")
    make.post(colleague, "affairs_worker")
    one = rep.submitted(world.branch, world.users["secretary"])
    rep.decided(one, make.account(colleague))
    answer = client_of("affairs_worker").post(at(world, "return/"), {"version": one.version, "reason": "请补充"})
    assert answer.status_code == 409
    assert "A colleague has decided" in text(answer)


def test_put_aside_and_taken_up_again(world: World, client_of, query_baseline) -> None:
    both(world)
    client = client_of("affairs_worker")
    with query_baseline("reports:review-aside"):
        client.post(at(world, "aside/", world.other_branch))
    page = client.get(queue(world))
    assert page.context["report"].organization == world.branch
    assert "put aside" in text(page)
    client.post(at(world, "aside/", world.other_branch))
    assert client.get(queue(world)).context["report"].organization == world.other_branch


def test_what_came_back_stands_on_top_with_what_is_new(world: World, client_of) -> None:
    both(world)
    rep.decided(rep.fresh(world.branch), world.users["affairs_worker"], "returned")
    rep.edited(rep.fresh(world.branch), world.users["secretary"], work="改好的一句。")
    rep.submitted(world.branch, world.users["secretary"])
    page = client_of("affairs_worker").get(queue(world))
    assert page.context["report"].organization == world.branch
    assert "came back" in text(page)
    assert "<ins>改好的一句。</ins>" in page.content.decode()
    assert "Asked for last time" in text(page)


def test_the_queue_opens_with_the_branches_one_follows(world: World, client_of) -> None:
    from apps.branches import liaisons

    both(world)
    liaisons.liaisons_set(
        organization=world.general_branch, person=world.people["affairs_worker"], shown=[world.branch.pk],
        chosen=[world.branch.pk], by=world.users["administrator"], today=make.TODAY,
    )  # fmt: skip
    client = client_of("affairs_worker")
    assert len(client.get(queue(world)).context["entries"]) == 1
    every = client.get(queue(world) + "?whose=all")
    assert len(every.context["entries"]) == 2
    assert all(entry.url.endswith("?whose=all") for entry in every.context["entries"])


def test_an_empty_queue_says_so(world: World, client_of) -> None:
    assert "Nothing waits for review." in text(client_of("affairs_worker").get(queue(world)))


def test_sentences_of_the_committee_replace_the_proposed_ones(world: World, client_of, query_baseline) -> None:
    rep.submitted(world.branch, world.users["secretary"])
    client = client_of("affairs_worker")
    assert "Please add why the meeting was not held." in text(client.get(queue(world)))
    url = f"{queue(world)}sentences/"
    client.post(url, {"use": "returned", "text": "请补充照片。"})
    assert client.post(url, {"use": "returned", "text": "请补充照片。"}).status_code == 302  # there already: no fault
    with query_baseline("reports:sentence-list"):
        listed = client.get(url)
    assert text(listed).count("请补充照片。") == 2  # the line, and whom its button is about
    page = text(client.get(queue(world)))
    assert "请补充照片。" in page
    assert "Please add why" not in page


def test_a_queue_of_many_costs_the_same(world: World, client_of) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    both(world)
    client = client_of("affairs_worker")
    client.get(queue(world))
    with CaptureQueriesContext(connection) as few:
        client.get(queue(world))
    for number in range(6):
        branch = make.organization(world.general_branch, name=f"第{number}党支部")
        leader = make.member(branch, f"书记{number}")
        make.post(leader, "branch_secretary")
        rep.submitted(branch, make.account(leader), days_ago=1)
    with CaptureQueriesContext(connection) as many:
        page = client.get(queue(world))
    assert len(page.context["entries"]) == 8
    assert len(many) == len(few)
