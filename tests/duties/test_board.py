"""The board: what stands where, and that it never says anything else than the explanation."""

from datetime import date

import pytest
from django.urls import reverse

from apps.branches import services as branches
from apps.duties import board, links
from apps.duties.explaining import explain, status_of
from apps.duties.models import DutyPeriod
from apps.duties.services import tailoring
from apps.duties.services.laying_out import materialise
from tests.factories import activities as records
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.duties import file, period, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid_out(world):
    materialise(today=TODAY)
    return world


def build(branch, year=2026, today=TODAY, groups=None):
    return board.build(branch, DutyPeriod.objects.all(), year, today, groups)


def row_of(shown, slug, group=None):
    return next(row for row in shown.rows if row.rule.slug == slug and row.group == group)


def layout(row):
    """How many months each cell spans, and whether something is owed in it."""
    return [(cell.columns, bool(cell.status)) for cell in row.cells]


def test_every_row_covers_the_twelve_months(laid_out):
    for year in (2023, 2024, 2025, 2026, 2027):
        for row in build(laid_out.branch, year).rows:
            assert sum(cell.columns for cell in row.cells) == 12, (year, row.rule.slug)


@pytest.mark.parametrize(
    ("slug", "cells"),
    [
        ("committee_meeting", [(1, True)] * 12),
        ("general_meeting", [(3, True)] * 4),
        ("life_meeting", [(3, True), (6, False), (3, True)]),
        ("year_plan", [(1, True), (10, False), (1, True)]),
        ("talk", [(12, True)]),
    ],
)
def test_quarters_years_and_windows_span_their_months(laid_out, slug, cells):
    assert layout(row_of(build(laid_out.branch), slug)) == cells


def test_rows_stand_in_the_order_of_the_catalogue_with_a_row_for_each_group(laid_out):
    names = [(row.rule.slug, row.group.name if row.group else "") for row in build(laid_out.branch).rows]
    assert names == [
        ("general_meeting", ""), ("committee_meeting", ""), ("group_meeting", "第一小组"), ("group_meeting", "第二小组"),
        ("party_lecture", ""), ("theme_day", ""), ("life_meeting", ""), ("member_appraisal", ""), ("talk", ""), ("year_plan", ""),
        ("year_summary", ""),
    ]  # fmt: skip


def test_without_committee_and_groups_there_are_no_such_rows(laid_out):
    slugs = {row.rule.slug for row in build(laid_out.other_branch).rows}
    assert not slugs & {"committee_meeting", "group_meeting"}
    assert "theme_day" in slugs


def test_the_words_in_a_cell(laid_out):
    branch = laid_out.branch
    file(branch, "general_meeting", date(2026, 1, 18))
    file(branch, "life_meeting", date(2026, 1, 25))
    file(branch, "talk", date(2026, 2, 2), people=[laid_out.people["secretary"], laid_out.people["member"]])
    plan(branch, "party_lecture", date(2026, 3, 20))
    shown = build(branch)
    assert [(cell.status, cell.text) for cell in row_of(shown, "general_meeting").cells[:2]] == [
        ("done", "18 Jan"), ("not_due", "by 30 Jun"),
    ]  # fmt: skip
    first, _gap, last = row_of(shown, "life_meeting").cells
    assert (first.status, first.text, last.status, last.text) == (
        "done",
        "2025 25 Jan",
        "not_due",
        "2026 by 31 Mar 2027",
    )
    assert row_of(shown, "talk").cells[0].text == "2 of 8 people"
    assert row_of(shown, "party_lecture").cells[0].status == "in_progress"
    held = row_of(build(branch, 2025), "life_meeting").cells[-1]
    assert held.text == "2025 25 Jan 2026"  # in the year before, the day says its year


def test_done_and_late_are_counted_and_only_what_falls_due_this_year(laid_out):
    branch = laid_out.branch
    file(branch, "theme_day", date(2026, 1, 5))
    file(branch, "theme_day", date(2026, 3, 6), counts_for=date(2026, 2, 1))
    file(branch, "life_meeting", date(2026, 1, 25))
    shown = build(branch)
    assert row_of(shown, "theme_day").total(2026) == "2/12"
    assert row_of(shown, "life_meeting").total(2026) == "1/1"
    assert [cell.status for cell in row_of(shown, "theme_day").cells[:3]] == ["done", "held_late", "not_due"]


def test_what_begins_later_in_the_year_stands_there_without_a_page(laid_out):
    cells = row_of(build(laid_out.branch), "theme_day").cells
    assert [bool(cell.pk) for cell in cells] == [True] * 3 + [False] * 9


def test_a_newcomer_sees_nothing_before_it_came(laid_out):
    branch = make.organization(laid_out.general_branch, tracked_from=date(2026, 3, 1))
    materialise(today=TODAY)
    row = row_of(build(branch), "theme_day")
    assert layout(row) == [(2, False)] + [(1, True)] * 10
    assert {row.rule.slug for row in build(branch, 2025).rows} == {
        "life_meeting",
        "member_appraisal",
    }  # their window runs on


def test_a_group_that_ended_is_not_promised_for_later(laid_out):
    group = laid_out.branch.groups.last()
    type(group).objects.filter(pk=group.pk).update(ends_before=date(2026, 3, 10))
    assert layout(row_of(build(laid_out.branch), "group_meeting", group)) == [(1, True)] * 3 + [(9, False)]


def test_a_tightened_duty_is_shown_as_it_will_be(laid_out):
    tailoring.rule_override(
        organization=laid_out.general_branch, slug="life_meeting", by=laid_out.users["affairs_worker"], today=TODAY, times=1,
        grace_days=10, window="11-01..12-31", reason="年底前开完",
    )  # fmt: skip
    assert layout(row_of(build(laid_out.branch), "life_meeting")) == [(3, True), (7, False), (2, True)]


def test_the_month_as_a_list_open_things_first(laid_out):
    branch = laid_out.branch
    file(branch, "theme_day", date(2026, 3, 6))
    rows = build(branch).of_month(3)
    assert {row.rule.slug for row, _cell in rows} == {
        "general_meeting", "committee_meeting", "group_meeting", "party_lecture", "theme_day", "life_meeting", "member_appraisal",
        "talk",
    }  # fmt: skip
    assert rows[-1][1].status == "done"
    due = [cell.due_on for _row, cell in rows[:-1]]
    assert due == sorted(due)


@pytest.mark.parametrize("today", [TODAY, date(2026, 4, 4), date(2026, 12, 31)])
def test_the_board_says_what_the_explanation_says(laid_out, today):
    file(laid_out.branch, "theme_day", date(2026, 2, 6))
    plan(laid_out.branch, "general_meeting", date(2026, 3, 25))
    materialise(today=today)
    cells = {cell.pk: cell for row in build(laid_out.branch, 2026, today).rows for cell in row.cells if cell.pk}
    assert len(cells) >= 19
    for stored in DutyPeriod.objects.filter(pk__in=cells).select_related("rule__set_by", "organization", "group"):
        explanation = explain(stored, today)
        assert cells[stored.pk].status == explanation.status == status_of(stored, explanation.state)
        assert cells[stored.pk].title == explanation.title


def test_the_page_and_the_home_page_say_the_same(laid_out, client_of):
    client = client_of("secretary")
    page = client.get(reverse("duties:board-detail", args=[laid_out.branch.public_id]))
    overdue = DutyPeriod.objects.filter(organization=laid_out.branch).overdue(TODAY).filter(due_on__year=2026)
    for row in overdue:
        assert reverse("duties:period-detail", args=[laid_out.branch.public_id, row.pk]) in page.content.decode()
    home = client.get("/").content.decode()
    urgent = period(laid_out.branch, "committee_meeting", date(2026, 2, 1))
    assert reverse("duties:period-detail", args=[laid_out.branch.public_id, urgent.pk]) in home
    assert "18 days late" in home
    assert "duties from before are still open" in home


@pytest.mark.parametrize("slug", ["committee_meeting", "theme_day", "life_meeting", "talk"])
def test_a_cell_leads_into_the_log_and_the_plan(laid_out, client_of, slug):
    """What the duty knows is filled in: kind, group, and the period that it is to count for."""
    client, today = client_of("secretary"), TODAY
    for row in DutyPeriod.objects.filter(organization=laid_out.branch, rule__slug=slug).select_related(
        "rule", "organization", "group"
    ):
        assert client.get(links.log(row, today)).status_code == 200
        assert client.get(links.plan(row)).status_code == 200


def test_a_late_period_asks_to_be_made_good(laid_out):
    group = laid_out.branch.groups.last()
    late = links.log(period(laid_out.branch, "group_meeting", date(2026, 2, 1), group), TODAY)
    assert late.endswith(f"?kind=group_meeting&group={group.public_id}&counts_for=2026-02-01")
    running = links.log(period(laid_out.branch, "theme_day", date(2026, 3, 1)), TODAY)
    assert running.endswith("?kind=theme_day")
    window = links.log(period(laid_out.branch, "life_meeting", date(2025, 10, 1)), TODAY)
    assert window.endswith("?kind=life_meeting&for_year=2025")


def test_a_real_filing_turns_the_cell(laid_out):
    records.filed(laid_out.branch, laid_out.users["secretary"], "committee_meeting", date(2026, 3, 10))
    assert row_of(build(laid_out.branch), "committee_meeting").cells[2].status == "done"


def test_a_group_leader_sees_the_own_group_alone(laid_out, client_of):
    page = client_of("group_leader").get(reverse("duties:board-detail", args=[laid_out.branch.public_id]))
    rows = page.context["board"].rows
    assert [(row.rule.slug, row.group.name) for row in rows] == [("group_meeting", "第二小组")]


def test_another_branchs_period_is_not_there(laid_out, client_of):
    theirs = period(laid_out.other_branch, "theme_day", date(2026, 2, 1))
    client = client_of("secretary")
    for place in (laid_out.branch, laid_out.other_branch):
        assert client.get(reverse("duties:period-detail", args=[place.public_id, theirs.pk])).status_code == 404


@pytest.mark.parametrize(
    "query", ["?year=abc", "?year=99999", "?month=13", "?year=2026&month=0", "?year=٢٠٢٦", "?year="]
)
def test_a_strange_query_shows_today(laid_out, client_of, query):
    page = client_of("secretary").get(reverse("duties:board-detail", args=[laid_out.branch.public_id]) + query)
    assert (page.status_code, page.context["year"]) == (200, 2026)


@pytest.mark.parametrize("groups", [0, 3])
def test_queries_do_not_grow_with_rows(laid_out, client_of, query_baseline, groups):
    for number in range(groups):
        branches.group_create(organization=laid_out.branch, name=f"第{number}组", starts_on=date(2026, 1, 1), by=None)
    materialise(today=TODAY)
    client = client_of("secretary")
    with query_baseline("duties:board-detail"):
        page = client.get(reverse("duties:board-detail", args=[laid_out.branch.public_id]))
    assert len(page.context["board"].rows) == 11 + groups


@pytest.mark.parametrize("view", ["quarter", "list"])
def test_the_other_views_cost_the_same(laid_out, client_of, query_baseline, view):
    client = client_of("secretary")
    with query_baseline("duties:board-detail"):
        client.get(reverse("duties:board-detail", args=[laid_out.branch.public_id]) + f"?view={view}")


@pytest.mark.parametrize("today", [TODAY, date(2026, 4, 4), date(2026, 12, 31)])
def test_quarters_and_list_show_what_the_months_show(laid_out, today):
    """Each period once, and the very same cell."""
    records.filed(laid_out.branch, laid_out.users["secretary"], "committee_meeting", date(2026, 3, 10))
    shown = build(laid_out.branch, today=today)
    months = {id(cell) for number in range(1, 13) for _row, cell in shown.of_month(number)}
    quarters = [id(cell) for _row, cells in shown.of_quarters() for quarter in cells for cell in quarter]
    listed = [id(cell) for part in shown.of_year() for _row, cell in part]
    assert sorted(quarters) == sorted(listed) == sorted(months)
    for _row, cells in shown.of_quarters():
        for number, quarter in enumerate(cells, start=1):
            for cell in quarter:
                assert number == ((cell.due_on.month + 2) // 3 if cell.due_on.year == 2026 else 4)


def test_the_list_has_open_things_first_by_their_day(laid_out):
    file(laid_out.branch, "theme_day", date(2026, 2, 10))
    still, gone = build(laid_out.branch).of_year()
    cells = [cell for _row, cell in still + gone]
    is_closed = [cell.status in board.CLOSED for cell in cells]
    assert is_closed == sorted(is_closed)
    still = [cell.due_on for cell in cells if cell.status not in board.CLOSED]
    assert still == sorted(still)


@pytest.mark.parametrize("records", [0, 4])
def test_queries_of_a_period(laid_out, client_of, query_baseline, records):
    for number in range(records):
        file(laid_out.branch, "theme_day", date(2026, 2, 10 + number))
    row = period(laid_out.branch, "theme_day", date(2026, 2, 1))
    plan(laid_out.branch, "theme_day", date(2026, 2, 20))
    client = client_of("secretary")
    url = reverse("duties:period-detail", args=[laid_out.branch.public_id, row.pk])
    with query_baseline("duties:period-detail"):
        assert client.get(url).status_code == 200
    with query_baseline("duties:period-detail-fragment"):
        assert client.get(url, headers={"HX-Request": "true"}).status_code == 200


def test_the_fragment_is_the_panel_of_the_page(laid_out, client_of):
    row = period(laid_out.branch, "theme_day", date(2026, 2, 1))
    url = reverse("duties:period-detail", args=[laid_out.branch.public_id, row.pk])
    client = client_of("secretary")
    page, panel = client.get(url), client.get(url, headers={"HX-Request": "true"})
    assert b"<html" in page.content
    assert b"<html" not in panel.content
    assert f'id="period-{row.pk}"'.encode() in page.content
    assert f'id="period-{row.pk}"'.encode() in panel.content
    assert "HX-Request" in page.headers["Vary"]
