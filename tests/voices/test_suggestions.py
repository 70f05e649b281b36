"""The suggestion box, practical help, and what changed because someone spoke."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import AuditEntry
from apps.core.sources import source_of
from apps.reminders.models import Reminder
from apps.reminders.services import owing
from apps.voices.models import PracticalHelp, Suggestion
from apps.voices.services import helping, suggestions
from apps.voices.services.erasing import erase_due
from tests.factories import voices as make
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db


def url(name, world, *args):
    return reverse(f"voices:{name}", args=[world.branch.public_id, *args])


def test_answered_publicly_and_on_the_page_of_the_month(world, client_of):
    member, secretary = client_of("member"), client_of("secretary")
    member.post(url("suggestion-add", world), {"submission": str(uuid4()), "words": make.IDEA})
    row = Suggestion.objects.get()
    page = client_of("committee_member").get(url("suggestion-detail", world, row.public_id)).content.decode()
    assert make.IDEA in page
    assert world.people["member"].name in page
    typed = {"version": 1, "answer": "柜子已编号", "public_words": "给柜子编号"}
    secretary.post(url("suggestion-answer", world, row.public_id), typed)
    secretary.post(url("suggestion-change", world, row.public_id), {"version": 2, "public_change": "柜子有号了"})
    for role in ("group_leader", "member"):
        page = client_of(role).get(url("suggestion-list", world)).content.decode()
        assert "给柜子编号" in page
        assert make.IDEA not in page  # the author's words stay sealed
        changed = client_of(role).get(url("changed", world)).content.decode()
        assert "March 2026" in changed
        assert "柜子有号了" in changed
        assert world.people["member"].name not in changed.partition("<main")[2]


def test_without_a_name_there_is_no_author_anywhere(world, client_of):
    before = AuditEntry.objects.count()
    typed = {"submission": str(uuid4()), "words": make.IDEA, "is_anonymous": "on"}
    client_of("member").post(url("suggestion-add", world), typed)
    row = Suggestion.objects.values().get()
    person = world.people["member"]
    assert (row["author_mark"], row["author_sealed"], row["answered_by_id"]) == ("", None, None)
    assert person.name not in str(row)
    assert AuditEntry.objects.count() == before
    assert client_of("member").get(url("suggestion-detail", world, row["public_id"])).status_code == 404
    page = client_of("secretary").get(url("suggestion-detail", world, row["public_id"])).content.decode()
    assert "without a name" in page
    assert person.name not in page.partition("<main")[2]
    for role in ("administrator", "member"):
        user = world.users[role]
        assert not Suggestion.objects.written_by(user).exists()


@pytest.mark.parametrize(
    ("made", "given", "why"),
    [
        ({}, {"public_words": ""}, "own words"),
        ({"is_anonymous": True}, {"is_public": False}, "only be answered publicly"),
    ],
)
def test_answers_that_are_refused(world, made, given, why):
    with pytest.raises(RuleBroken, match=why):
        make.answered(world, make.suggestion(world, **made), **given)


def test_an_answer_to_the_author_alone(world, client_of):
    row = make.answered(world, make.suggestion(world), is_public=False, answer="单独答复您")
    assert "单独答复您" in client_of("member").get(url("suggestion-detail", world, row.public_id)).content.decode()
    assert "单独答复您" not in client_of("group_leader").get(url("suggestion-list", world)).content.decode()
    assert not Suggestion.objects.filter(public_answer__contains="单独").exists()
    with pytest.raises(RuleBroken, match="already"):
        make.answered(world, row)


def test_two_who_answer_at_once(world):
    row = make.suggestion(world)
    make.answered(world, row)
    with pytest.raises(EditConflict):
        make.answered(world, row, version=1)
    with pytest.raises(EditConflict):
        suggestions.suggestion_change(suggestion=row, by=world.users["secretary"], version=1, public_change="变")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"words": "<script>alert(1)</script>"}, 302), ({"words": ""}, 422), ({"words": "字" * 100_000}, 422),
        ({"submission": "1"}, 422), ({"words": "=1+1"}, 302),
    ],
)  # fmt: skip
def test_bad_input(world, client_of, fields, status):
    typed = {"submission": str(uuid4()), "words": "话"} | fields
    assert client_of("member").post(url("suggestion-add", world), typed).status_code == status
    if status == 302:
        row = Suggestion.objects.get()
        page = client_of("secretary").get(url("suggestion-detail", world, row.public_id)).content.decode()
        assert "<script>alert" not in page


def test_from_need_to_satisfaction(world, client_of):
    secretary, owner = client_of("secretary"), client_of("committee_member")
    told = make.suggestion(world)
    typed = {"submission": str(uuid4()), "need": make.NEED, "owner": world.people["committee_member"].public_id}
    secretary.post(url("help-add", world) + f"?from={told.public_id}", typed)
    row = PracticalHelp.objects.get()
    assert (row.suggestion, row.due_on) == (told, TODAY + timedelta(days=30))
    assert "Practical help" in owner.get("/").content.decode()
    done = {
        "version": 1, "done_on": TODAY.isoformat(), "result": "换了水管", "satisfaction": "satisfied",
        "public_line": "帮一位老党员修好水管",
    }  # fmt: skip
    assert owner.post(url("help-detail", world, row.public_id), done).status_code == 302
    assert owner.post(url("help-detail", world, row.public_id), done).status_code == 409  # once
    page = client_of("member").get(url("changed", world)).content.decode()
    assert "帮一位老党员修好水管" in page
    assert make.NEED not in page
    assert client_of("member").get(url("help-detail", world, row.public_id)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"by": "member"}, "committee enters"),
        ({"owner": "member"}, "of the branch committee"),
        ({"owner": "affairs_worker"}, "of the branch committee"),
        ({"due_on": TODAY - timedelta(days=1)}, "from today on"),
        ({"due_on": date(3000, 1, 1)}, "from today on"),
    ],
)
def test_needs_that_cannot_be(world, fields, why):
    with pytest.raises(RuleBroken, match=why):
        make.need(world, **fields)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, "between"), ({"done_on": TODAY - timedelta(days=1)}, "between"),
        ({"by": "group_leader"}, "Whoever does it"), ({"version": 7}, "meanwhile"),
    ],
)  # fmt: skip
def test_results_that_cannot_be(world, fields, why):
    given = {"done_on": TODAY, "by": "committee_member", "version": 1} | fields
    given["by"] = world.users[given["by"]]
    with pytest.raises(RuleBroken, match=why):
        helping.help_finish(row=make.need(world), today=TODAY, result="修好", satisfaction="satisfied", **given)


def test_who_is_reminded_in_which_words(world):
    idea, need = make.suggestion(world), make.need(world, due_on=TODAY + timedelta(days=15))
    owing.owe(today=TODAY + timedelta(days=13))
    rows = Reminder.objects.filter(source__in=("suggestion", "practical_help")).order_by("source")
    assert list(rows.values_list("source", "step", "organization", "person__user__username")) == [
        ("practical_help", "due-2", None, "committee_member"), ("suggestion", "due-2", world.branch.pk, None),
    ]  # fmt: skip
    for slug, row, title in (
        ("suggestion", idea, "Suggestion of 18 Mar"),
        ("practical_help", need, "Practical help of 18 Mar"),
    ):
        source = source_of(slug)
        (line,) = source.lines([row.pk], TODAY).values()
        assert (line.title, line.when) == (title, "15 days left")
        assert source.still_owed([row.pk], TODAY) == source.overdue([row.pk], TODAY + timedelta(days=16)) == {row.pk}
    make.answered(world, idea)
    assert source_of("suggestion").still_owed([idea.pk], TODAY) == set()


def test_erased_but_for_what_was_written_for_everyone(world, client_of):
    row, need = make.answered(world, make.suggestion(world), public_change="柜子有号了"), make.need(world)
    assert make.IDEA not in str(Suggestion.objects.values())
    assert make.NEED not in str(PracticalHelp.objects.values())
    assert erase_due(today=row.retain_until) == 2
    assert erase_due(today=row.retain_until) == 0
    row.refresh_from_db()
    need.refresh_from_db()
    assert (row.author_mark, row.author_sealed, row.words_sealed) == ("", None, None)
    assert (need.need_sealed, need.result_sealed) == (None, None)
    assert "柜子有号了" in client_of("member").get(url("changed", world)).content.decode()
    for name, one in (("suggestion-detail", row), ("help-detail", need)):
        assert "were erased" in client_of("secretary").get(url(name, world, one.public_id)).content.decode()


@pytest.mark.parametrize("year", ["", "1999", "9999", "x", "２０２６", "-1"])
def test_any_year_is_a_page(world, client_of, year):
    assert client_of("member").get(url("changed", world), {"year": year}).status_code == 200


@pytest.mark.parametrize("rows", [1, 9])
@pytest.mark.parametrize(
    "name",
    ["suggestion-list", "suggestion-add", "suggestion-detail", "help-list", "help-add", "help-detail", "changed"],
)
def test_budgets(world, client_of, query_baseline, name, rows):
    ideas, needs = [], []
    for _number in range(rows):
        ideas.append(make.suggestion(world))
        make.answered(world, make.suggestion(world), public_change="有号了")
        needs.append(make.need(world))
    client = client_of("secretary")
    args = [(ideas if "suggestion" in name else needs)[0].public_id] if "detail" in name else []
    with query_baseline(f"voices:{name}"):
        assert client.get(url(name, world, *args)).status_code == 200


def test_budgets_of_writing(world, client_of, query_baseline):
    row, need, secretary, member = make.suggestion(world), make.need(world), client_of("secretary"), client_of("member")
    with query_baseline("voices:suggestion-add POST"):
        member.post(url("suggestion-add", world), {"submission": str(uuid4()), "words": make.IDEA})
    with query_baseline("voices:suggestion-answer POST"):
        secretary.post(
            url("suggestion-answer", world, row.public_id), {"version": 1, "answer": "好", "public_words": "话"}
        )
    typed = {"submission": str(uuid4()), "need": make.NEED, "owner": world.people["committee_member"].public_id}
    with query_baseline("voices:help-add POST"):
        secretary.post(url("help-add", world), typed)
    done = {"version": 1, "done_on": TODAY.isoformat(), "result": "修", "satisfaction": "unsaid"}
    with query_baseline("voices:help-detail POST"):
        secretary.post(url("help-detail", world, need.public_id), done)
