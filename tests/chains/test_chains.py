"""One chain from what somebody said to the answer: what is tied, who sees which part, and how long it lay with whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.assignments.models import Assignment
from apps.chains.kinds import KINDS
from apps.chains.models import Link
from apps.core.status import STATUSES
from apps.supervision.models import Rectification
from apps.voices.models import SituationReport
from tests.factories import assignments as tasks
from tests.factories import supervision as made
from tests.factories import surveys as ask
from tests.factories import voices as said
from tests.factories.branches import TODAY

MANY = {"problem": "车间北门没有路灯", "category": "masses", "nature": "by_date", "found_on": TODAY.isoformat()}


def url(world, kind: str, public_id: str) -> str:
    return reverse("chains:chain-detail", args=[world.branch.public_id, kind, public_id])


def link(origin: str, result: str) -> Link:
    return Link.objects.create(origin=origin, result=result, made_on=TODAY)


def names(response) -> list[str]:
    return [stop.key.partition(":")[0] for stop, _days, _late in response.context["lines"]]


@pytest.fixture
def chain(world):
    """A visitor's matter, the row it became, and what a member was given to do."""
    matter = said.matter(world, handler="secretary")
    row = made.row(world.branch, found_on=TODAY - timedelta(days=1))
    task = tasks.assignment(world.branch, world.people["member"], title="装灯")
    link(f"matter:{matter.public_id}", f"rectification:{row.public_id}")
    link(f"rectification:{row.public_id}", f"assignment:{task.public_id}")
    return matter, row, task


@pytest.mark.parametrize(("role", "seen"), [
    ("secretary", {"matter", "rectification", "assignment"}),  # received the matter
    ("committee_member", {"rectification", "assignment"}),  # neither received nor handles it
    ("affairs_worker", {"rectification"}),
    ("member", {"assignment"}),
])  # fmt: skip
def test_each_reader_meets_what_he_may_open(world, client_of, chain, role, seen):
    client = client_of(role)
    for kind, one in zip(("matter", "rectification", "assignment"), chain, strict=True):
        response = client.get(url(world, kind, one.public_id))
        assert response.status_code == (200 if kind in seen else 404)
        if response.status_code == 200:
            assert set(names(response)) == seen
            assert ("装灯" in response.content.decode()) is ("assignment" in seen)


def test_what_is_about_someone_is_not_met_here_either(world, client_of, chain):
    """The chain of a matter that concerns the committee member: no line, no gap, no count of it."""
    matter = said.matter(world, handler="secretary", concerned=("committee_member",))
    row = chain[1]
    link(f"matter:{matter.public_id}", f"rectification:{row.public_id}")
    client = client_of("committee_member")
    assert client.get(url(world, "matter", matter.public_id)).status_code == 404
    assert names(client.get(url(world, "rectification", row.public_id))) == ["rectification", "assignment"]


@pytest.mark.parametrize(("kind", "wrong"), [("matter", "nothing"), ("person", "x"), ("rectification", "zzzzzzzzzzzz")])
def test_made_up_things_are_not_found(world, client_of, kind, wrong):
    assert client_of("secretary").get(url(world, kind, wrong)).status_code == 404


def test_under_the_address_of_another_branch_it_is_not_found(world, client_of, chain):
    elsewhere = reverse("chains:chain-detail", args=[world.other_branch.public_id, "rectification", chain[1].public_id])
    assert client_of("affairs_worker").get(elsewhere).status_code == 404


def test_a_survey_becomes_a_row_an_assignment_and_a_report(world, client_of):
    survey = ask.opened(world.branch, world.users["secretary"])
    for user in ask.members(world.branch, 5):
        ask.answered(survey, user, 1, None)
    ask.closed(survey)
    secretary, origin = client_of("secretary"), f"survey:{survey.public_id}"
    page = secretary.get(reverse("surveys:survey-detail", args=[world.branch.public_id, survey.public_id]))
    add = reverse("supervision:rectification-add", args=[world.branch.public_id])
    assert f"{add}?origin={origin}" in page.content.decode()
    form = secretary.get(f"{add}?origin={origin}")
    assert f'name="origin" value="{origin}"' in form.content.decode()
    assert form.context["form"]["source"].value() == "opinions"
    key = form.context["form"]["request_key"].value()
    typed = MANY | {
        "source": "opinions",
        "due_on": (TODAY + timedelta(days=9)).isoformat(),
        "request_key": key,
        "origin": origin,
    }
    for _again in range(2):
        assert secretary.post(add, typed).status_code == 302
    row = Rectification.objects.get()
    give = reverse("assignments:assignment-new", args=[world.branch.public_id])
    more = {
        "origin": f"rectification:{row.public_id}",
        "request_key": secretary.get(give).context["form"]["request_key"].value(),
    }
    assert (
        secretary.post(give, {"title": "量一量线路", "assignee": world.people["member"].pk} | more).status_code == 302
    )
    task = Assignment.objects.get()
    assert set(Link.objects.values_list("origin", "result")) == {
        (origin, f"rectification:{row.public_id}"), (f"rectification:{row.public_id}", f"assignment:{task.public_id}"),
    }  # fmt: skip
    upward = reverse("voices:report-add", args=[world.branch.public_id])
    submission = secretary.get(upward).context["form"]["submission"].value()
    words = {
        "category": "work",
        "words": "线路归动力科管",
        "submission": submission,
        "origin": f"rectification:{row.public_id}",
    }
    assert secretary.post(upward, words).status_code == 302
    report = SituationReport.objects.get()
    assert names(secretary.get(url(world, "situation", report.public_id))) == [
        "survey", "rectification", "situation", "assignment",
    ]  # fmt: skip


@pytest.mark.parametrize("origin", ["", "matter:../../etc", "person:abc", "matter:abcabcabcabc", "x" * 300])
def test_a_made_up_origin_ties_nothing_and_stops_nothing(world, client_of, origin):
    secretary, add = client_of("secretary"), reverse("assignments:assignment-new", args=[world.branch.public_id])
    key = secretary.get(add).context["form"]["request_key"].value()
    assert (
        secretary.post(
            add, {"title": "浇花", "assignee": world.people["member"].pk, "origin": origin, "request_key": key}
        ).status_code
        == 302
    )
    assert Assignment.objects.count() == 1
    assert not Link.objects.exists()


def test_nobody_ties_to_what_is_closed_to_him(world, client_of):
    """The other branch's secretary guesses the id of a matter here."""
    matter = said.matter(world, handler="secretary")
    client, add = (
        client_of("other_secretary"),
        reverse("assignments:assignment-new", args=[world.other_branch.public_id]),
    )
    key = client.get(add).context["form"]["request_key"].value()
    someone = world.people["other_secretary"].pk
    client.post(add, {"title": "浇花", "assignee": someone, "origin": f"matter:{matter.public_id}", "request_key": key})
    assert Assignment.objects.count() == 1
    assert not Link.objects.exists()


def test_a_visit_leads_to_its_rows_without_any_link(world, client_of):
    visit = made.closed_visit(world, problems=("公开栏没有更新", "小组会没有开"))
    response = client_of("affairs_worker").get(
        reverse("chains:chain-detail", args=[visit.organization.public_id, "visit", visit.public_id])
    )
    assert sorted(names(response)) == ["rectification", "rectification", "visit"]
    row = Rectification.objects.order_by("pk")[0]
    assert sorted(names(client_of("secretary").get(url(world, "rectification", row.public_id)))) == [
        "rectification",
        "visit",
    ]


@pytest.mark.parametrize(("began", "ended", "due", "days", "late"), [
    (TODAY, None, None, 0, False),
    (TODAY - timedelta(days=12), None, TODAY, 12, False),  # the last day is still in time
    (TODAY - timedelta(days=12), None, TODAY - timedelta(days=1), 12, True),
    (TODAY - timedelta(days=12), TODAY - timedelta(days=10), TODAY - timedelta(days=10), 2, False),
    (TODAY - timedelta(days=12), TODAY - timedelta(days=2), TODAY - timedelta(days=10), 10, True),
    (TODAY + timedelta(days=2), None, None, 0, False),  # a visit that is planned
])  # fmt: skip
def test_how_long_it_lay(world, began: date, ended: date | None, due: date | None, days: int, late: bool):
    from apps.chains.kinds import Stop

    stop = Stop("matter:a", "", "", "", "matter", "received", world.branch, began, ended, due)
    assert (stop.days(TODAY), stop.is_late(TODAY)) == (days, late)


@pytest.mark.parametrize("many", [1, 6])
def test_queries_do_not_grow_with_the_chain(world, client_of, query_baseline, chain, many):
    matter, row, _task = chain
    for number in range(many):
        for role in ("suggestion", "help"):
            one = said.suggestion(world) if role == "suggestion" else said.need(world)
            link(f"{role}:{one.public_id}", f"rectification:{row.public_id}")
        more = tasks.assignment(world.branch, title=f"第{number}件")
        link(f"rectification:{row.public_id}", f"assignment:{more.public_id}")
    client = client_of("secretary")
    with query_baseline("chains:chain-detail"):
        client.get(url(world, "matter", matter.public_id))


def test_every_kind_has_its_states() -> None:
    assert KINDS.keys() <= STATUSES.keys()
