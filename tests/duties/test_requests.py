"""A request for a waiver is seen by whoever has to answer it, and by the branch that waits."""

from datetime import date

import pytest
from django.urls import reverse

from apps.core.todo import Section
from apps.duties.models import DutyPeriod
from apps.duties.services import deciding
from apps.duties.services.laying_out import materialise
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.duties import file, period

pytestmark = pytest.mark.django_db
FEB = date(2026, 2, 1)
MINE, OTHERS = Section.MINE.value, Section.OTHERS.value
ROLES = ("member", "group_leader", "committee_member", "secretary", "other_secretary", "affairs_worker", "upper_worker")


@pytest.fixture
def asked(world):
    """The theme day of February, overdue; its waiver is asked for."""
    materialise(today=TODAY)
    return ask(world, "theme_day")


def ask(world, slug, starts_on=FEB, group=None) -> DutyPeriod:
    row = period(world.branch, slug, starts_on, group)
    deciding.waiver_ask(period=row, by=world.users["secretary"], reason="防汛抢险")
    return row


def rows(client_of, role, section, row, path="/"):
    """Those of the home page that lead to the period."""
    url = reverse("duties:period-detail", args=[row.organization.public_id, row.pk])
    return [todo for todo in client_of(role).get(path).context[section] if todo.url == url]


def test_the_nearest_staff_has_it_to_do_and_nobody_else(asked, client_of):
    titles = {role: [todo.title for todo in rows(client_of, role, MINE, asked)] for role in ROLES}
    found = titles.pop("affairs_worker")
    assert found == ["一车间 · February theme Party day · asks for a waiver"]
    assert not any(titles.values())


def test_the_row_says_when_and_leads_to_the_answer(asked, client_of):
    (todo,) = rows(client_of, "affairs_worker", MINE, asked)
    assert (todo.when, todo.status, [action.url for action in todo.actions]) == ("by 28 Feb", "overdue", [todo.url])
    assert deciding.pending_request(asked)
    page = client_of("affairs_worker").get(todo.url).content.decode()
    assert reverse("duties:period-waive", args=[asked.organization.public_id, asked.pk]) in page


def test_the_branch_sees_that_it_waits(asked, client_of):
    for role in ("secretary", "committee_member"):
        (todo,) = rows(client_of, role, OTHERS, asked)
        assert todo.detail == "Waiver asked for; the level above decides"


def test_a_group_is_named_and_its_leader_waits_too(world, client_of):
    materialise(today=TODAY)
    row = ask(world, "group_meeting", group=world.branch.groups.last())
    (todo,) = rows(client_of, "affairs_worker", MINE, row)
    assert todo.title == "一车间 · February Party group meeting (第二小组) · asks for a waiver"
    assert rows(client_of, "group_leader", OTHERS, row)


def test_what_is_asked_for_long_before_or_long_after_is_there(world, client_of):
    materialise(today=TODAY)
    for slug, starts_on in (("talk", date(2026, 1, 1)), ("theme_day", date(2024, 2, 1))):
        row = ask(world, slug, starts_on)
        assert rows(client_of, "affairs_worker", MINE, row)
        assert rows(client_of, "secretary", OTHERS, row)


@pytest.mark.parametrize("answer", ["waive", "refuse", "hold"])
def test_it_is_gone_once_answered(asked, world, client_of, answer):
    staff = world.users["affairs_worker"]
    if answer == "waive":
        deciding.period_waive(period=asked, by=staff, today=TODAY, reason="同意")
    elif answer == "refuse":
        deciding.waiver_refuse(period=asked, by=staff, today=TODAY, reason="可以补开")
    else:
        file(world.branch, "theme_day", date(2026, 2, 6))
    assert not rows(client_of, "affairs_worker", MINE, asked)
    assert not rows(client_of, "secretary", OTHERS, asked)
    assert bool(rows(client_of, "secretary", MINE, asked)) is (answer == "refuse")


def test_a_second_request_after_a_refusal_is_there_again(asked, world, client_of):
    deciding.waiver_refuse(period=asked, by=world.users["affairs_worker"], today=TODAY, reason="可以补开")
    ask(world, "theme_day")
    assert rows(client_of, "affairs_worker", MINE, asked)


def test_staff_of_another_committee_see_nothing(asked, world, client_of):
    other = make.organization(world.committee, kind="general_branch", name="机关党总支")
    somebody = make.person(other)
    make.post(somebody, "affairs_worker")
    world.users["elsewhere"] = make.account(somebody, username="elsewhere")
    assert not rows(client_of, "elsewhere", MINE, asked)


def test_the_rows_cost_no_query_each(asked, world, client_of, django_assert_max_num_queries):
    client = client_of("affairs_worker")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for slug in ("committee_meeting", "general_meeting", "talk"):
        ask(world, slug, FEB if slug == "committee_meeting" else date(2026, 1, 1))
    with django_assert_max_num_queries(len(one)):
        client.get("/")


def test_the_list_of_branches_marks_what_waits(asked, world, client_of):
    url = reverse("duties:subtree-list", args=[world.general_branch.public_id]) + "?month=2026-02"
    page = client_of("affairs_worker").get(url)
    slugs = [rule.slug for rule in page.context["page"].rules]
    cells = {str(branch): dict(zip(slugs, row, strict=True)) for branch, row in page.context["lines"]}
    marked = {(name, slug) for name, row in cells.items() for slug, cell in row.items() if cell.asked}
    assert marked == {("一车间", "theme_day")}
    assert cells["一车间"]["theme_day"].text == "asked"
    assert "by 28 Feb, waiver asked for" in page.content.decode()
    deciding.period_waive(period=asked, by=world.users["affairs_worker"], today=TODAY, reason="同意")
    assert "waiver asked for" not in client_of("affairs_worker").get(url).content.decode()


def test_of_several_groups_the_one_that_asks_is_shown(world, client_of):
    materialise(today=TODAY)
    ask(world, "group_meeting", group=world.branch.groups.last())
    url = reverse("duties:subtree-list", args=[world.general_branch.public_id]) + "?month=2026-02&duty=group_meeting"
    ((_branch, (cell,)), *_others) = client_of("affairs_worker").get(url).context["lines"]
    assert (cell.asked, cell.text) == (True, "asked")
