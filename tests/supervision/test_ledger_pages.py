"""The pages of the ledger: what stands where, filters, bulk, Excel, files, and how many queries they cost."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from apps.supervision.models import Proof, Rectification
from apps.supervision.services import ledger
from tests.factories import branches as make
from tests.factories.activities import at, picture
from tests.factories.branches import TODAY
from tests.factories.supervision import asked, closed, proof, row

pytestmark = pytest.mark.django_db
NOW = at()


def url(name, place, one=None, query=""):
    args = [place.public_id, one.public_id] if one else [place.public_id]
    return reverse(f"supervision:{name}", args=args) + query


def problems(page):
    return [one.problem for one in page.context["rows"]]


def test_a_year_of_a_branch_with_what_was_carried_over_on_top(world, client_of):
    row(world.branch, problem="今年的", due_on=date(2026, 3, 20))
    row(world.branch, problem="去年没完的", found_on=date(2025, 10, 9), due_on=date(2026, 6, 30))
    worker, secretary = world.users["affairs_worker"], world.users["secretary"]
    closed(
        world.branch, secretary, worker, problem="去年办完的", found_on=date(2025, 5, 5), checking=world.general_branch
    )
    client = client_of("secretary")
    page = client.get(url("rectification-list", world.branch))
    assert problems(page) == ["去年没完的", "今年的"]
    assert "carried over" in page.content.decode()
    assert problems(client.get(url("rectification-list", world.branch, query="?year=2025"))) == [
        "去年没完的",
        "去年办完的",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["晚了", "快到期", "远", "等答复", "立改"]),
        ("?state=due", ["快到期"]),
        ("?state=overdue", ["晚了"]),
        ("?state=asked", ["等答复"]),
        ("?state=closed", ["完了"]),
        ("?state=all&source=own_check", ["立改"]),
        ("?branch=二车间", ["远"]),
        ("?branch=没有的", []),
        ("?year=2024", []),
        ("?state=x&source=y&year=z&after=%00&branch=%00", ["晚了", "快到期", "远", "等答复", "立改"]),
    ],
    ids=str,
)
def test_staff_filter_the_subtree(world, client_of, query, found):
    above = {"checking": world.general_branch}
    secretary, worker = world.users["secretary"], world.users["affairs_worker"]
    row(world.branch, problem="快到期", due_on=TODAY + timedelta(days=10), **above)
    row(world.other_branch, problem="远", due_on=TODAY + timedelta(days=11), **above)
    row(world.branch, problem="晚了", due_on=TODAY - timedelta(days=1), **above)
    row(world.branch, problem="立改", nature="at_once")
    asked(world.branch, secretary, problem="等答复", due_on=TODAY + timedelta(days=12), **above)
    closed(world.branch, secretary, worker, problem="完了", **above)
    page = client_of("affairs_worker").get(url("rectification-list", world.general_branch, query=query))
    assert problems(page) == found


def test_pages_by_keyset_hold_every_row_once(world, client_of, monkeypatch):
    from apps.supervision import listing

    monkeypatch.setattr(listing.page_of_subtree, "__kwdefaults__", {"after": "", "size": 3})
    for number in range(8):
        row(
            world.branch,
            problem=f"第{number}个",
            due_on=TODAY + timedelta(days=number // 2),
            checking=world.general_branch,
        )
    client, seen = client_of("affairs_worker"), []
    at = url("rectification-list", world.general_branch)
    while at:
        page = client.get(at)
        seen += problems(page)
        at = page.context["next_url"]
    assert seen == [f"第{number}个" for number in range(8)]


def test_bulk_accepts_what_one_may_and_says_how_many(world, client_of):
    above = {"checking": world.general_branch}
    first, second = (asked(world.branch, world.users["secretary"], **above) for _ in range(2))
    own = asked(world.branch, world.users["committee_member"], owner=world.people["member"])
    foreign = row(world.branch, **above)  # closing is not asked for
    chosen = {"row": [one.public_id for one in (first, second, foreign)], "back": "https://example.org/"}
    page = client_of("affairs_worker").post(url("rectification-accept", world.general_branch), chosen, follow=True)
    text = page.content.decode()
    assert "2 rows accepted" in text
    assert "moved this row on" in text
    assert page.redirect_chain[-1][0].startswith(f"/b/{world.general_branch.public_id}/rectifications/")
    assert set(Rectification.objects.filter(state="closed")) == {first, second}
    client_of("committee_member").post(url("rectification-accept", world.branch), {"row": [own.public_id]})
    own.refresh_from_db()
    assert own.state == "closure_requested"


def test_excel_in_the_columns_of_the_paper_without_formulas(world, client_of):
    secretary, worker = world.users["secretary"], world.users["affairs_worker"]
    one = row(
        world.branch, problem="=HYPERLINK(\"x\")", measures=["+补开", "写进月历"], owner=world.people["member"],
        checking=world.general_branch, basis="条例第十六条",
    )  # fmt: skip
    proof(one, secretary)
    ledger.closing_ask(row=one, by=secretary, now=NOW, text="@补开了")
    ledger.closing_accept(row=one, by=worker, now=NOW)
    for place, query in ((world.branch, ""), (world.general_branch, "?state=all")):
        answer = client_of("affairs_worker").get(url("rectification-export", place, query=query))
        sheet = load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        head, line = rows[2], rows[3]
        assert head[:5] == ("序号", "党支部", "问题来源", "问题类别", "具体问题")
        said = dict(zip(head, line, strict=True))
        assert said["具体问题"] == '=HYPERLINK("x")'
        assert said["整改措施"] == "1. +补开\n2. 写进月历"
        assert said["责任人"] == world.people["member"].name
        assert said["佐证材料"] == "整改后.jpg"
        assert said["验收人"] == world.people["affairs_worker"].name
        assert said["销号日期"].date() == TODAY
        cells = [cell for line in sheet.iter_rows() for cell in line]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_enter_a_problem_once_however_often_it_is_sent(world, client_of):
    client, at = client_of("secretary"), url("rectification-add", world.branch)
    form = client.get(at).context["form"]
    data = {
        "problem": "活动室制度没上墙", "category": "position", "source": "own_check", "nature": "by_date", "due_on": "2026-03-31",
        "found_on": "2026-03-17", "measures": "做展板\n\n挂上墙", "owner": f"person:{world.people['member'].public_id}",
        "request_key": str(form.initial["request_key"]),
    }  # fmt: skip
    for _ in range(2):
        assert client.post(at, data).status_code == 302
    one = Rectification.objects.get()
    assert (one.checking, one.owner, one.found_on) == (None, world.people["member"], date(2026, 3, 17))
    assert list(one.measures.values_list("text", flat=True)) == ["做展板", "挂上墙"]
    refused = client.post(at, data | {"due_on": "", "request_key": "x"})
    assert refused.status_code == 422
    assert "by when" in refused.content.decode()
    assert "活动室制度没上墙" in refused.content.decode()  # nothing typed is lost


def test_staff_enter_for_a_branch_below_and_check_it(world, client_of):
    data = {
        "branch": world.other_branch.public_id, "problem": "党费公示不及时", "category": "institutions", "source": "inspection",
        "nature": "at_once", "found_on": "2026-03-17", "request_key": "k",
    }  # fmt: skip
    client = client_of("upper_worker")
    assert client.post(url("rectification-add", world.committee), data).status_code == 302
    assert Rectification.objects.get().checking == world.committee
    foreign = client_of("affairs_worker").post(
        url("rectification-add", world.general_branch), data | {"branch": world.committee.public_id}
    )
    assert foreign.status_code == 422


def test_progress_with_a_photo_and_a_file_that_is_none(world, client_of):
    one = row(world.branch, owner=world.people["member"])
    files = [
        SimpleUploadedFile("整改后.jpg", picture(64, 48)), SimpleUploadedFile("坏的.pdf", b"<script>alert(1)</script>"),
    ]  # fmt: skip
    data = {"text": "<script>展板做好了</script>", "on": "2026-03-17", "request_key": "a", "files": files}
    page = client_of("member").post(url("rectification-progress", world.branch, one), data, follow=True)
    text = page.content.decode()
    assert "坏的.pdf" in text
    assert "not what its name says" in text
    assert "&lt;script&gt;展板做好了" in text
    assert Proof.objects.get().name == "整改后.jpg"
    image = client_of("member").get(
        reverse("supervision:proof-detail", args=[world.branch.public_id, Proof.objects.get().public_id])
    )
    assert image.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in image.headers["Content-Security-Policy"]


def test_what_cannot_be_said_comes_back_with_the_words(world, client_of):
    one = row(world.branch, checking=world.general_branch)
    page = client_of("secretary").post(
        url("rectification-progress", world.branch, one), {"text": "做了", "on": "2026-03-19"}
    )
    assert page.status_code == 422
    assert "做了" in page.content.decode()
    Rectification.objects.filter(pk=one.pk).update(state="closure_requested")
    page = client_of("affairs_worker").post(
        url("rectification-decide", world.branch, one), {"decision": "return", "text": " "}
    )
    assert page.status_code == 422
    assert "why" in page.content.decode()


def test_the_owner_reads_no_more_than_the_own_row(world, client_of):
    mine = row(world.branch, owner=world.people["member"])
    other = row(world.branch, owner=world.people["second"])
    client = client_of("member")
    page = client.get(url("rectification-detail", world.branch, mine)).content.decode()
    assert f'href="{url("rectification-list", world.branch)}"' not in page
    assert client.get(url("rectification-detail", world.branch, other)).status_code == 404


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        ("affairs_worker", {"decide": True, "progress": False}),
        ("secretary", {"decide": False, "progress": False}),
        ("upper_worker", {"decide": False, "progress": False}),
    ],
)
def test_buttons_are_for_those_who_may(world, client_of, role, buttons):
    one = asked(world.branch, world.users["secretary"], checking=world.general_branch)
    page = client_of(role).get(url("rectification-detail", world.branch, one)).content.decode()
    for name, shown in buttons.items():
        assert (f'action="{url(f"rectification-{name}", world.branch, one)}"' in page) == shown


# --- home, menu, queries -------------------------------------------------------------------------------------------------


def todo_titles(page):
    return {section: [todo.title for todo in page.context[section]] for section in ("mine", "others")}


def test_home_rows_for_owner_secretary_and_checker(world, client_of):
    above = {"checking": world.general_branch}
    row(world.branch, problem="党员的", owner=world.people["member"], **above)
    row(world.branch, problem="还没人管", due_on=TODAY - timedelta(days=2), **above)
    row(world.branch, problem="还早", due_on=TODAY + timedelta(days=60), **above)
    asked(world.branch, world.users["secretary"], problem="等上级", **above)
    asked(world.branch, world.users["committee_member"], problem="等支部", owner=world.people["member"])
    found = {
        role: todo_titles(client_of(role).get("/"))
        for role in ("member", "secretary", "affairs_worker", "upper_worker")
    }
    said = {
        role: {
            name: [title for title in titles if "Put right" in title or "asks for closing" in title]
            for name, titles in rows.items()
        }
        for role, rows in found.items()
    }
    assert said == {
        "member": {"mine": ["Put right: 党员的"], "others": []},
        "secretary": {
            "mine": ["Put right: 还没人管", "一车间 · asks for closing: 等支部"],
            "others": ["Put right: 党员的"],
        },
        "affairs_worker": {"mine": ["一车间 · asks for closing: 等上级"], "others": []},
        "upper_worker": {"mine": [], "others": []},
    }


@pytest.mark.parametrize(
    ("role", "most"), [("member", 1), ("secretary", 1), ("affairs_worker", 1), ("administrator", 0)]
)
def test_home_costs_at_most_one_query(world, role, most, django_assert_max_num_queries, rf):
    from apps.core.todo import found
    from apps.supervision.home import QUESTIONS

    row(world.branch, owner=world.people["member"])
    request = rf.get("/")
    request.user, request.today, request.now = world.users[role], TODAY, NOW
    with django_assert_max_num_queries(most):
        list(found(QUESTIONS, request))


@pytest.mark.parametrize("many", [1, 12])
def test_queries_do_not_grow_with_rows(world, client_of, query_baseline, many):
    above = {"checking": world.general_branch, "owner": world.people["member"], "measures": ["一条", "两条"]}
    for _ in range(many):
        one = asked(world.branch, world.users["secretary"], **above)
        proof_row = row(world.branch, **above)
        proof(proof_row, world.users["secretary"])
        ledger.progress_note(row=proof_row, by=world.users["member"], now=NOW, text="做了")
    secretary, worker = client_of("secretary"), client_of("affairs_worker")
    with query_baseline("supervision:branch-ledger"):
        secretary.get(url("rectification-list", world.branch))
    with query_baseline("supervision:subtree-ledger"):
        worker.get(url("rectification-list", world.general_branch))
    with query_baseline("supervision:rectification-export"):
        worker.get(url("rectification-export", world.general_branch))
    with query_baseline("supervision:rectification-detail"):
        secretary.get(url("rectification-detail", world.branch, proof_row))
    with query_baseline("supervision:rectification-detail-checker"):
        worker.get(url("rectification-detail", world.branch, one))
    with query_baseline("supervision:rectification-add"):
        secretary.get(url("rectification-add", world.branch))
    with query_baseline("supervision:rectification-progress"):
        secretary.post(url("rectification-progress", world.branch, proof_row), {"text": "又做了", "on": "2026-03-18"})
    with query_baseline("supervision:rectification-ask"):
        secretary.post(url("rectification-ask", world.branch, proof_row), {"text": "好了"})
    with query_baseline("supervision:rectification-decide"):
        worker.post(url("rectification-decide", world.branch, one), {"decision": "accept"})


def test_the_menu_leads_to_the_ledger(world, client_of):
    assert url("rectification-list", world.branch) in client_of("secretary").get("/").content.decode()
    assert url("rectification-list", world.general_branch) in client_of("affairs_worker").get("/").content.decode()
    assert "/rectifications/" not in client_of("member").get("/").content.decode()


def test_a_post_is_resolved_to_whoever_holds_it(world, client_of):
    one = row(world.branch, owner_post="discipline_member")
    discipline = make.account(world.people["discipline"], username="discipline")
    assert one in Rectification.objects.manageable_by(discipline, TODAY)
    world.users["discipline"] = discipline
    titles = todo_titles(client_of("discipline").get("/"))["mine"]
    assert any(title.startswith("Put right") for title in titles)
