"""The post of secretary changes hands: whole, noted, and with everything that stands open."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from docx import Document

from apps.branches import services as branches
from apps.branches.models import NotCounted, Person, Post
from apps.branches.reach import reach_of
from apps.core import clock
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import AuditEntry
from apps.duties.services.laying_out import materialise
from apps.reports.handover.services import secretary_change
from apps.reports.models import Report
from tests import world as worlds
from tests.factories import activities as records
from tests.factories import assignments as tasks
from tests.factories import branches as make
from tests.factories import supervision as made
from tests.factories import voices as said
from tests.factories.branches import TODAY
from tests.factories.duties import plan

SECRETARY = Post.Kind.SECRETARY


def change(world, person=None, starts_on=TODAY, by="affairs_worker", **more):
    return secretary_change(
        organization=world.branch, person=person and world.people[person], starts_on=starts_on, by=world.users[by],
        today=TODAY, now=clock.now(), **more,
    )  # fmt: skip


def url(world, name="pack"):
    return reverse(f"reports:handover-{name}", args=[world.branch.public_id])


def in_office(world, day=TODAY):
    return [post.person.name for post in Post.objects.on(day).filter(organization=world.branch, kind=SECRETARY)]


def test_one_ends_and_the_other_begins_on_the_same_day(world) -> None:
    done = change(world, "third", starts_on=TODAY + timedelta(days=5))
    old = Post.objects.get(person=world.people["secretary"], kind=SECRETARY)
    assert (old.ends_before, done.post.starts_on) == (TODAY + timedelta(days=5),) * 2
    assert in_office(world) == [world.people["secretary"].name]
    assert in_office(world, TODAY + timedelta(days=5)) == [world.people["third"].name]
    actions = AuditEntry.objects.filter(organization_id=world.branch.pk).values_list("action", flat=True)
    assert {"post_end", "post_start", "secretary_change", "code_issue"} <= set(actions)


def test_reach_changes_with_the_next_request(world, client_of) -> None:
    old, new = client_of("secretary"), client_of("committee_member")
    board = reverse("duties:board-detail", args=[world.branch.public_id])
    assert (old.get(board).status_code, old.get(url(world)).status_code) == (200, 200)
    change(world, "committee_member")
    assert reach_of(world.users["committee_member"], TODAY).leader_of == {world.branch.pk}
    assert reach_of(world.users["secretary"], TODAY).leader_of == frozenset()
    assert old.get(board).status_code == 404
    assert (old.get(url(world)).status_code, new.get(url(world)).status_code) == (200, 200)  # both read the pack


@pytest.mark.parametrize(("days", "answer"), [(0, 200), (29, 200), (30, 404)])
def test_the_old_secretary_reads_the_pack_for_thirty_days(world, client_of, monkeypatch, days, answer) -> None:
    change(world, "third")
    monkeypatch.setenv("ZHIBU_NOW", f"{TODAY + timedelta(days=days)}T09:00:00")
    assert client_of("secretary").get(url(world)).status_code == answer


def test_the_next_secretary_reads_it_before_the_first_day(world, client_of) -> None:
    change(world, "committee_member", starts_on=TODAY + timedelta(days=14))
    assert client_of("committee_member").get(url(world)).status_code == 200


def test_stand_ins_end_too_and_a_deputy_is_deputy_no_longer(world) -> None:
    make.post(world.people["third"], "acting_secretary")
    make.post(world.people["second"], "deputy_secretary")
    done = change(world, "second")
    assert {post.kind for post in done.ended} == {"branch_secretary", "acting_secretary", "deputy_secretary"}
    assert [post.kind for post in Post.objects.on(TODAY).filter(person=world.people["second"])] == [SECRETARY]


@pytest.mark.parametrize("by", ["secretary", "committee_member", "other_secretary", "upper_worker", "administrator"])
def test_only_the_nearest_staff_hand_over(world, by) -> None:
    with pytest.raises(RuleBroken):
        change(world, "third", by=by)
    assert in_office(world) == [world.people["secretary"].name]


def test_nobody_makes_oneself_secretary(world) -> None:
    with pytest.raises(RuleBroken):
        change(world, "affairs_worker")
    assert in_office(world) == [world.people["secretary"].name]


@pytest.mark.parametrize("starts_on", [make.SINCE, date(2020, 1, 1)])
def test_all_or_nothing(world, starts_on) -> None:
    """A day on which the old one had not begun: the old post stays, no person and no account is made."""
    people = Person.objects.count()
    with pytest.raises(RuleBroken):
        change(world, new_name="新书记", starts_on=starts_on)
    assert (in_office(world), Person.objects.count()) == ([world.people["secretary"].name], people)
    assert not AuditEntry.objects.filter(action="post_end").exists()


def test_sent_twice_it_happens_once(world, client_of) -> None:
    client, sent = client_of("affairs_worker"), {"new_name": "新书记", "starts_on": TODAY.isoformat()}
    first = client.post(url(world, "change"), sent)
    again = client.post(url(world, "change"), sent)
    assert (first.status_code, again.status_code) == (200, 302)
    assert in_office(world) == ["新书记"]
    assert AuditEntry.objects.filter(action="code_issue").count() == 1


def test_who_had_no_account_gets_a_slip_that_works(world, client_of, client) -> None:
    page = client_of("affairs_worker").post(
        url(world, "change"), {"new_name": "新书记", "starts_on": TODAY.isoformat()}
    )
    text = page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    code = re.search(r'slip__code">([^<]+)<', text)[1]
    person = Person.objects.get(name="新书记")
    assert person.user.username in text
    answer = client.post(
        reverse("accounts:activation-redeem"),
        {
            "username": person.user.username,
            "code": code,
            "password1": "langes-Kennwort-9",
            "password2": "langes-Kennwort-9",
        },
    )
    person.user.refresh_from_db()
    assert answer.status_code == 302
    assert person.user.is_activated


def test_who_has_an_account_keeps_the_password(world, client_of) -> None:
    page = client_of("affairs_worker").post(
        url(world, "change"), {"person": world.people["member"].public_id, "starts_on": TODAY.isoformat()}, follow=True
    )
    assert f"{world.people['member'].name} is secretary from" in page.content.decode()
    world.users["member"].refresh_from_db()
    assert world.users["member"].is_activated


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose a person"),
        ({"new_name": "新书记"}, "Fill in"),
        ({"new_name": "王建国", "starts_on": TODAY.isoformat()}, "is in the list already"),
        ({"new_name": "新书记", "starts_on": "2020-01-01"}, "A post ends after it began"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(world, client_of, sent, says) -> None:
    page = client_of("affairs_worker").post(url(world, "change"), sent)
    assert page.status_code == 422
    assert says in page.content.decode()
    assert in_office(world) == [world.people["secretary"].name]


def sections(world, client, day=TODAY):
    page = client.get(url(world))
    return {section.title: [row.title for row in section.rows] for section in page.context["pack"].sections}


def test_the_pack_has_what_stands_open(world, client_of) -> None:
    materialise(today=TODAY)
    plan(world.branch, "party_lecture", TODAY - timedelta(days=2))
    plan(world.branch, "theme_day", TODAY + timedelta(days=20))
    records.filed(world.branch, world.users["secretary"], "general_meeting", TODAY - timedelta(days=30))
    Person.objects.filter(pk=world.people["probationary"].pk).update(admitted_on=date(2025, 4, 2))
    NotCounted.objects.create(
        person=world.people["third"], organization=world.branch, ground="away", resolution="决议", starts_on=make.SINCE,
        ends_before=TODAY + timedelta(days=40),
    )  # fmt: skip
    branches.post_end(
        post=Post.objects.get(kind="discipline_member"), ends_before=TODAY + timedelta(days=12), by=None, today=TODAY
    )
    type(world.branch).objects.filter(pk=world.branch.pk).update(election_due_on=TODAY + timedelta(days=60))
    found = sections(world, client_of("secretary"))
    assert "February theme Party day" in found["Duties that are open"]
    assert "Q1 general meeting" not in found["Duties that are open"]  # it was held
    assert found["Drafts and minutes to be finished"] == ["Party lecture"]
    assert found["People and terms near a date"][-2:] == [
        f"Committee member for discipline inspection {world.people['discipline'].name}: last day in office",
        "The term of the committee ends",
    ]
    assert set(found["People and terms near a date"][:-2]) == {
        f"{world.people['probationary'].name}: the year of probation ends",
        f"{world.people['third'].name} counts again among those expected",
    }
    dates = found["Dates of the next 90 days"]
    assert dates[0].endswith("heme Party day")
    assert {"April theme Party day", "May branch committee meeting"} <= set(dates)
    assert found["Where the papers are"] == ["1 record filed here"]


def test_reports_that_are_not_accepted_are_in_the_pack(world, client_of) -> None:
    for month, state in ((1, "approved"), (2, "returned"), (3, "draft"), (4, "draft")):
        Report.objects.create(
            organization=world.branch, months=1, starts_on=date(2026, month, 1), ends_before=date(2026, month + 1, 1),
            drafted_from=date(2026, month, 18), due_on=date(2026, month + 1, 10), state=state,
            submitted_at=None if state == "draft" else clock.now(),
        )  # fmt: skip
    found = sections(world, client_of("secretary"))
    assert found["Reports on their way"] == ["Report for February 2026", "Report for March 2026"]


def test_page_and_paper_say_the_same(world, client_of) -> None:
    materialise(today=TODAY)
    Person.objects.filter(pk=world.people["probationary"].pk).update(admitted_on=date(2025, 4, 2))
    client = client_of("secretary", "zh-hans")
    page = client.get(url(world))
    paper = client.get(url(world, "paper"))
    word = Document(io.BytesIO(paper.content))
    written = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    for section in page.context["pack"].sections:
        for row in section.rows:
            assert [row.title, row.when, row.detail] in written
    assert any("接收人" in row[0] for row in written)


def test_the_old_secretary_reads_without_links_to_what_is_closed(world, client_of) -> None:
    materialise(today=TODAY)
    change(world, "third")
    page = client_of("secretary").get(url(world)).content.decode()
    assert "/duties/" not in page.partition('id="main"')[2]


@pytest.mark.parametrize(
    ("role", "leads"), [("secretary", True), ("affairs_worker", True), ("member", False), ("upper_worker", False)]
)
def test_the_page_of_the_branch_leads_to_it(world, client_of, role, leads) -> None:
    page = client_of(role).get(reverse("branches:organization-detail", args=[world.branch.public_id]))
    assert (f'href="{url(world)}"' in page.content.decode()) is leads


def test_open_assignments_stand_in_the_pack(world, client_of) -> None:
    for title, state in (("联系社区", "todo"), ("送学上门", "submitted"), ("早办完的", "done")):
        tasks.assignment(world.branch, world.people["member"], state=state, title=title)
    page = client_of("secretary").get(url(world))
    (section,) = [one for one in page.context["pack"].sections if one.title == "Assignments that are open"]
    assert [row.title for row in section.rows] == ["联系社区", "送学上门"]
    assert section.rows[1].detail == f"{world.people['member'].name} · To be accepted"


def test_what_is_to_be_put_right_and_what_was_promised_stand_in_it(world, client_of) -> None:
    """With the words of nobody: of the box and of needs only that there is something, and until when."""
    one = made.row(world.branch, problem="公开栏没有更新", owner=world.people["member"])
    made.row(world.other_branch, problem="别的支部的")
    said.suggestion(world, words="食堂晚一点关门")
    said.need(world, need="李某家里漏雨")
    page = client_of("secretary").get(url(world))
    found = {section.title: section.rows for section in page.context["pack"].sections}
    (row,) = found["What is to be put right"]
    assert (row.title, row.detail) == ("公开栏没有更新", f"{world.people['member'].name} · Open")
    assert one.public_id in row.url
    assert sorted(row.title for row in found["Promised to people"]) == ["Practical help", "Suggestion in the box"]
    assert all(row.when and row.due_on for row in found["Promised to people"])
    for secret in ("食堂晚一点关门", "漏雨", "别的支部的"):
        assert secret not in page.content.decode()


@pytest.mark.parametrize("role", ["secretary", "affairs_worker"])
@pytest.mark.parametrize("more", [0, 6])
def test_queries_of_the_pack(world, client_of, query_baseline, role, more) -> None:
    materialise(today=TODAY)
    for number in range(more):
        plan(world.branch, "party_lecture", TODAY + timedelta(days=number))
        make.member(world.branch, category="probationary_member")
    client = client_of(role)
    with query_baseline(f"reports:handover-pack-{role}"):
        client.get(url(world))


def test_queries_of_the_change(world, client_of, query_baseline) -> None:
    client = client_of("affairs_worker")
    with query_baseline("reports:handover-change"):
        client.get(url(world, "change"))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_one_is_told() -> None:
    world = worlds.build()

    def one(name: str) -> str:
        try:
            change(world, name)
        except (RuleBroken, EditConflict) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(one, ["third", "second"]))
    assert answers == ["RuleBroken", "done"]
    assert len(in_office(world)) == 1
