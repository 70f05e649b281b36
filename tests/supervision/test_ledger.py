"""The way of a row: what each step asks, who may take it, and that pressing twice changes nothing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.branches import structure
from apps.branches.reach import reach_of
from apps.core.errors import EditConflict, RuleBroken
from apps.supervision import rules
from apps.supervision.models import Measure, Rectification, Step
from apps.supervision.services import ledger
from tests.factories import branches as make
from tests.factories.activities import at
from tests.factories.branches import TODAY
from tests.factories.supervision import asked, closed, row

pytestmark = pytest.mark.django_db
NOW = at()


def kinds(one):
    return list(one.steps.values_list("kind", flat=True))


def test_from_the_problem_to_its_closing(world):
    secretary, worker = world.users["secretary"], world.users["affairs_worker"]
    one = row(world.branch, checking=world.general_branch, measures=["补开一次", "写进月历"])
    assert one.state == "rectifying"  # it has measures from the start
    one = ledger.owner_set(row=one, by=secretary, now=NOW, version=one.version, owner=world.people["member"])
    member = world.users["member"]
    one = ledger.progress_note(row=one, by=member, now=NOW, text="3月8日已补开", on=date(2026, 3, 14))
    one = ledger.measures_done(row=one, by=member, now=NOW, done=[1])
    one = ledger.closing_ask(row=one, by=member, now=NOW, text="都办完了")
    one = ledger.closing_return(row=one, by=worker, now=NOW, reason="会议记录还没归档")
    assert one.state == "reopened"
    one = ledger.closing_ask(row=one, by=secretary, now=NOW, text="已归档")
    one = ledger.closing_accept(row=one, by=worker, now=NOW)
    assert (one.state, one.closed_by, one.closed_at) == ("closed", worker, NOW)
    one = ledger.row_reopen(row=one, by=worker, now=NOW, reason="4月又没开")
    assert (one.state, one.closed_at, one.asked_at) == ("reopened", None, None)
    assert kinds(one) == [
        "opened", "measures", "assigned", "progress", "measure_done", "asked", "returned", "asked", "closed", "reopened",
    ]  # fmt: skip
    assert list(Measure.objects.values_list("order", "done_on")) == [(1, TODAY), (2, None)]


def test_what_is_long_term_is_kept_up_then_closed(world):
    worker = world.users["affairs_worker"]
    one = asked(world.branch, world.users["secretary"], checking=world.general_branch, nature="long_term")
    one = ledger.closing_accept(row=one, by=worker, now=NOW)
    assert (one.state, one.closed_at) == ("ongoing", None)
    one = ledger.progress_note(row=one, by=world.users["secretary"], now=NOW, text="半年来一直坚持")
    assert one.state == "ongoing"
    assert ledger.closing_accept(row=one, by=worker, now=NOW).state == "closed"


@pytest.mark.parametrize("state", Rectification.State.values)
@pytest.mark.parametrize("step", rules.STEPS)
def test_the_table_of_steps_is_what_the_services_do(world, step, state):
    """A step is taken from exactly the states of the table and leads where the table says."""
    worker, secretary = world.users["affairs_worker"], world.users["secretary"]
    one = row(world.branch, checking=world.general_branch, nature="long_term", measures=["一条"])
    when = {"closed_at": NOW if state == "closed" else None}
    Rectification.objects.filter(pk=one.pk).update(state=state, **when)
    one.refresh_from_db()
    calls = {
        "assign": lambda: ledger.owner_set(
            row=one, by=secretary, now=NOW, version=one.version, owner=world.people["member"]
        ),
        "measures": lambda: ledger.measures_add(row=one, by=secretary, now=NOW, texts=["再一条"]),
        "measure_done": lambda: ledger.measures_done(row=one, by=secretary, now=NOW, done=[1]),
        "progress": lambda: ledger.progress_note(row=one, by=secretary, now=NOW, text="做了"),
        "ask": lambda: ledger.closing_ask(row=one, by=secretary, now=NOW, text="做完了"),
        "return": lambda: ledger.closing_return(row=one, by=worker, now=NOW, reason="还不行"),
        "reopen": lambda: ledger.row_reopen(row=one, by=worker, now=NOW, reason="又有了"),
        "change": lambda: ledger.facts_change(
            row=one, by=worker, now=NOW, version=one.version, reason="写明白些", facts={"problem": "更清楚的问题"}
        ),
    }
    if step in ("proof", "accept", "keep_up"):  # of files see test_proofs; a long-term row is accepted in two steps
        step = "keep_up" if state == "closure_requested" else "accept"
        calls[step] = lambda: ledger.closing_accept(row=one, by=worker, now=NOW)
    if rules.may(step, state):
        assert calls[step]().state == rules.leads_to(step, state)
    else:
        with pytest.raises(EditConflict):
            calls[step]()
        one.refresh_from_db()
        assert one.state == state


def test_found_by_staff_the_branch_does_not_close_it(world):
    one = asked(world.branch, world.users["secretary"], checking=world.general_branch)
    for role in ("secretary", "committee_member", "member", "other_secretary", "administrator"):
        with pytest.raises(RuleBroken, match="Only whoever checks"):
            ledger.closing_accept(row=one, by=world.users[role], now=NOW)
    assert ledger.closing_accept(row=one, by=world.users["affairs_worker"], now=NOW).state == "closed"


def test_found_by_the_branch_its_discipline_member_or_secretary_closes_it(world):
    discipline = make.account(world.people["discipline"])
    for closer in (discipline, world.users["secretary"]):
        one = asked(world.branch, world.users["committee_member"], owner=world.people["member"])
        assert ledger.closing_accept(row=one, by=closer, now=NOW).state == "closed"
    one = asked(world.branch, world.users["committee_member"], owner=world.people["member"])
    for role in ("committee_member", "member"):
        with pytest.raises(RuleBroken):
            ledger.closing_accept(row=one, by=world.users[role], now=NOW)


def test_if_both_own_it_the_level_above_closes_it(world):
    discipline, secretary = make.account(world.people["discipline"]), world.users["secretary"]
    one = row(world.branch, owner_post="discipline_member")
    one = ledger.owner_set(row=one, by=secretary, now=NOW, version=one.version, owner=world.people["secretary"])
    one = ledger.closing_ask(row=one, by=secretary, now=NOW, text="办好了")
    for closer in (discipline, secretary):
        with pytest.raises(RuleBroken):
            ledger.closing_accept(row=one, by=closer, now=NOW)
    assert ledger.closing_accept(row=one, by=world.users["affairs_worker"], now=NOW).state == "closed"


def test_staff_who_sit_on_the_committee_of_the_branch_do_not_close_for_it(world):
    worker = world.people["affairs_worker"]
    make.post(worker, "committee_member", at=world.branch)
    one = asked(world.branch, world.users["secretary"], checking=world.general_branch)
    world.users["affairs_worker"].reach = reach_of(world.users["affairs_worker"], TODAY)
    with pytest.raises(RuleBroken):
        ledger.closing_accept(row=one, by=world.users["affairs_worker"], now=NOW)


def test_where_the_checking_level_has_no_staff_any_more_the_next_one_closes(world):
    one = asked(world.branch, world.users["secretary"], checking=world.general_branch)
    upper = world.users["upper_worker"]
    with pytest.raises(RuleBroken):
        ledger.closing_accept(row=one, by=upper, now=NOW)
    world.general_branch.posts.update(ends_before=TODAY)
    assert ledger.closing_accept(row=one, by=upper, now=NOW).state == "closed"


def test_a_key_opens_one_row(world):
    first = row(world.branch, source_key="voices.opinion:17")
    assert row(world.branch, source_key="voices.opinion:17", problem="别的") == first
    assert Rectification.objects.count() == 1
    assert row(world.branch) != row(world.branch)


def test_pressing_twice(world):
    secretary, worker = world.users["secretary"], world.users["affairs_worker"]
    one = row(world.branch, checking=world.general_branch)
    for _ in range(2):
        ledger.progress_note(row=one, by=secretary, now=NOW, text="做了", request_key="a")
        ledger.measures_add(row=one, by=secretary, now=NOW, texts=["一条"], request_key="b")
        ledger.measures_done(row=one, by=secretary, now=NOW, done=[1])
    for _ in range(2):
        ledger.closing_ask(row=one, by=secretary, now=NOW, text="好了")
    for _ in range(2):
        assert ledger.closing_accept(row=one, by=worker, now=NOW).state == "closed"
    assert kinds(one) == ["opened", "progress", "measures", "measure_done", "asked", "closed"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"problem": " \n "}, "Say what"),
        ({"due_on": None}, "by when"),
        ({"owner": "other_member"}, "not in this branch"),
        ({"checking": "other_branch"}, "level above"),
        ({"checking": "branch"}, "level above"),
        ({"measures": [f"第{n}条" for n in range(13)]}, "at most 12"),
    ],
    ids=str,
)
def test_what_cannot_be_opened(world, fields, message):
    fields = dict(fields)
    if "owner" in fields:
        fields["owner"] = world.people[fields["owner"]]
    if "checking" in fields:
        fields["checking"] = getattr(world, fields["checking"])
    with pytest.raises(RuleBroken, match=message):
        row(world.branch, **fields)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), TODAY - timedelta(days=6)])
def test_progress_is_dated_between_finding_and_today(world, day):
    with pytest.raises(RuleBroken, match="dated"):
        ledger.progress_note(row=row(world.branch), by=world.users["secretary"], now=NOW, text="做了", on=day)


def test_a_hundred_thousand_characters_are_refused_not_cut(world):
    with pytest.raises(RuleBroken, match="900"):
        ledger.progress_note(row=row(world.branch), by=world.users["secretary"], now=NOW, text="长" * 100_000)


def test_two_at_the_same_row(world):
    secretary = world.users["secretary"]
    one = row(world.branch)
    ledger.owner_set(row=one, by=secretary, now=NOW, version=one.version, owner=world.people["member"])
    with pytest.raises(EditConflict):
        ledger.owner_set(row=one, by=secretary, now=NOW, version=one.version, owner=world.people["second"])


def test_only_the_checker_moves_the_date(world):
    one = row(world.branch, checking=world.general_branch)
    facts = {"due_on": TODAY + timedelta(days=40)}
    with pytest.raises(RuleBroken):
        ledger.facts_change(
            row=one, by=world.users["secretary"], now=NOW, version=one.version, reason="来不及", facts=facts
        )
    one = ledger.facts_change(
        row=one, by=world.users["affairs_worker"], now=NOW, version=one.version, reason="等大修", facts=facts
    )
    assert (one.due_on, one.order_on) == (facts["due_on"],) * 2
    assert one.steps.last().text == "等大修（31 Mar 2026 → 27 Apr 2026）"


def test_steps_are_never_changed(world):
    one = row(world.branch)
    for change in (lambda: Step.objects.update(text="别的"), lambda: Step.objects.all().delete()):
        with pytest.raises(Exception, match=r"denied|immutable"), transaction.atomic():
            change()
    assert one.steps.count() == 1


def test_closed_without_a_day_cannot_be_stored(world):
    one = row(world.branch)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.filter(pk=one.pk).update(state="closed")


def test_rows_follow_a_moved_branch(world):
    one = asked(world.branch, world.users["secretary"], checking=world.general_branch)
    structure.organization_move(
        organization=world.branch, parent=world.committee, by=world.users["administrator"], version=world.branch.version
    )
    one.refresh_from_db()
    world.branch.refresh_from_db()
    assert one.path == world.branch.path
    assert one in Rectification.objects.visible_to(world.users["upper_worker"], TODAY)
    assert one not in Rectification.objects.visible_to(world.users["affairs_worker"], TODAY)
    with pytest.raises(RuleBroken):  # who checked it is not above the branch any more
        ledger.closing_accept(row=one, by=world.users["affairs_worker"], now=NOW)
    assert ledger.closing_accept(row=one, by=world.users["upper_worker"], now=NOW).state == "closed"


def test_unfinished_rows_of_earlier_years_stand_on_top(world):
    secretary, worker = world.users["secretary"], world.users["affairs_worker"]
    done = closed(world.branch, secretary, worker, checking=world.general_branch)
    new = row(world.branch, due_on=date(2026, 3, 20))
    old = row(world.branch, found_on=date(2025, 11, 3), due_on=date(2026, 6, 1))
    assert list(Rectification.objects.in_ledger_order(2026)) == [old, new, done]


def test_who_sees_a_row(world):
    one = row(world.branch, owner=world.people["member"])
    sees = {role for role, user in world.users.items() if user and one in Rectification.objects.visible_to(user, TODAY)}
    assert sees == {"member", "secretary", "committee_member", "affairs_worker", "upper_worker"}
    other = row(world.branch, owner=world.people["second"])
    assert other not in Rectification.objects.visible_to(world.users["member"], TODAY)


def test_a_ledger_is_found_by_an_index(world):
    """At a million branches: a range of paths, never a walk over all rows."""
    rows = Rectification.objects.under(world.branch.path).unfinished().order_by("order_on")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "rectification_" in rows.explain()
