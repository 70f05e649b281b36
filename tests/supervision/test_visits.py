"""A visit: who reaches it and when, what is asked, and that closed it stays as it is."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.branches.reach import reach_of
from apps.core.errors import EditConflict, RuleBroken
from apps.supervision import checklist, checklist_keys, visit_draft
from apps.supervision.models import Finding, Rectification, Visit
from apps.supervision.services import visits
from tests.factories import branches as make
from tests.factories.activities import at
from tests.factories.branches import TODAY
from tests.factories.supervision import closed_visit, filled, row, visit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_findings_become_rows_of_the_ledger(world):
    one = filled(visit(world), problems=["2月党小组会没有开", "制度没有上墙"])
    worker = world.users["affairs_worker"]
    done = visits.visit_close(visit=one, by=worker, now=at(), version=one.version, known=[("名册", "8人")])
    assert (done.state, done.closed_by, done.draft, done.known) == ("closed", worker, {}, [["名册", "8人"]])
    rows = list(Rectification.objects.order_by("pk"))
    assert [(one.problem, one.source, one.checking, one.found_on) for one in rows] == [
        ("2月党小组会没有开", "visit", world.general_branch, TODAY), ("制度没有上墙", "visit", world.general_branch, TODAY),
    ]  # fmt: skip
    assert [finding.row for finding in done.findings.all()] == rows
    assert rows[0].source_url == f"/b/{world.general_branch.public_id}/visits/{one.public_id}/"
    again = visits.visit_close(visit=one, by=worker, now=at(), version=one.version, known=[])
    assert (again.pk, Rectification.objects.count()) == (one.pk, 2)


def test_a_closed_visit_is_not_edited(world):
    one = closed_visit(world)
    worker = world.users["affairs_worker"]
    for change in (
        lambda: visits.visit_save(visit=one, by=worker, now=at(), version=one.version, typed={"record": ["别的"]}),
        lambda: visits.visit_cancel(visit=one, by=worker, now=at(), reason="算了"),
        lambda: visits.visit_close(visit=one, by=world.users["upper_worker"], now=at(), version=one.version, known=[]),
    ):
        with pytest.raises(RuleBroken):
            change()
    for change in (
        lambda: Visit.objects.filter(pk=one.pk).update(record="别的"),
        lambda: Finding.objects.update(problem="别的"),
        lambda: Finding.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="immutable"), transaction.atomic():
            change()


@pytest.mark.parametrize(("days", "reached"), [(-1, False), (0, True), (2, True), (3, False)])
def test_a_team_member_without_a_post_reaches_the_branch_on_its_days_alone(world, days, reached):
    """The secretary of the other branch goes along; the reach of the request is not widened."""
    guest = world.users["other_secretary"]
    one = visit(world, team=[world.people["other_secretary"]], starts_on=TODAY + 5 * DAY, ends_on=TODAY + 7 * DAY)
    mine = row(world.branch, checking=world.general_branch)
    day = one.starts_on + days * DAY
    guest.reach = before = reach_of(guest, day)
    assert (one in Visit.objects.visible_to(guest, day)) is reached
    assert (one in Visit.objects.manageable_by(guest, day)) is reached
    assert (mine in Rectification.objects.visible_to(guest, day)) is reached
    assert guest.reach == before
    assert world.branch.pk not in guest.reach.branches
    third = make.organization(world.general_branch, name="三车间党支部")
    assert row(third, checking=world.general_branch) not in Rectification.objects.visible_to(guest, day)


def test_the_team_checks_on_its_days_but_not_for_the_own_branch(world):
    guest = world.users["other_secretary"]
    visit(world, team=[world.people["other_secretary"]])
    mine = row(world.branch, checking=world.general_branch)
    other = row(world.branch, checking=world.committee)  # found by another level
    checkable = Rectification.objects.checkable_by(guest, TODAY)
    assert mine in checkable
    assert other not in checkable
    with pytest.raises(RuleBroken, match="does not look at it from above"):
        visit(world, team=[world.people["member"]])


def test_who_sees_it_when(world):
    planned, done = visit(world), closed_visit(world)
    seen = {
        role: {one.pk for one in Visit.objects.visible_to(user, TODAY)} for role, user in world.users.items() if user
    }
    everything, closed = {planned.pk, done.pk}, {done.pk}
    assert seen == {
        "member": set(), "group_leader": set(), "committee_member": closed, "secretary": closed, "other_secretary": set(),
        "affairs_worker": everything, "upper_worker": everything, "administrator": set(),
    }  # fmt: skip
    writes = {
        role for role, user in world.users.items() if user and planned in Visit.objects.manageable_by(user, TODAY)
    }
    assert writes == {"affairs_worker"}


def test_a_branchs_own_look_is_its_committees_until_it_is_closed(world):
    discipline = world.users["discipline"] = make.account(world.people["discipline"])
    one = visit(world, organization=world.branch, by=discipline)
    assert one in Visit.objects.manageable_by(world.users["secretary"], TODAY)
    assert one not in Visit.objects.manageable_by(world.users["committee_member"], TODAY)
    assert one not in Visit.objects.visible_to(world.users["affairs_worker"], TODAY)
    one = filled(one, problems=["签到表没有签全"], by=discipline)
    visits.visit_close(visit=one, by=discipline, now=at(), version=one.version, known=[])
    assert one in Visit.objects.visible_to(world.users["affairs_worker"], TODAY)
    found = Rectification.objects.get()
    assert (found.source, found.checking) == ("own_check", None)


@pytest.mark.parametrize(
    ("role", "organization", "branches", "message"),
    [
        ("secretary", "general_branch", ["branch"], "plan this"),
        ("upper_worker", "general_branch", ["branch"], "plan this"),
        ("committee_member", "branch", ["branch"], "plan this"),
        ("secretary", "branch", ["other_branch"], "not below"),
        ("affairs_worker", "general_branch", ["committee"], "not below"),
        ("affairs_worker", "general_branch", [], "at least one branch"),
    ],
)
def test_what_cannot_be_planned(world, role, organization, branches, message):
    with pytest.raises(RuleBroken, match=message):
        visits.visit_plan(
            organization=getattr(world, organization), branches=[getattr(world, name) for name in branches], topic="督导",
            starts_on=TODAY, ends_on=TODAY, team=[], by=world.users[role], today=TODAY, request_key="k",
        )  # fmt: skip


@pytest.mark.parametrize(("first", "last"), [(0, -1), (0, 31), (401, 401), (-32, -32)])
def test_days_that_are_no_visit(world, first, last):
    with pytest.raises(RuleBroken):
        visit(world, starts_on=TODAY + first * DAY, ends_on=TODAY + last * DAY)


def test_planned_twice_is_planned_once(world):
    first = visit(world, request_key="same")
    assert visit(world, request_key="same") == first
    assert Visit.objects.count() == 1


def test_two_on_the_same_record(world):
    one, worker = visit(world), world.users["affairs_worker"]
    assert visits.visit_save(visit=one, by=worker, now=at(), version=1, typed={"record": ["甲"]}) == 2
    assert visits.visit_save(visit=one, by=worker, now=at(), version=1, typed={"record": ["甲"]}) == 2  # no change
    with pytest.raises(visits.VisitConflict) as conflict:
        visits.visit_save(visit=one, by=worker, now=at(), version=1, typed={"record": ["乙"]})
    assert (conflict.value.theirs, conflict.value.version) == ({"record": ["甲"]}, 2)
    with pytest.raises(EditConflict):
        visits.visit_close(visit=one, by=worker, now=at(), version=1, known=[])


# --- what is typed -------------------------------------------------------------------------------------------------------

GOOD = {"held_on": ["2026-03-18"], "way": ["listened"], "record": ["看过了"]}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, None),
        ({"held_on": ["2026-03-19"]}, "which day"),
        ({"held_on": ["2026-13-45"]}, "which day"),
        ({"held_on": ["2026-01-01"]}, "more than a month before"),
        ({"way": ["smelled"]}, "at least one way"),
        ({"record": [""]}, "Write a sentence"),
        ({"record": ["长" * 20_001]}, "too long"),
        ({"f1-problem": ["甲"], "f1-nature": ["by_date"]}, "Finding 1: Say by when"),
        ({"f1-problem": ["甲"], "f1-nature": ["by_date"], "f1-due": ["2026-02-30"]}, "cannot be read"),
        ({"f1-basis": ["第几条"], "f1-nature": ["at_once"]}, "Finding 1: Say what"),
        ({"f1-problem": ["甲" * 501], "f1-nature": ["at_once"]}, "too long"),
        ({"f1-problem": ["甲"], "f1-nature": ["never"]}, "Finding 1"),
        ({"f9-problem": ["甲"], "f9-nature": ["at_once"]}, None),
    ],
    ids=str,
)
def test_what_can_be_sent(more, message):
    draft = visit_draft.read(GOOD | more)
    found = visit_draft.problems(draft, starts_on=TODAY, today=TODAY)
    assert found == [] if message is None else any(message in text for text in found)


def test_only_fields_of_the_form_are_kept():
    sent = {
        "record": ["写"],
        "csrfmiddlewaretoken": ["x"],
        "version": ["3"],
        "f1-problem": ["甲"],
        "fx": ["y"],
        "met": [" "],
    }
    assert visit_draft.kept(sent) == {"record": ["写"], "f1-problem": ["甲"]}


def test_after_the_last_finding_there_is_room(world):
    draft = visit_draft.read({"f2-problem": ["甲"]})
    assert [line.number for line in draft.findings] == [2, 3, 4, 5]
    assert [line.problem for line in draft.said] == ["甲"]


# --- what is asked -------------------------------------------------------------------------------------------------------


def test_keys_of_answers_are_those_of_the_questions():
    assert tuple(checklist.BY_KEY) == checklist_keys.KEYS


def test_nothing_is_asked_that_is_known(world):
    from apps.duties.services.laying_out import materialise
    from tests.factories.duties import file

    materialise(today=TODAY)
    file(world.branch, "theme_day", TODAY - 40 * DAY)
    one = visit(world)
    picture = checklist.picture(one, TODAY)
    known = {line.label: line.text for line in picture.known}
    assert known["Roster"] == "8 members · 7 full"
    assert known["In office"] == "secretary in office · with a committee"
    assert known["Theme Party day"].startswith("1 of ")
    assert "overdue" in known["Branch committee meeting"]
    keys = [question.key for _way, questions in picture.questions for question in questions]
    assert "originals" in keys
    assert "promised" not in keys  # nothing is promised yet
    assert "mobile" not in keys  # nobody is away


def test_last_findings_and_promises_come_first(world):
    last = closed_visit(world, problems=["老问题"])
    picture = checklist.picture(visit(world), TODAY)
    assert picture.last == last
    assert [one.problem for one in picture.open_rows] == ["老问题"]
    assert picture.since == last.day
    assert "promised" in [question.key for _way, questions in picture.questions for question in questions]
