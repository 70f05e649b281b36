"""Words where branches stand next to each other, percentages on a branch's own page."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.activities.models import Activity
from apps.activities.services import activity_withdraw
from apps.branches.models import Liaison
from apps.reports.desk import participation, views
from tests.factories import activities as records
from tests.factories import branches as make
from tests.factories.branches import TODAY

FIRST = date(2026, 1, 1)


def url(world, at="general_branch"):
    return reverse("reports:participation-detail", args=[getattr(world, at).public_id])


@pytest.fixture
def held(world):
    """A general meeting with one absent of eight, a lecture where all were; a talk, a draft and last year do not count."""
    secretary = world.users["secretary"]
    records.filed(world.branch, secretary, "general_meeting", date(2026, 2, 3), away={world.people["third"]: "absent"})
    records.filed(world.branch, secretary, "party_lecture", date(2026, 3, 3))
    records.filed(world.branch, secretary, "party_lecture", date(2025, 12, 30))
    records.draft(world.branch, secretary)
    return world


def test_of_those_expected_how_many_came(held) -> None:
    found = participation.by_branch(held.general_branch.path, [held.branch.pk, held.other_branch.pk], FIRST, TODAY)
    assert found == {held.branch.pk: participation.Turnout(2, 16, 15)}
    kinds = {kind.slug: turnout for kind, turnout in participation.by_kind(held.branch.pk, FIRST, TODAY)}
    assert kinds == {
        "general_meeting": participation.Turnout(1, 8, 7), "party_lecture": participation.Turnout(1, 8, 8),
    }  # fmt: skip
    assert kinds["general_meeting"].share.percent == 87  # rounded down: 100 means all


def test_what_is_withdrawn_does_not_count(held) -> None:
    one = Activity.objects.get(kind__slug="general_meeting")
    activity_withdraw(
        activity=one, by=held.users["secretary"], now=records.at(), version=one.version, reason="记错了支部"
    )
    assert (
        participation.by_branch(held.general_branch.path, [held.branch.pk], FIRST, TODAY)[held.branch.pk].meetings == 1
    )


def test_percentages_stand_on_the_branch_s_own_page_alone(held, client_of) -> None:
    client = client_of("affairs_worker")
    own = client.get(url(held, "branch")).content.decode().partition('id="main"')[2]
    many = client.get(url(held)).content.decode().partition('id="main"')[2]
    assert ("87%" in own, "%" in many) == (True, False)
    assert "most of those expected came" in many
    assert "nothing filed yet" in many
    assert "All together, each sitting once: 93% (15 of 16)." in own


@pytest.mark.parametrize(
    ("expected", "came", "words"),
    [(8, 8, "everyone"), (8, 7, "most"), (8, 4, "most"), (9, 4, "fewer than half"), (8, 0, "fewer than half")],
)
def test_turnout_in_words(expected, came, words) -> None:
    assert participation.Turnout(1, expected, came).words.startswith(words)


def test_my_branches_first(held, client_of) -> None:
    Liaison.objects.create(organization=held.other_branch, person=held.people["affairs_worker"], starts_on=TODAY)
    client = client_of("affairs_worker")
    shown = [
        [str(row) for row, _turnout in client.get(url(held) + query).context["rows"]] for query in ("", "?whose=all")
    ]
    assert shown == [["二车间"], ["一车间", "二车间"]]


def test_pages_in_the_order_of_the_tree(held, client_of, monkeypatch) -> None:
    monkeypatch.setattr(views, "PAGE", 1)
    client = client_of("affairs_worker")
    page = client.get(url(held))
    assert [str(row) for row, _turnout in client.get(page.context["next_url"]).context["rows"]] == ["二车间"]


@pytest.mark.parametrize("more", [0, 6])
@pytest.mark.parametrize("at", ["general_branch", "branch"])
def test_queries_do_not_grow(held, client_of, query_baseline, at, more) -> None:
    for number in range(more):
        make.organization(held.general_branch, name=f"第{number}党支部")
        records.filed(held.branch, held.users["secretary"], "theme_day", TODAY - timedelta(days=number + 1))
    client = client_of("affairs_worker")
    with query_baseline(f"reports:participation-detail-{at}"):
        client.get(url(held, at))
