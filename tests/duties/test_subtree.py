"""A committee's month: a page of branches, a filter for those who need help, and one waiver for all."""

import io
from datetime import date
from random import Random

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from apps.branches.models import Liaison
from apps.duties import board, exporting, subtree
from apps.duties.models import DutyPeriod
from apps.duties.services.laying_out import materialise
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.duties import file, period, plan

pytestmark = pytest.mark.django_db
FEB = date(2026, 2, 1)


@pytest.fixture
def laid_out(world):
    materialise(today=TODAY)
    return world


def list_url(world, query=""):
    return reverse("duties:subtree-list", args=[world.general_branch.public_id]) + query


def names(page):
    return [str(branch) for branch, _cells in page.context["lines"]]


def test_one_line_a_branch_one_column_a_duty(laid_out, client_of):
    file(laid_out.branch, "theme_day", date(2026, 2, 5))
    page = client_of("affairs_worker").get(list_url(laid_out, "?month=2026-02"))
    slugs = [rule.slug for rule in page.context["page"].rules]
    lines = {str(branch): dict(zip(slugs, cells, strict=True)) for branch, cells in page.context["lines"]}
    assert lines["一车间"]["theme_day"].status == "done"
    assert lines["二车间"]["theme_day"].status == "overdue"
    assert lines["二车间"]["committee_meeting"].status == ""  # it has no committee and owes none


def test_several_groups_in_one_cell_show_the_one_that_needs_a_look(laid_out):
    file(laid_out.branch, "group_meeting", date(2026, 2, 5), group=laid_out.group)
    page = subtree.month_of_subtree(laid_out.general_branch, FEB, TODAY, subtree.Filters(duty="group_meeting"))
    line = next(line for line in page.lines if line.organization == laid_out.branch)
    cell = line.shown(["group_meeting"])[0]
    assert (cell.status, cell.text) == ("overdue", "1/2")


def test_branches_outside_the_subtree_are_not_there(laid_out, client_of):
    make.organization(laid_out.committee, name="机关党支部")
    materialise(today=TODAY)
    assert names(client_of("affairs_worker").get(list_url(laid_out))) == ["一车间", "二车间"]


def test_only_those_who_need_help(laid_out, client_of):
    file(laid_out.other_branch, "theme_day", date(2026, 2, 5))
    query = "?month=2026-02&duty=theme_day&state=overdue"
    assert names(client_of("affairs_worker").get(list_url(laid_out, query))) == ["一车间"]


def test_pages_of_fifty_in_the_order_of_the_tree(laid_out, client_of, monkeypatch):
    monkeypatch.setattr(subtree, "PAGE", 3)
    for number in range(5):
        make.organization(laid_out.general_branch, name=f"第{number}党支部")
    client, seen, url = client_of("affairs_worker"), [], list_url(laid_out)
    while url:
        page = client.get(url)
        seen.append(names(page))
        url = page.context["next_url"]
    assert seen == [["一车间", "二车间", "第0党支部"], ["第1党支部", "第2党支部", "第3党支部"], ["第4党支部"]]


@pytest.mark.parametrize(
    "query", ["?month=abc", "?month=2026-13", "?month=", "?duty=%27", "?after=zzz", "?after=%00", "?duty=%00"]
)
def test_a_strange_query_is_no_error(laid_out, client_of, query):
    assert client_of("affairs_worker").get(list_url(laid_out, query)).status_code == 200


@pytest.mark.parametrize("more", [0, 12])
def test_queries_do_not_grow_with_branches(laid_out, client_of, query_baseline, more):
    for number in range(more):
        make.organization(laid_out.general_branch, name=f"第{number}党支部")
    materialise(today=TODAY)
    client = client_of("affairs_worker")
    with query_baseline("duties:subtree-list"):
        page = client.get(list_url(laid_out))
    assert len(names(page)) == 2 + more


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=overdue", ["二车间"]),
        ("state=done", ["一车间"]),
        ("state=open", ["二车间"]),
        ("state=asked", []),
        ("type=temporary", []),
        ("type=ordinary", ["一车间", "二车间"]),
        ("whose=mine", ["一车间", "二车间"]),  # follows nobody: everything, and no switch
        ("state=nonsense&type=%27&whose=x", ["一车间", "二车间"]),
    ],
)
def test_filters(laid_out, client_of, query, shown):
    file(laid_out.branch, "theme_day", date(2026, 2, 5))
    assert names(client_of("affairs_worker").get(list_url(laid_out, f"?month=2026-02&duty=theme_day&{query}"))) == shown


def test_staff_begin_with_the_branches_they_follow_and_one_tap_shows_all(laid_out, client_of):
    Liaison.objects.create(
        organization=laid_out.other_branch, person=laid_out.people["affairs_worker"], starts_on=TODAY
    )
    client = client_of("affairs_worker")
    page = client.get(list_url(laid_out))
    assert (names(page), page.context["whose"]) == (["二车间"], "mine")
    assert names(client.get(page.context["all_url"])) == ["一车间", "二车间"]
    assert names(client.get(client.get(page.context["all_url"]).context["mine_url"])) == ["二车间"]


def sheet(response):
    """The rows under the header."""
    book = load_workbook(io.BytesIO(response.content))
    return [list(row) for row in book.active.iter_rows(min_row=4, values_only=True)]


def test_the_excel_file_has_every_page_and_escapes_formulas(laid_out, client_of, monkeypatch):
    monkeypatch.setattr(exporting, "STEP", 2)
    for number in range(4):
        make.organization(laid_out.general_branch, name=f"=HYPERLINK({number})")
    response = client_of("affairs_worker").get(
        reverse("duties:subtree-export", args=[laid_out.general_branch.public_id]) + "?month=2026-02"
    )
    book = load_workbook(io.BytesIO(response.content))
    cells = list(book.active["A"])[3:]
    assert [cell.value for cell in cells] == [
        "一车间党支部", "二车间党支部", *(f"=HYPERLINK({number})" for number in range(4)),
    ]  # fmt: skip
    assert {cell.data_type for cell in cells} == {"s"}


def test_where_the_excel_file_stops_it_says_so(laid_out, client_of, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_BRANCHES", 1)
    response = client_of("affairs_worker").get(
        reverse("duties:subtree-export", args=[laid_out.general_branch.public_id])
    )
    rows = sheet(response)
    assert (rows[0][0], rows[1][0]) == (
        "一车间党支部",
        "Only the first 1 branches. Filter the page, or export level by level.",
    )


@pytest.mark.parametrize("seed", range(6))
def test_page_excel_and_board_say_the_same_of_any_records(laid_out, client_of, seed):
    """Random filings, plans and waivers; every cell of the page against the file and against the branch's own board."""
    random = Random(seed)
    branches = [laid_out.branch, laid_out.other_branch]
    for number in range(3):
        branches.append(make.organization(laid_out.general_branch, name=f"第{number}党支部"))
        make.post(make.member(branches[-1]), random.choice(["organization_member", "branch_secretary"]))
    materialise(today=TODAY)
    for branch in branches:
        for slug in ("theme_day", "committee_meeting", "general_meeting", "party_lecture"):
            for month in (1, 2, 3):
                day = date(2026, month, random.randint(1, 17))
                chance = random.random()
                if chance < 0.4:
                    file(branch, slug, day, filed_on=TODAY if chance < 0.1 else day)
                elif chance < 0.5:
                    plan(branch, slug, day)
    some = list(DutyPeriod.objects.unfulfilled().filter(starts_on__lte=TODAY))
    for one in random.sample(some, len(some) // 4):
        DutyPeriod.objects.filter(pk=one.pk).update(closed_as=random.choice(["waived", "explained"]))
    month = random.choice([1, 2, 3])
    client, query = client_of("affairs_worker"), f"?month=2026-{month:02}"
    page = client.get(list_url(laid_out, query))
    url = reverse("duties:subtree-export", args=[laid_out.general_branch.public_id])
    rows = {row[0]: ["" if cell is None else cell for cell in row[2:]] for row in sheet(client.get(url + query))}
    assert len(page.context["lines"]) == len(rows) == 5
    slugs = [rule.slug for rule in page.context["page"].rules]
    for branch, cells in page.context["lines"]:
        assert rows[branch.name] == [exporting.cell_words(cell) for cell in cells]
        own = board.build(branch, DutyPeriod.objects.all(), 2026, TODAY, None)
        of_board = {row.rule.slug: cell for row, cell in own.of_month(month) if row.group is None and cell.pk}
        of_page = {slug: cell for slug, cell in zip(slugs, cells, strict=True) if cell.pk and slug != "group_meeting"}
        assert {slug: (cell.pk, cell.status) for slug, cell in of_page.items()} == {
            slug: (cell.pk, cell.status) for slug, cell in of_board.items()
        }


@pytest.mark.parametrize("more", [0, 12])
def test_queries_of_the_excel_file(laid_out, client_of, query_baseline, more):
    for number in range(more):
        make.organization(laid_out.general_branch, name=f"第{number}党支部")
    materialise(today=TODAY)
    client = client_of("affairs_worker")
    with query_baseline("duties:subtree-export"):
        client.get(reverse("duties:subtree-export", args=[laid_out.general_branch.public_id]))


def test_first_whom_it_hits_then_the_reason(laid_out, client_of):
    file(laid_out.branch, "theme_day", date(2026, 2, 5))
    client = client_of("affairs_worker")
    url = reverse("duties:subtree-waive", args=[laid_out.general_branch.public_id])
    page = client.get(f"{url}?month=2026-02&duty=theme_day")
    assert (page.context["count"], [str(row.organization) for row in page.context["sample"]]) == (1, ["二车间"])
    refused = client.post(url, {"month": "2026-02", "duty": "theme_day", "reason": ""})
    assert (refused.status_code, DutyPeriod.objects.filter(closed_as="waived").count()) == (422, 0)
    done = client.post(url, {"month": "2026-02", "duty": "theme_day", "reason": "防汛抢险"}, follow=True)
    assert b"Waived for 1 duty." in done.content
    assert period(laid_out.other_branch, "theme_day", FEB).closed_as == "waived"
    assert period(laid_out.branch, "theme_day", FEB).closed_as == ""


def test_a_quarter_is_waived_by_any_of_its_months(laid_out, client_of):
    url = reverse("duties:subtree-waive", args=[laid_out.general_branch.public_id])
    client_of("affairs_worker").post(url, {"month": "2026-02", "duty": "general_meeting", "reason": "防汛抢险"})
    assert period(laid_out.branch, "general_meeting", date(2026, 1, 1)).closed_as == "waived"


@pytest.mark.parametrize("given", [{}, {"duty": "theme_day"}, {"month": "2026-02", "duty": "nothing"}])
def test_without_a_duty_or_month_one_starts_again(laid_out, client_of, given):
    url = reverse("duties:subtree-waive", args=[laid_out.general_branch.public_id])
    assert client_of("affairs_worker").get(url, given).status_code == 302
    assert client_of("affairs_worker").post(url, given).status_code == 422
