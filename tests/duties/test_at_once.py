"""A new branch owes at once: home page, log flow and board agree without any tick."""

from contextlib import nullcontext
from datetime import date

import pytest
from django.urls import reverse

from apps.activities import registry
from apps.branches import services as branches
from apps.branches import structure
from apps.duties import board
from apps.duties.models import DutyPeriod, DutyRule, Materialised
from apps.duties.services import tailoring
from apps.duties.services.laying_out import materialise
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.factories.duties import owed

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What happens inside is committed at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def on_board(branch):
    """Titles of what runs and is open."""
    cells = [
        cell for row in board.build(branch, DutyPeriod.objects.all(), 2026, TODAY, None).rows for cell in row.periods
    ]
    running = [cell for cell in cells if cell.starts_on <= TODAY <= cell.due_on and cell.required]
    assert all(cell.pk for cell in running)
    return {cell.title: cell for cell in running}


@pytest.mark.parametrize("since", [MARCH, date(2026, 3, 10)], ids=["from the first", "entered in mid-month"])
def test_home_log_flow_and_board_agree_without_a_tick(world, committed, client_of, since):
    with committed():
        branch = make.organization(world.general_branch, name="三车间党支部", tracked_from=MARCH)
        make.post(world.people["member"], "branch_secretary", at=branch, starts_on=since)
        make.post(world.people["second"], "organization_member", at=branch, starts_on=since)
        group = branches.group_create(organization=branch, name="一组", starts_on=since, by=None)
    assert not Materialised.objects.exists()
    shown = on_board(branch)
    assert {kind.label for kind in registry.owed(branch, TODAY)} == set(shown)
    months = {"March branch committee meeting", f"March Party group meeting ({group})"}
    assert (months <= set(shown)) is (since == MARCH)
    home = client_of("member").get(reverse("core:place-home", args=[branch.public_id]))
    due = {title for title, cell in shown.items() if cell.due_on <= date(2026, 3, 31) or cell.status != "not_due"}
    assert {row.title for row in home.context["mine"] if row.domain == "duty"} == due
    assert due
    before = owed(branch)
    materialise(today=TODAY)
    assert owed(branch) == before


def test_a_hundred_changes_of_one_transaction_are_laid_out_once(world, committed, monkeypatch):
    from apps.duties.services import at_once

    asked = []
    monkeypatch.setattr(at_once, "lay_out_again", lambda ids, today: asked.append((ids, today)))
    with committed():
        made = [make.organization(world.general_branch) for _ in range(3)]
        make.organization(world.committee, kind="general_branch")
        branches.group_create(organization=made[0], name="一组", starts_on=MARCH, by=None)
    [(ids, day)] = asked  # the branches of the world wait in the same transaction
    assert (ids, day) == ([world.branch.pk, world.other_branch.pk, *(branch.pk for branch in made)], TODAY)


def test_a_closed_group_is_asked_for_nothing_any_more(world, committed):
    materialise(today=TODAY)
    with committed():
        group = branches.group_create(organization=world.other_branch, name="一组", starts_on=date(2026, 2, 1), by=None)
    meeting = DutyPeriod.objects.get(group=group, starts_on=MARCH)
    with committed():
        structure.group_close(group=group, ends_before=date(2026, 3, 18), by=world.users["other_secretary"])
    meeting.refresh_from_db()
    assert (meeting.closed_as, meeting.notes.get().code) == ("not_applicable", "group_ended")


@pytest.mark.parametrize("at_once", [True, False], ids=["after the commit", "by the tick"])
def test_a_dissolved_branch_is_asked_for_nothing_any_more(world, committed, at_once):
    branch = make.organization(world.general_branch, tracked_from=MARCH)
    materialise(today=TODAY)
    assert DutyPeriod.objects.filter(organization=branch).unfulfilled().exists()
    with committed() if at_once else nullcontext():
        structure.organization_dissolve(organization=branch, on=TODAY, by=world.users["affairs_worker"], today=TODAY)
    if not at_once:
        materialise(today=TODAY)
    assert not DutyPeriod.objects.filter(organization=branch).unfulfilled().exists()


def test_a_branch_that_moved_keeps_what_runs_and_takes_on_the_new_rules_later(world, committed):
    """Under the general branch a theme day is asked twice, under the committee once."""
    tailoring.rule_override(
        organization=world.general_branch, slug="theme_day", by=world.users["affairs_worker"], today=date(2026, 2, 10),
        times=2, grace_days=3, window="", reason="每月两次",
    )  # fmt: skip
    branch = make.organization(world.committee, name="机关党支部", tracked_from=MARCH)
    materialise(today=TODAY)
    with committed():
        structure.organization_move(
            organization=branch, parent=world.general_branch, by=world.users["upper_worker"], version=branch.version
        )
    running = DutyPeriod.objects.filter(organization=branch, rule__slug="theme_day")
    assert [(row.starts_on, row.required) for row in running] == [(MARCH, 1)]
    materialise(today=date(2026, 4, 1))
    assert [(row.starts_on, row.required) for row in running.order_by("starts_on")] == [
        (MARCH, 1),
        (date(2026, 4, 1), 2),
    ]
    assert DutyRule.objects.filter(slug="theme_day").count() == 2
