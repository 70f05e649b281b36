"""A plan of help: one a branch at a time, seen by its committee and its line above, never by those beside."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from apps.core.errors import EditConflict, RuleBroken
from apps.supervision.models import HelpPlan, HelpStep
from apps.supervision.services import help as plans
from tests.factories import branches as make
from tests.factories.activities import at
from tests.factories.branches import TODAY
from tests.factories.supervision import help_plan

pytestmark = pytest.mark.django_db
NOW = at()


def url(name, place, plan=None):
    return reverse(f"supervision:help-{name}", args=[place.public_id, plan.public_id] if plan else [place.public_id])


def test_from_the_plan_to_its_conclusion(world):
    worker, secretary = world.users["affairs_worker"], world.users["secretary"]
    plan = help_plan(world)
    plans.plan_note(plan=plan, by=secretary, now=NOW, text="党课补上了", done=[1])
    plans.plan_review(plan=plan, by=worker, now=NOW, text="三次会都正常开了", ends=False)
    for _ in range(2):
        plan = plans.plan_review(plan=plan, by=worker, now=NOW, text="半年来一直正常", ends=True)
    assert plan.lifted_on == TODAY
    assert list(plan.steps.values_list("kind", flat=True)) == ["set", "done", "noted", "reviewed", "lifted"]
    assert list(plan.measures.values_list("done_on", flat=True)) == [TODAY, None]
    with pytest.raises(EditConflict):
        plans.plan_note(plan=plan, by=secretary, now=NOW, text="又")
    with pytest.raises(Exception, match="denied|immutable"), transaction.atomic():
        HelpStep.objects.update(text="别的")
    assert help_plan(world) != plan  # another one may follow


@pytest.mark.parametrize("plain", [False, True])
def test_one_plan_a_branch_at_a_time(world, plain):
    first = help_plan(world, request_key="" if plain else "same")
    if not plain:
        assert help_plan(world, request_key="same") == first
    with pytest.raises(RuleBroken, match="already"):
        help_plan(world, request_key="another")
    assert HelpPlan.objects.count() == 1


def test_who_sees_it(world):
    plan = help_plan(world)
    far = make.organization(world.committee, kind="general_branch", name="后勤党总支")
    make.post(make.person(far, "潘安宁"), "affairs_worker")
    aside = make.account(far.people.get(name="潘安宁"))
    sees = {role for role, user in world.users.items() if user and plan in HelpPlan.objects.visible_to(user)}
    assert sees == {"secretary", "committee_member", "affairs_worker", "upper_worker"}
    assert plan not in HelpPlan.objects.visible_to(aside)


@pytest.mark.parametrize(
    ("role", "change", "message"),
    [
        ("secretary", {}, "staff of the committee"),
        ("upper_worker", {}, "staff of the committee"),
        ("affairs_worker", {"branch": "committee"}, "not below"),
        ("affairs_worker", {"branch": "general_branch"}, "not below"),
        ("affairs_worker", {"ends_on": TODAY}, "within three years"),
        ("affairs_worker", {"ends_on": date(2030, 1, 1)}, "within three years"),
        ("affairs_worker", {"measures": [" "]}, "at least one measure"),
        ("affairs_worker", {"measures": [str(n) for n in range(13)]}, "at most 12"),
    ],
)
def test_what_cannot_be_set_up(world, role, change, message):
    with pytest.raises(RuleBroken, match=message):
        help_plan(world, by=world.users[role], **change)


def test_only_the_committee_that_set_it_up_concludes_it(world):
    plan = help_plan(world)
    for role in ("secretary", "committee_member", "upper_worker", "other_secretary"):
        with pytest.raises(RuleBroken):
            plans.plan_review(plan=plan, by=world.users[role], now=NOW, text="好了", ends=True)
    with pytest.raises(RuleBroken, match="what the review showed"):
        plans.plan_review(plan=plan, by=world.users["affairs_worker"], now=NOW, text=" ", ends=True)


def test_lists_run_by_the_tree_and_say_no_figure(world, client_of):
    help_plan(world, branch="other_branch", starts_on=TODAY - timedelta(days=90))
    help_plan(world)
    page = client_of("affairs_worker").get(url("list", world.general_branch))
    assert [plan.organization for plan in page.context["active"]] == [world.branch, world.other_branch]
    assert "tag--" not in page.content.decode().split("<main")[1]


def test_set_up_on_the_page_once(world, client_of):
    client, place = client_of("affairs_worker"), world.general_branch
    form = client.get(url("set", place)).context["form"]
    data = {
        "branch": world.branch.public_id, "causes": "书记长期空缺", "measures": "选配书记\n补开三会", "helper": "卫东 党总支委员",
        "starts_on": "2026-03-18", "ends_on": "2026-09-18", "request_key": str(form.initial["request_key"]),
    }  # fmt: skip
    for _ in range(2):
        assert client.post(url("set", place), data).status_code == 302
    plan = HelpPlan.objects.get()
    refused = client.post(url("note", world.branch, plan), {"text": " "})
    assert refused.status_code == 422
    done = client_of("secretary").post(
        url("note", world.branch, plan), {"text": "<b>会开了</b>", "done": ["1"]}, follow=True
    )
    assert "&lt;b&gt;会开了" in done.content.decode()


@pytest.mark.parametrize("many", [1, 6])
def test_queries_do_not_grow(world, client_of, query_baseline, many):
    worker, plan = client_of("affairs_worker"), help_plan(world, measures=[f"第{n}条" for n in range(many)])
    for number in range(many):
        plans.plan_note(plan=plan, by=world.users["secretary"], now=NOW, text=f"第{number}次")
        branch = make.organization(world.general_branch, name=f"新{number}党支部")
        plans.plan_set(
            committee=world.general_branch, branch=branch, by=world.users["affairs_worker"], now=NOW, causes="原因",
            helper="某某", starts_on=TODAY, ends_on=TODAY + timedelta(days=90), measures=["一条"],
        )  # fmt: skip
    with query_baseline("supervision:help-list"):
        worker.get(url("list", world.general_branch))
    with query_baseline("supervision:help-set"):
        worker.get(url("set", world.general_branch))
    with query_baseline("supervision:help-detail"):
        worker.get(url("detail", world.branch, plan))
    with query_baseline("supervision:help-note"):
        worker.post(url("note", world.branch, plan), {"text": "又", "done": ["1"]})
