"""One definition per number: counted by any way, the number is the number of the rows that it opens."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.activities.models import Attendance
from apps.assignments.rules import State
from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.duties.models import DutyPeriod
from apps.duties.schedule import Span, span_containing
from apps.duties.services.laying_out import materialise
from apps.reports import figures
from apps.reports.figures import BY_SLUG, FIGURES, Scope
from tests.factories import activities as act
from tests.factories import assignments as tasks
from tests.factories import branches as make
from tests.factories import duties as owe
from tests.world import World

MARCH, FEBRUARY = span_containing(date(2026, 3, 1), 1), span_containing(date(2026, 2, 1), 1)
QUARTER = span_containing(date(2026, 3, 1), 3)


def held(world: World, branch: Organization, slug: str, day: date, **more) -> None:
    by = world.users["secretary" if branch == world.branch else "other_secretary"]
    act.filed(branch, by, slug, day, **more)


def of(branch: Organization, slug: str, span: Span = MARCH, today: date = make.TODAY) -> figures.Value:
    return figures.BY_SLUG[slug].value(Scope.of(branch), span, today)


@pytest.mark.parametrize(("slug", "kind"), [
    ("held_general_meeting", "general_meeting"), ("held_committee_meeting", "committee_meeting"),
    ("held_party_lecture", "party_lecture"), ("held_theme_day", "theme_day"),
])  # fmt: skip
def test_a_meeting_is_held_in_the_period_of_its_date(world: World, slug: str, kind: str) -> None:
    held(world, world.branch, kind, date(2026, 3, 5))
    held(world, world.branch, kind, date(2026, 2, 28))
    held(world, world.other_branch, kind, date(2026, 3, 6))
    assert of(world.branch, slug).value == 1
    assert of(world.branch, slug, QUARTER).value == 2
    assert of(world.branch, slug, FEBRUARY).value == 1


def test_what_is_planned_drafted_or_withdrawn_is_not_held(world: World) -> None:
    owe.plan(world.branch, "theme_day", date(2026, 3, 5))
    owe.withdraw(owe.file(world.branch, "theme_day", date(2026, 3, 6)), date(2026, 3, 7))
    assert of(world.branch, "held_theme_day").value == 0


def test_a_combined_sitting_counts_once_for_each_kind_and_once_for_attendance(world: World) -> None:
    from apps.activities.records import Part

    away = {world.people["second"]: Attendance.Status.EXCUSED}
    lecture = Part(kind=act.kind("party_lecture"), lecturer="李芳")
    held(world, world.branch, "theme_day", date(2026, 3, 5), away=away, also=(lecture,))
    assert of(world.branch, "held_theme_day").value == of(world.branch, "held_party_lecture").value == 1
    share = of(world.branch, "attendance")
    assert (share.value, share.of, share.percent) == (7, 8, 87)


def test_talks_are_a_fact_and_say_nothing_about_attendance(world: World) -> None:
    people = tuple(act.Mark(person=world.people[role], status="present") for role in ("secretary", "member"))
    held(world, world.branch, "talk", date(2026, 3, 5), marks=people)
    assert of(world.branch, "talks").value == 1
    assert of(world.branch, "attendance").of == 0
    assert str(of(world.branch, "attendance")) == "—"


def test_members_are_those_of_the_last_day(world: World) -> None:
    make.member(world.branch, "新来", starts_on=date(2026, 3, 31))
    assert of(world.branch, "members").value == 9
    assert of(world.branch, "members", FEBRUARY).value == 8


def test_duties_are_what_the_board_says(world: World) -> None:
    materialise(today=make.TODAY)
    held(world, world.branch, "theme_day", date(2026, 2, 5))
    today = date(2026, 3, 20)
    board = DutyPeriod.objects.filter(organization=world.branch, due_on=date(2026, 2, 28)).with_state(today)
    states = [period.state for period in board]
    assert of(world.branch, "duties_done", FEBRUARY, today).value == states.count("done") == 1
    assert of(world.branch, "duties_overdue", FEBRUARY, today).value == states.count("overdue") > 1
    assert of(world.branch, "duties_owed", FEBRUARY, today).value == len(states)


def test_assignments_count_by_their_day_and_without_those_called_off(world: World) -> None:
    """Due at the end of February, in March (done, open, called off), and without a day."""
    made = [
        tasks.assignment(world.branch, due_on=due_on, state=state)
        for due_on, state in (
            (date(2026, 2, 28), State.DONE), (date(2026, 3, 1), State.DONE), (date(2026, 3, 31), State.TODO),
            (date(2026, 3, 15), State.CANCELLED), (None, State.DONE),
        )
    ]  # fmt: skip
    assert (of(world.branch, "assignments_due").value, of(world.branch, "assignments_done").value) == (2, 1)
    rows = BY_SLUG["assignments_due"].rows(Scope.of(world.branch), MARCH, make.TODAY)
    assert set(rows) == {made[1], made[2]}


def test_a_figure_of_the_branchs_own_is_not_put_beside_another(world: World) -> None:
    with pytest.raises(ValueError, match="own"):
        figures.values_by_organization(
            Scope.under(world.general_branch.path), MARCH, make.TODAY, FIGURES, [world.branch.pk]
        )


def test_each_figure_says_what_it_counts() -> None:
    assert len({figure.slug for figure in FIGURES}) == len(FIGURES)
    assert all(str(figure.name) and str(figure.definition).endswith(".") for figure in FIGURES)


KINDS = ("general_meeting", "committee_meeting", "theme_day", "party_lecture")
RECORDS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(KINDS), st.integers(0, 75), st.sets(st.integers(0, 2))), max_size=6
)


@given(records=RECORDS, months=st.sampled_from([1, 3, 6]), offset=st.integers(0, 80))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_way_of_counting_agrees_on_random_records(world: World, records, months: int, offset: int) -> None:
    """By itself, all at once, beside other branches, in the snapshot, and the rows that the number opens."""
    materialise(today=make.TODAY)
    for other, kind, days, away in records:
        branch = world.other_branch if other else world.branch
        roster = [one.person for one in act.board(branch, None, act.kind(kind), make.TODAY).expected]
        gone = {roster[place]: Attendance.Status.ABSENT for place in away if place < len(roster) - 1}
        try:
            held(world, branch, kind, make.TODAY - timedelta(days=days), away=gone)
        except RuleBroken:  # the log flow warns of the same kind within a day
            continue
    today = make.TODAY + timedelta(days=offset)
    span = span_containing(make.TODAY, months)
    beside = figures.values_by_organization(
        Scope.under(world.committee.path), span, today, [one for one in FIGURES if not one.own],
        [world.branch.pk, world.other_branch.pk],
    )  # fmt: skip
    whole = figures.values(Scope.under(world.committee.path), span, today)
    for branch in (world.branch, world.other_branch):
        scope = Scope.of(branch)
        at_once, taken = figures.values(scope, span, today), figures.snapshot(scope, span, today)
        assert figures.read_back(taken) == figures.now(scope, span, today)
        for figure, stored in zip(FIGURES, taken, strict=True):
            rows = figure.rows(scope, span, today)
            assert sorted(pk for pk, _mark in stored["rows"]) == sorted(rows.values_list("pk", flat=True))
            counted = rows.filter(figure.counted).count() if figure.counted is not None else rows.count()
            assert counted == at_once[figure.slug].value == stored["value"] == figure.value(scope, span, today).value
            if not figure.own:
                assert beside.get(branch.pk, {}).get(figure.slug, figures.Value(0)).value == counted
    for figure in FIGURES:
        parts = [figure.value(Scope.of(branch), span, today).value for branch in (world.branch, world.other_branch)]
        assert whole[figure.slug].value == sum(parts)
