"""Waive, ask, refuse, explain, reopen: who may, when, and what stays written."""

from datetime import date

import pytest

from apps.branches import services as branches
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import AuditEntry
from apps.duties.models import DutyNote, DutyPeriod
from apps.duties.services import deciding
from apps.duties.services.laying_out import materialise
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.duties import file, period

FEB = date(2026, 2, 1)
ROLES = (
    "member", "group_leader", "committee_member", "secretary", "other_secretary", "affairs_worker", "upper_worker",
    "administrator",
)  # fmt: skip
WHY = "支部书记住院，会议顺延"


@pytest.fixture
def february(world):
    """Overdue: a committee meeting (asked generally) and a theme day (should)."""
    materialise(today=TODAY)
    return {slug: period(world.branch, slug, FEB) for slug in ("committee_meeting", "theme_day")}


def state(row: DutyPeriod) -> str:
    return DutyPeriod.objects.with_state(TODAY).get(pk=row.pk).state


def allowed(world, call) -> set[str]:
    """The roles for which `call` goes through; each try is undone."""
    from django.db import transaction

    may = set()
    for role in ROLES:
        try:
            with transaction.atomic():
                call(world.users[role])
                may.add(role)
                transaction.set_rollback(True)
        except RuleBroken:
            pass
    return may


def test_the_nearest_staff_waives_and_nobody_else(world, february):
    def waive(user):
        row = DutyPeriod.objects.select_related("rule", "organization").get(pk=february["theme_day"].pk)
        deciding.period_waive(period=row, by=user, today=TODAY, reason=WHY)

    assert allowed(world, waive) == {"affairs_worker"}


def test_without_staff_below_the_upper_level_is_the_nearest(world, february):
    worker = world.people["affairs_worker"].posts.get()
    branches.post_end(post=worker, ends_before=TODAY, by=None, today=TODAY)
    deciding.period_waive(period=february["theme_day"], by=world.users["upper_worker"], today=TODAY, reason=WHY)
    assert state(february["theme_day"]) == "waived"


def test_the_leaders_explain_and_ask(world, february):
    def explain(user):
        deciding.period_explain(period=period(world.branch, "committee_meeting", FEB), by=user, reason=WHY)

    def ask(user):
        deciding.waiver_ask(period=period(world.branch, "theme_day", FEB), by=user, reason=WHY)

    assert allowed(world, explain) == {"secretary"}
    assert allowed(world, ask) == {"secretary"}


def test_waived_keeps_reason_approver_and_level(world, february):
    row = february["theme_day"]
    deciding.period_waive(period=row, by=world.users["affairs_worker"], today=TODAY, reason=WHY)
    assert state(row) == "waived"
    note = DutyNote.objects.get(period=row)
    assert (note.kind, note.reason, note.by, note.organization) == (
        "waived", WHY, world.users["affairs_worker"], world.general_branch,
    )  # fmt: skip
    assert (
        AuditEntry.objects.filter(action="duty_waived", subject_id=row.pk, organization_id=world.branch.pk).count() == 1
    )


def test_what_should_be_done_is_not_closed_by_the_branch_itself(world, february):
    with pytest.raises(RuleBroken, match="ask the committee above"):
        deciding.period_explain(period=february["theme_day"], by=world.users["secretary"], reason=WHY)
    assert state(february["theme_day"]) == "overdue"


def test_explained_is_neither_done_nor_overdue(world, february):
    deciding.period_explain(period=february["committee_meeting"], by=world.users["secretary"], reason=WHY)
    assert state(february["committee_meeting"]) == "explained"


def test_what_is_done_is_neither_waived_nor_explained(world, february):
    file(world.branch, "committee_meeting", date(2026, 2, 10))
    for call in (
        lambda: deciding.period_explain(period=february["committee_meeting"], by=world.users["secretary"], reason=WHY),
        lambda: deciding.period_waive(
            period=february["committee_meeting"], by=world.users["affairs_worker"], today=TODAY, reason=WHY
        ),
    ):
        with pytest.raises(EditConflict):  # the form was open while a colleague filed
            call()
    assert DutyNote.objects.count() == 0


@pytest.mark.parametrize(
    ("closed", "may"),
    [
        ("waived", {"affairs_worker"}),
        ("explained", {"affairs_worker", "secretary"}),
        ("", set()),
        ("not_applicable", set()),
    ],
)
def test_who_reopens(world, february, closed, may):
    def reopen(user):
        DutyPeriod.objects.filter(pk=february["committee_meeting"].pk).update(closed_as=closed)
        row = period(world.branch, "committee_meeting", FEB)
        deciding.period_reopen(period=row, by=user, today=TODAY, reason="会议可以补开")

    assert allowed(world, reopen) == may


def test_reopened_is_owed_by_the_same_dates(world, february):
    row = february["committee_meeting"]
    deciding.period_explain(period=row, by=world.users["secretary"], reason=WHY)
    deciding.period_reopen(period=row, by=world.users["affairs_worker"], today=TODAY, reason="会议可以补开")
    assert state(row) == "overdue"
    assert list(row.notes.values_list("kind", flat=True)) == ["explained", "reopened"]


def test_two_decisions_at_once(world, february):
    mine, theirs = (period(world.branch, "committee_meeting", FEB) for _ in range(2))
    deciding.period_explain(period=mine, by=world.users["secretary"], reason=WHY)
    with pytest.raises(EditConflict):
        deciding.period_waive(period=theirs, by=world.users["affairs_worker"], today=TODAY, reason=WHY)
    assert state(mine) == "explained"


def test_a_request_waits_is_asked_once_and_answered_once(world, february):
    row = february["theme_day"]
    deciding.waiver_ask(period=row, by=world.users["secretary"], reason=WHY)
    assert state(row) == "overdue"
    with pytest.raises(RuleBroken, match="waiting for an answer"):
        deciding.waiver_ask(period=row, by=world.users["secretary"], reason=WHY)
    deciding.waiver_refuse(period=row, by=world.users["affairs_worker"], today=TODAY, reason="可以补开")
    with pytest.raises(EditConflict):
        deciding.waiver_refuse(period=row, by=world.users["affairs_worker"], today=TODAY, reason="可以补开")
    assert list(row.notes.values_list("kind", flat=True)) == ["waiver_asked", "waiver_refused"]
    deciding.waiver_ask(period=row, by=world.users["secretary"], reason="再次申请")


def test_a_whole_subtree_at_once(world, february):
    file(world.branch, "theme_day", date(2026, 2, 10))
    waived = deciding.subtree_waive(
        organization=world.general_branch, slug="theme_day", starts_on=FEB, by=world.users["affairs_worker"], today=TODAY,
        reason=WHY,
    )  # fmt: skip
    assert [row.organization_id for row in waived] == [world.other_branch.pk]  # what is done stays done
    assert state(period(world.other_branch, "theme_day", FEB)) == "waived"
    assert state(period(world.other_branch, "theme_day", date(2026, 1, 1))) == "overdue"
    assert state(period(world.branch, "theme_day", FEB)) == "done"


def test_at_once_only_where_one_is_the_nearest(world, february):
    own = make.organization(world.committee, name="机关党支部")
    materialise(today=TODAY)
    waived = deciding.subtree_waive(
        organization=world.committee,
        slug="theme_day",
        starts_on=FEB,
        by=world.users["upper_worker"],
        today=TODAY,
        reason=WHY,
    )
    assert [row.organization_id for row in waived] == [own.pk]


def test_at_once_is_for_the_staff_of_that_committee(world, february):
    def waive(user):
        deciding.subtree_waive(
            organization=world.general_branch, slug="theme_day", starts_on=FEB, by=user, today=TODAY, reason=WHY
        )

    assert allowed(world, waive) == {"affairs_worker"}
