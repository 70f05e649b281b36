"""What the page of the secretary shows is what then happens."""

from datetime import date, timedelta

import pytest

from apps.activities.models import Invitation
from apps.duties.models import DutyNote
from apps.reminders.ahead import coming
from apps.reminders.models import DigestLine
from apps.reminders.services.owing import nudge
from tests.factories.branches import TODAY
from tests.factories.duties import file, plan
from tests.factories.reminders import say

pytestmark = pytest.mark.django_db


def rows(world, today=TODAY, **options) -> list[tuple[str, str, list[str]]]:
    found = coming(world.branch, today, **options)
    return [(one.day.isoformat(), one.step, [person.name for person, _ in one.heard_by]) for one in found]


def test_the_steps_of_the_next_weeks(march, meeting):
    secretary = march.people["secretary"].name
    assert rows(march) == [("2026-03-24", "due-7", [secretary]), ("2026-03-27", "due-2", [secretary])]


def test_what_was_said_is_not_announced_again(march, meeting):
    say(date(2026, 3, 24))
    assert [step for _, step, _ in rows(march, date(2026, 3, 24))] == ["due-2", "overdue"]


def test_what_is_done_falls_away(march, meeting):
    file(march.branch, "committee_meeting", date(2026, 3, 17))
    assert rows(march) == []


def test_a_nudge_stands_first(march, meeting):
    nudge(
        source="duty", source_id=meeting.pk, branch=march.branch, organization=march.branch,
        by=march.users["affairs_worker"], today=TODAY,
    )  # fmt: skip
    first = coming(march.branch, TODAY)[0]
    assert (first.step, first.nudged, first.day) == ("nudge-2026-03-18", True, TODAY)


def test_why_and_paused(march, meeting):
    DutyNote.objects.create(period=meeting, kind="waiver_asked", reason="停产检修", by=march.users["secretary"])
    first = coming(march.branch, TODAY)[0]
    assert (first.is_paused, first.heard_by[0][1]) == (True, "post")


def test_another_branch_stays_out(march, meeting):
    assert coming(march.other_branch, TODAY) == []


def test_what_it_shows_is_what_is_said(march, meeting):
    """Day by day for a month: the page on the first day names every line of every digest."""
    sitting = plan(march.branch, "general_meeting", date(2026, 3, 30)).sitting
    Invitation.objects.create(sitting=sitting, person=march.people["member"])
    shown = {
        (one.day, one.step, person.pk) for one in coming(march.branch, TODAY, days=30) for person, _ in one.heard_by
    }
    for number in range(31):
        say(TODAY + timedelta(days=number))
    lines = DigestLine.objects.filter(reminder__branch=march.branch).exclude(reminder__source="minutes")
    assert shown == set(lines.values_list("digest__day", "reminder__step", "digest__person"))


def test_questions_do_not_grow_with_the_rows(march, meeting, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        coming(march.branch, TODAY)
