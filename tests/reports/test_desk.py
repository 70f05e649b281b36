"""The committee's home: words and dates, the first twenty, and the branches one follows."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.branches.models import Liaison
from apps.duties import board
from apps.duties import panels as duty_panels
from apps.duties.models import DutyPeriod
from apps.duties.schedule import span_containing
from apps.duties.services.laying_out import materialise
from apps.reports import figures
from apps.reports.desk import panels as desk
from apps.reports.desk import views
from apps.reports.figures import Scope
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.duties import file, period, plan

HOME = reverse("core:home")


@pytest.fixture
def laid_out(world):
    """Nothing is open from before this year."""
    materialise(today=TODAY)
    DutyPeriod.objects.filter(starts_on__lt=date(2025, 12, 1)).delete()
    return world


def follow(world, branch, role="affairs_worker"):
    Liaison.objects.create(organization=branch, person=world.people[role], starts_on=TODAY)


def panel(page, template):
    return next(one.context for one in page.context["above"] + page.context["below"] if template in one.template)


def needing_help(page):
    return [(item["name"], item["due_on"]) for item in panel(page, "_help_panel")["items"]]


@pytest.mark.parametrize(
    ("slug", "overdue_for", "needs"),
    [("theme_day", 9, False), ("theme_day", 10, True), ("party_lecture", 13, False), ("party_lecture", 14, True)],
)
def test_help_is_asked_for_ten_days_after_a_monthly_duty_and_fourteen_after_another(laid_out, slug, overdue_for, needs):
    one = DutyPeriod.objects.filter(organization=laid_out.branch, rule__slug=slug).order_by("starts_on").last()
    DutyPeriod.objects.exclude(pk=one.pk).delete()
    assert DutyPeriod.objects.needing_help(one.overdue_from + timedelta(days=overdue_for)).exists() is needs


def test_those_who_need_help_by_the_date_that_was_due(laid_out, client_of) -> None:
    DutyPeriod.objects.filter(starts_on__lt=date(2026, 2, 1)).delete()
    January = date(2026, 1, 31)
    DutyPeriod.objects.filter(pk=period(laid_out.other_branch, "theme_day", date(2026, 2, 1)).pk).update(due_on=January)
    found = needing_help(client_of("affairs_worker").get(HOME))
    assert found == [("二车间", January), ("一车间", date(2026, 2, 28))]


def test_what_is_done_waived_or_only_just_overdue_needs_no_help(laid_out, client_of) -> None:
    DutyPeriod.objects.filter(overdue_from__lte=TODAY).update(closed_as="waived")
    assert needing_help(client_of("affairs_worker").get(HOME)) == []


def test_twenty_and_more(laid_out, client_of, monkeypatch) -> None:
    monkeypatch.setattr(duty_panels, "MOST_BRANCHES", 1)
    monkeypatch.setattr(desk, "MOST", 1)
    for branch in (laid_out.branch, laid_out.other_branch):
        plan(branch, "theme_day", TODAY + timedelta(days=1))
    page = client_of("affairs_worker").get(HOME)
    for template in ("_help_panel", "_coming_panel", "_progress_panel"):
        context = panel(page, template)
        assert (len(context.get("items", context.get("rows"))), context["more"]) == (1, True)
    assert page.content.decode().count("And more") == 3


def test_my_branches_first_and_all_with_one_tap(laid_out, client_of) -> None:
    follow(laid_out, laid_out.other_branch)
    for branch in (laid_out.branch, laid_out.other_branch):
        plan(branch, "theme_day", TODAY + timedelta(days=1))
    client = client_of("affairs_worker")
    for query, names in (("", ["二车间"]), ("?whose=all", ["一车间", "二车间"])):
        page = client.get(HOME + query)
        assert sorted(name for name, _day in needing_help(page)) == sorted(names)
        assert sorted(str(row.organization) for row in panel(page, "_coming_panel")["rows"]) == sorted(names)
        assert [str(row.organization) for row in panel(page, "_progress_panel")["rows"]] == names
    assert "?whose=all" in client.get(HOME).content.decode()


def test_what_is_planned_says_no_names_and_no_talks(laid_out, client_of) -> None:
    plan(laid_out.branch, "talk", TODAY + timedelta(days=1))
    plan(laid_out.branch, "theme_day", TODAY + timedelta(days=6))
    plan(laid_out.branch, "theme_day", TODAY + timedelta(days=7))
    plan(laid_out.branch, "party_lecture", TODAY, state="draft")
    page = client_of("affairs_worker").get(HOME)
    assert [row.kind.slug for row in panel(page, "_coming_panel")["rows"]] == ["theme_day"]


def test_what_is_planned_page_by_page(laid_out, client_of, monkeypatch) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    planned = [plan(laid_out.branch, "theme_day", TODAY + timedelta(days=days)) for days in (3, 1, 1, 2, 40)]
    client, seen = client_of("affairs_worker"), []
    url = reverse("reports:coming-list", args=[laid_out.general_branch.public_id])
    while url:
        page = client.get(url)
        seen.append([row.pk for row in page.context["rows"]])
        url = page.context["next_url"]
    assert seen == [[planned[1].pk, planned[2].pk], [planned[3].pk, planned[0].pk], [planned[4].pk]]
    assert client.get(page.context["first_url"]).context["rows"][0].pk == planned[1].pk


@pytest.mark.parametrize("query", ["?after=abc", "?after=2026-99-01_3", "?after=2026-03-01_x", "?whose='"])
def test_a_strange_query_is_no_error(laid_out, client_of, query) -> None:
    url = reverse("reports:coming-list", args=[laid_out.general_branch.public_id])
    assert client_of("affairs_worker").get(url + query).status_code == 200


def test_done_so_far_in_the_order_of_names_and_as_the_board_has_it(laid_out, client_of) -> None:
    for month in (1, 2, 3):
        file(laid_out.other_branch, "theme_day", date(2026, month, 5))
    own = DutyPeriod.objects.filter(organization=laid_out.branch)
    own.filter(rule__slug="party_lecture").update(closed_as="explained")
    own.filter(rule__slug="theme_day", starts_on=date(2026, 1, 1)).update(closed_as="waived")
    rows = panel(client_of("affairs_worker").get(HOME), "_progress_panel")["rows"]
    assert [str(row.organization) for row in rows] == ["一车间", "二车间"]  # 二 has more done and still comes second
    for row in rows:
        own = board.build(row.organization, DutyPeriod.objects.all(), 2026, TODAY, None)
        cells = [
            cell
            for line in own.rows
            for cell in line.periods
            if date(2026, 1, 1) <= cell.due_on <= date(2026, 3, 31) and cell.status not in ("not_applicable", "waived")
        ]
        done = [cell for cell in cells if cell.status in ("done", "held_late", "recorded_late")]
        explained = [cell for cell in cells if cell.status == "explained"]
        assert (row.owed, row.done, row.explained) == (len(cells), len(done), len(explained))
        span, here = span_containing(TODAY, 3), Scope.of(row.organization)
        assert row.done == figures.BY_SLUG["duties_done"].value(here, span, TODAY).value
    assert rows[1].done == 3


def test_no_percentages_on_the_page_of_several_branches(laid_out, client_of) -> None:
    assert "%" not in client_of("affairs_worker").get(HOME).content.decode().partition('id="main"')[2]


@pytest.mark.parametrize("role", ["secretary", "member", "administrator"])
def test_others_have_none_of_these_boxes(laid_out, client_of, role) -> None:
    page = client_of(role).get(HOME)
    assert not [one for one in page.context["above"] + page.context["below"] if "reports/" in one.template]


@pytest.mark.parametrize("more", [0, 8])
def test_queries_of_the_home_do_not_grow_with_branches(laid_out, client_of, query_baseline, more) -> None:
    for number in range(more):
        plan(make.organization(laid_out.general_branch, name=f"第{number}党支部"), "theme_day", TODAY)
    materialise(today=TODAY)
    client = client_of("affairs_worker")
    with query_baseline("core:home-affairs_worker"):
        client.get(HOME)


@pytest.mark.parametrize("more", [0, 8])
def test_queries_of_what_is_planned(laid_out, client_of, query_baseline, more) -> None:
    for number in range(1 + more):
        plan(laid_out.branch, "theme_day", TODAY + timedelta(days=number))
    client = client_of("affairs_worker")
    with query_baseline("reports:coming-list"):
        client.get(reverse("reports:coming-list", args=[laid_out.general_branch.public_id]))


def test_what_one_has_to_do_comes_first_and_leads_to_the_queue(world, client_of) -> None:
    from tests.factories import reports as rep

    rep.submitted(world.branch, world.users["secretary"], days_ago=3)
    page = client_of("affairs_worker").get(HOME).content.decode()
    queue = reverse("reports:review-queue", args=[world.general_branch.public_id])
    order = [
        page.index(text)
        for text in ("1 monthly report to review", "Branches that may need help", "The next seven days")
    ]
    assert order == sorted(order)
    assert page.index(f'href="{queue}"', page.index("<main")) < order[1]
