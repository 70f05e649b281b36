"""The ledger reminds its owner three days before, on the day and once it is overdue; silent while the checker looks."""

from datetime import date

import pytest

from apps.core.sources import source_of
from apps.reminders.models import Reminder
from apps.reminders.services.owing import owe
from apps.supervision.services import ledger
from tests.factories.activities import at
from tests.factories.supervision import row

pytestmark = pytest.mark.django_db
DUE = date(2026, 4, 22)  # a Wednesday


def owed():
    return list(
        Reminder.objects.filter(source="rectification").order_by("pk").values_list("step", "person", "organization")
    )


@pytest.mark.parametrize(
    ("today", "step"),
    [
        ("2026-04-16", None),
        ("2026-04-17", "due-3"),  # Friday speaks for Sunday the 19th
        ("2026-04-21", "due-3"),
        ("2026-04-22", "due"),
        ("2026-04-23", "overdue"),
        ("2026-05-07", "repeat"),
    ],
)
def test_the_step_of_the_day(world, today, step):
    row(world.branch, owner=world.people["member"], due_on=DUE)
    owe(today=date.fromisoformat(today))
    assert owed() == ([(step, world.people["member"].pk, None)] if step else [])


def test_a_post_stands_for_its_holder_and_nobody_for_the_branch(world):
    row(world.branch, owner_post="discipline_member", due_on=DUE)
    row(world.branch, due_on=DUE)
    row(world.branch, owner_post="publicity_member", due_on=DUE)  # nobody holds it
    owe(today=DUE)
    branch = world.branch.pk
    assert {who[1:] for who in owed()} == {(world.people["discipline"].pk, None), (None, branch)}


def test_while_the_checker_looks_nothing_is_owed(world):
    one = row(world.branch, owner=world.people["member"], due_on=DUE, checking=world.general_branch)
    source = source_of("rectification")
    assert source.still_owed([one.pk], DUE) == {one.pk}
    ledger.closing_ask(row=one, by=world.users["member"], now=at(), text="好了")
    owe(today=DUE)
    assert owed() == []
    assert source.still_owed([one.pk], DUE) == set()
    ledger.closing_return(row=one, by=world.users["affairs_worker"], now=at(), reason="还不行")
    assert source.still_owed([one.pk], DUE) == {one.pk}
    assert source.overdue([one.pk], date(2026, 4, 23)) == {one.pk}


def test_the_line_says_no_text_of_the_problem(world):
    one = row(world.branch, problem="王建国没有参加学习", due_on=DUE, checking=world.general_branch, category="study")
    source = source_of("rectification")
    line = source.lines([one.pk], DUE)[one.pk]
    assert (line.title, line.when) == ("To put right: Study and theory (Supervision visit)", "by 22 Apr Wed")
    late = source.lines([one.pk], date(2026, 4, 25))[one.pk]
    assert (late.when, late.is_late) == ("3 days late", True)
