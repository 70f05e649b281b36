"""Past records taken over count where they belong, as the nightly run would count them, and are no fault of anybody."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.activities.importing.plan import make_plan
from apps.activities.importing.reading import Line
from apps.activities.importing.writing import file_past
from apps.branches.models import Organization
from apps.branches.reach import reach_of
from apps.duties.models import DutyPeriod
from apps.duties.services.laying_out import materialise
from apps.duties.services.reconciling import reconcile
from tests.factories import branches as make
from tests.factories.duties import moment

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)
SLUGS = {"支委会": "committee_meeting", "主题党日": "theme_day", "党员大会": "general_meeting", "党课": "party_lecture"}


@pytest.fixture
def branch(db) -> Organization:
    """Duties are counted from January 2026; the branch is older."""
    branch = make.organization(make.organization(kind="committee"), name="一车间党支部", tracked_from=date(2026, 1, 1))
    make.post(make.member(branch, "李芳"), "branch_secretary")
    make.post(make.member(branch, "张强"), "organization_member")
    materialise(today=TODAY)
    return branch


def take_over(branch: Organization, *meetings: tuple[str, date]) -> None:
    lines = [
        Line("", number, values={"type": kind, "held": day.isoformat(), "title": f"会议{number}", "people": "李芳"})
        for number, (kind, day) in enumerate(meetings, 2)
    ]
    user = make.account(make.person(branch, "卫东"))
    user.reach = reach_of(user, TODAY)
    digest = make_plan(lines, branch).digest
    assert file_past(organization=branch, lines=lines, digest=digest, by=user, now=moment(TODAY)) == len(lines)


def statuses(branch: Organization, slug: str) -> dict[int, tuple[str, int]]:
    rows = DutyPeriod.objects.filter(organization=branch, rule__slug=slug, starts_on__year=2026).with_state(TODAY)
    return {row.starts_on.month: (row.state, row.late) for row in rows}


def test_a_month_that_was_overdue_is_done_and_recorded_late(branch: Organization) -> None:
    assert statuses(branch, "theme_day")[2][0] == "overdue"
    take_over(branch, ("主题党日", date(2026, 2, 5)), ("主题党日", date(2025, 2, 5)))
    assert statuses(branch, "theme_day")[2] == ("done", DutyPeriod.Late.RECORDED_LATE)
    assert statuses(branch, "theme_day")[1][0] == "overdue"


def test_from_before_duties_were_counted_nothing_is_laid_out(branch: Organization) -> None:
    before = DutyPeriod.objects.count()
    take_over(branch, ("支委会", date(2025, 3, 5)), ("党课", date(2024, 3, 5)))
    assert DutyPeriod.objects.count() == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(SLUGS)), st.integers(0, 300).map(lambda days: TODAY - timedelta(days=days))),
        min_size=1,
        max_size=12,
    )
)
def test_the_nightly_run_finds_nothing_to_put_right(branch: Organization, meetings: list[tuple[str, date]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        take_over(branch, *meetings)
        report = reconcile(today=TODAY, full=True)
        assert report.is_clean, report.differences
        for kind, slug in SLUGS.items():
            for period in DutyPeriod.objects.filter(organization=branch, rule__slug=slug):
                inside = sum(one == kind and period.starts_on <= day < period.ends_before for one, day in meetings)
                assert period.done == inside
        transaction.set_rollback(True)
