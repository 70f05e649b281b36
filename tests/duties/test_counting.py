"""What is filed counts where it belongs, at once and as the nightly run would count it."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.activities.models import ActivityKind, Sitting
from apps.branches import services as branches
from apps.core.errors import RuleBroken
from apps.duties.models import DutyNote, DutyPeriod
from apps.duties.services.laying_out import materialise
from apps.duties.services.reconciling import reconcile
from tests.factories import branches as make
from tests.factories.duties import correct, file, owed, period, withdraw

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)
JAN, FEB, MAR, APR = (date(2026, n, 1) for n in (1, 2, 3, 4))


@pytest.fixture
def branch(db):
    branch = make.organization(make.organization(kind="committee"), name="一车间党支部", tracked_from=date(2025, 1, 1))
    make.post(make.member(branch, "李芳"), "branch_secretary")
    make.post(make.member(branch, "张强"), "organization_member")
    materialise(today=TODAY)
    return branch


def counts(branch, slug: str) -> dict[date, int]:
    rows = DutyPeriod.objects.filter(organization=branch, rule__slug=slug, done__gt=0)
    return dict(rows.values_list("starts_on", "done"))


def test_held_in_march_and_entered_in_april_counts_for_march(branch):
    file(branch, "committee_meeting", date(2026, 3, 30), filed_on=date(2026, 4, 15))
    assert counts(branch, "committee_meeting") == {MAR: 1}


def test_the_same_month_of_another_year_does_not_count(branch):
    file(branch, "committee_meeting", date(2025, 3, 10))
    assert counts(branch, "committee_meeting") == {date(2025, 3, 1): 1}


@pytest.mark.parametrize(
    ("held_on", "starts_on"),
    [
        (date(2025, 12, 31), date(2025, 12, 1)),
        (date(2026, 1, 1), JAN),
        (date(2026, 2, 28), FEB),
        (date(2026, 3, 1), MAR),
        (date(2026, 3, 31), MAR),
    ],
)
def test_the_day_decides_the_month(branch, held_on, starts_on):
    file(branch, "theme_day", held_on, filed_on=TODAY)
    assert counts(branch, "theme_day") == {starts_on: 1}


def test_each_kind_counts_for_its_own_duty_alone(branch):
    file(branch, "general_meeting", date(2026, 2, 1))
    file(branch, "party_lecture", date(2026, 2, 1))
    assert counts(branch, "general_meeting") == {JAN: 1}
    assert counts(branch, "party_lecture") == {JAN: 1}
    assert counts(branch, "theme_day") == {}


def test_an_election_meeting_is_a_general_meeting(branch):
    file(branch, "election_meeting", date(2026, 2, 1))
    assert counts(branch, "general_meeting") == {JAN: 1}


def test_made_good_it_counts_for_the_earlier_month_and_not_for_its_own(branch):
    file(branch, "committee_meeting", date(2026, 3, 10), counts_for=FEB)
    assert counts(branch, "committee_meeting") == {FEB: 1}
    assert period(branch, "committee_meeting", FEB).late == DutyPeriod.Late.HELD_LATE


@pytest.mark.parametrize(("counts_for", "accepted"), [(FEB, True), (JAN, False)])
def test_made_good_at_most_two_periods_back(branch, counts_for, accepted):
    if accepted:
        file(branch, "committee_meeting", date(2026, 4, 10), counts_for=counts_for)
    else:
        with pytest.raises(RuleBroken, match="no longer be made good"):
            file(branch, "committee_meeting", date(2026, 4, 10), counts_for=counts_for)
    assert counts(branch, "committee_meeting") == ({counts_for: 1} if accepted else {})


@pytest.mark.parametrize(
    ("held_on", "filed_on", "late"),
    [
        (date(2026, 2, 28), date(2026, 3, 3), DutyPeriod.Late.IN_TIME),  # the last day of grace
        (date(2026, 2, 28), date(2026, 3, 4), DutyPeriod.Late.RECORDED_LATE),
    ],
)
def test_grace_is_for_entering(branch, held_on, filed_on, late):
    file(branch, "theme_day", held_on, filed_on=filed_on)
    february = period(branch, "theme_day", FEB)
    assert (february.done, february.late, february.held_on) == (1, late, held_on)


def test_the_best_record_says_how_late_it_was(branch):
    file(branch, "theme_day", date(2026, 2, 3), filed_on=date(2026, 4, 1))
    assert period(branch, "theme_day", FEB).late == DutyPeriod.Late.RECORDED_LATE
    file(branch, "theme_day", date(2026, 2, 20), filed_on=date(2026, 2, 20))
    february = period(branch, "theme_day", FEB)
    assert (february.done, february.late, february.held_on) == (2, DutyPeriod.Late.IN_TIME, date(2026, 2, 20))


def test_a_correction_moves_the_count(branch):
    record = file(branch, "theme_day", date(2026, 3, 5))
    sitting = Sitting.objects.get(pk=record.sitting_id)
    sitting.held_on = date(2026, 2, 25)
    sitting.save()
    correct(record, date(2026, 3, 6), held_on=date(2026, 2, 25))
    assert counts(branch, "theme_day") == {FEB: 1}


def test_a_record_under_the_wrong_branch_is_moved(branch):
    other = make.organization(branch.parent, tracked_from=date(2025, 1, 1))
    materialise(today=TODAY)
    record = file(other, "theme_day", date(2026, 3, 5))
    correct(record, date(2026, 3, 6), organization=branch)
    assert (counts(other, "theme_day"), counts(branch, "theme_day")) == ({}, {MAR: 1})


def test_a_withdrawn_record_counts_no_more(branch):
    record = file(branch, "theme_day", date(2026, 3, 5))
    withdraw(record, date(2026, 3, 6))
    assert counts(branch, "theme_day") == {}
    assert period(branch, "theme_day", MAR).held_on is None


def test_the_life_meeting_of_january_is_for_the_year_before(branch):
    file(branch, "life_meeting", date(2026, 1, 25))
    assert period(branch, "life_meeting", date(2025, 10, 1)).done == 1
    assert period(branch, "life_meeting", date(2025, 10, 1)).for_year == 2025


def test_a_life_meeting_in_may_is_special_unless_it_is_said_to_be_the_yearly_one(branch):
    record = file(branch, "life_meeting", date(2026, 4, 15))
    assert counts(branch, "life_meeting") == {}
    correct(record, date(2026, 4, 16), for_year=2025)
    assert counts(branch, "life_meeting") == {date(2025, 10, 1): 1}
    assert period(branch, "life_meeting", date(2025, 10, 1)).late == DutyPeriod.Late.HELD_LATE


def test_a_group_meeting_counts_for_its_group_alone(branch):
    one, two = (
        branches.group_create(organization=branch, name=name, starts_on=date(2025, 1, 1), by=None)
        for name in ("一组", "二组")
    )
    materialise(today=TODAY)
    record = file(branch, "group_meeting", date(2026, 4, 5), group=one)
    assert (period(branch, "group_meeting", APR, one).done, period(branch, "group_meeting", APR, two).done) == (1, 0)
    correct(record, date(2026, 4, 6), group=two)
    assert (period(branch, "group_meeting", APR, one).done, period(branch, "group_meeting", APR, two).done) == (0, 1)


def test_a_record_of_an_unknown_past_owes_and_fulfils_nothing(branch):
    file(branch, "theme_day", date(2024, 12, 5), filed_on=TODAY)
    assert counts(branch, "theme_day") == {}
    assert ("theme_day", date(2024, 12, 1)) not in owed(branch)


def test_a_record_entered_before_the_tick_finds_its_period(branch):
    newcomer = make.organization(branch.parent, tracked_from=APR)
    file(newcomer, "theme_day", date(2026, 4, 5))
    assert owed(newcomer) == {("theme_day", APR)}
    assert counts(newcomer, "theme_day") == {APR: 1}


def test_a_committee_meeting_of_a_branch_without_committee_makes_no_duty(branch):
    lone = make.organization(branch.parent, tracked_from=APR)
    file(lone, "committee_meeting", date(2026, 4, 5))
    assert owed(lone) == set()


def test_talks_are_counted_by_person_and_need_somebody_of_the_committee(branch):
    secretary, member = (
        branch.posts.get(kind="branch_secretary").person,
        branch.posts.get(kind="organization_member").person,
    )
    others = [make.member(branch, name) for name in ("王建国", "陈静")]
    hosted = make.member(branch, "赵军", is_hosted=True)
    year = date(2026, 1, 1)
    file(branch, "talk", date(2026, 2, 1), people=others)  # no committee member: does not count
    assert period(branch, "talk", year).done == 0
    file(branch, "talk", date(2026, 2, 2), people=[secretary, others[0]])
    assert (period(branch, "talk", year).done, period(branch, "talk", year).required) == (2, 4)
    file(branch, "talk", date(2026, 2, 3), people=[secretary, others[0]])  # the same two again
    file(branch, "talk", date(2026, 2, 3), people=[secretary, hosted])  # owes nothing here
    assert period(branch, "talk", year).done == 2
    file(branch, "talk", date(2026, 3, 1), people=[member, others[1]])
    talks = period(branch, "talk", year)
    assert (talks.done, talks.required, talks.held_on) == (4, 4, date(2026, 3, 1))
    assert DutyPeriod.objects.with_state(TODAY).get(pk=talks.pk).state == "done"


def test_a_member_who_joins_is_asked_for_too(branch):
    file(branch, "talk", date(2026, 2, 2), people=[post.person for post in branch.posts.all()])
    assert DutyPeriod.objects.with_state(TODAY).get(pk=period(branch, "talk", JAN).pk).state == "done"
    make.member(branch, "王建国", starts_on=date(2026, 4, 1))
    report = reconcile(today=TODAY)
    assert (report.is_clean, report.roster) == (True, 1)
    assert period(branch, "talk", JAN).required == 3
    assert DutyPeriod.objects.with_state(TODAY).get(pk=period(branch, "talk", JAN).pk).state == "not_due"


def test_nobody_on_the_roster_means_nothing_is_owed(branch):
    empty = make.organization(branch.parent, tracked_from=APR)
    materialise(today=TODAY)
    assert DutyPeriod.objects.with_state(TODAY).get(organization=empty, rule__slug="talk").state == "not_applicable"


def test_what_ceases_inside_the_period_is_not_applicable_with_its_reason(branch):
    group = branches.group_create(organization=branch, name="一组", starts_on=date(2025, 1, 1), by=None)
    materialise(today=TODAY)
    type(group).objects.filter(pk=group.pk).update(ends_before=date(2026, 4, 10))
    branch.posts.filter(kind="organization_member").update(ends_before=date(2026, 4, 12))
    assert reconcile(today=TODAY).turned.ceased == 2
    notes = DutyNote.objects.filter(
        period__in=[period(branch, "group_meeting", APR, group), period(branch, "committee_meeting", APR)]
    )
    assert set(notes.values_list("code", "by")) == {("group_ended", None), ("no_committee", None)}
    assert period(branch, "committee_meeting", MAR).closed_as == ""  # March was over before
    make.post(make.member(branch, "陈静"), "committee_member", starts_on=date(2026, 4, 15))
    assert reconcile(today=TODAY).turned.again == 1
    assert period(branch, "committee_meeting", APR).closed_as == ""


def test_what_was_held_before_the_group_ended_is_done(branch):
    group = branches.group_create(organization=branch, name="一组", starts_on=date(2025, 1, 1), by=None)
    materialise(today=TODAY)
    type(group).objects.filter(pk=group.pk).update(ends_before=date(2026, 4, 10))
    reconcile(today=TODAY)
    assert period(branch, "group_meeting", APR, group).closed_as == "not_applicable"
    file(branch, "group_meeting", date(2026, 4, 3), filed_on=date(2026, 4, 19), group=group)
    done = period(branch, "group_meeting", APR, group)
    assert (done.closed_as, done.done) == ("", 1)


def test_a_dissolved_branch_owes_no_more_what_was_running(branch):
    type(branch).objects.filter(pk=branch.pk).update(dissolved_on=date(2026, 4, 10))
    reconcile(today=TODAY)
    running = DutyPeriod.objects.filter(organization=branch, starts_on__lte=TODAY, ends_before__gt=TODAY)
    assert set(running.with_state(TODAY).values_list("state", flat=True)) == {"not_applicable"}
    assert period(branch, "theme_day", MAR).closed_as == ""


KINDS = ["general_meeting", "committee_meeting", "theme_day", "life_meeting", "party_lecture"]
DAYS = st.dates(date(2025, 1, 1), date(2026, 4, 20))
FILINGS = st.lists(
    st.tuples(
        st.sampled_from(KINDS), DAYS, st.integers(0, 40), st.sampled_from(["", "", "move", "kind", "withdraw"]), DAYS
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filings=FILINGS)
def test_counted_at_once_is_what_the_night_counts(branch, filings):
    with transaction.atomic():
        for kind, held_on, days, change, day in filings:
            record = file(branch, kind, held_on, filed_on=min(held_on + timedelta(days=days), TODAY))
            if change == "move":
                Sitting.objects.filter(pk=record.sitting_id).update(held_on=day)
                correct(record, TODAY, held_on=day)
            elif change == "kind":
                correct(record, TODAY, kind=ActivityKind.objects.get(slug="theme_day"))
            elif change == "withdraw":
                withdraw(record, TODAY)
        columns = ("pk", "required", "done", "late", "held_on", "closed_as")
        at_once = set(DutyPeriod.objects.values_list(*columns))
        assert reconcile(today=TODAY, full=True).differences == []
        assert set(DutyPeriod.objects.values_list(*columns)) == at_once
        transaction.set_rollback(True)  # the next example starts without it


def test_the_night_finds_and_repairs_a_wrong_count(branch):
    file(branch, "theme_day", date(2026, 3, 5))
    DutyPeriod.objects.filter(pk=period(branch, "theme_day", MAR).pk).update(done=0, held_on=None)
    DutyPeriod.objects.filter(pk=period(branch, "theme_day", FEB).pk).update(done=3)
    report = reconcile(today=TODAY)
    assert {(row.done_before, row.done) for row in report.differences} == {(0, 1), (3, 0)}
    assert reconcile(today=TODAY).is_clean


def test_the_night_reports_what_a_foreign_key_would_have_refused(branch):
    row = period(branch, "theme_day", MAR)
    row.pk, row.organization_id = None, 999_999_999
    row.save()
    assert reconcile(today=TODAY).orphans == [row.pk]


def test_periods_follow_a_branch_that_moves(branch):
    general = make.organization(branch.parent, kind="general_branch")
    type(branch).objects.filter(pk=branch.pk).update(parent=general, path=general.path + "0001/")
    report = reconcile(today=TODAY)
    assert report.moved == len(owed(branch))
    assert set(DutyPeriod.objects.values_list("path", flat=True)) == {general.path + "0001/"}
