"""Who is reminded of a matter, when, and in which words: the handler alone, by number and day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.core.sources import private, source_of
from apps.reminders import ahead, recipients
from apps.reminders.models import Reminder
from apps.reminders.services import owing
from tests.factories import voices as make
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db


def steps() -> list[tuple]:
    return list(Reminder.objects.filter(source="matter").order_by("pk").values_list("step", "person__user__username"))


def test_each_promised_day_has_its_ladder(world):
    row = make.matter(world)  # 2 April
    for days in range(14, 20):
        owing.owe(today=TODAY + timedelta(days=days))
    assert steps() == [("due-2@2026-04-02", "secretary"), ("overdue@2026-04-02", "secretary")]
    make.move(world, row, "accept")  # 17 May
    owing.owe(today=TODAY + timedelta(days=54))
    assert steps()[2:] == [("due-7@2026-05-17", "secretary")]
    make.move(world, row, "answer")
    source = source_of("matter")
    assert source.still_owed([row.pk], TODAY) == set()
    assert source.lines([row.pk], TODAY) == {}


def test_a_line_carries_number_and_day(world):
    row = make.matter(world)
    (line,) = source_of("matter").lines([row.pk], TODAY).values()
    assert line.title == f"Visitor's matter {row.number}"
    assert (line.when, line.due_on) == ("15 days left", row.due_on)
    late = row.due_on + timedelta(days=1)
    assert source_of("matter").overdue([row.pk], late) == {row.pk}


def test_no_page_about_the_branch_foretells_it(world, client_of):
    make.matter(world, handler="committee_member")
    owing.owe(today=TODAY + timedelta(days=13))
    assert "matter" in private()
    assert Reminder.objects.filter(source="matter").exists()
    day = TODAY + timedelta(days=14)
    said = [one.line.title for one in ahead.coming(world.branch, day, days=30)]
    assert not [title for title in said if "matter" in title]
    assert not Reminder.objects.visible_to(world.users["secretary"]).filter(source="matter").exists()
    assert Reminder.objects.visible_to(world.users["committee_member"]).filter(source="matter").exists()


def test_nobody_hears_it_instead_of_the_handler(world):
    """An account that was closed meanwhile: the line goes to nobody, least of all to the secretary."""
    make.matter(world, handler="committee_member")
    owing.owe(today=TODAY + timedelta(days=13))
    rows = list(Reminder.objects.filter(source="matter").select_related("branch"))
    heard = [person for found in recipients.resolve(rows, TODAY, []).values() for person, _ in found]
    assert heard == [world.people["committee_member"].pk]
    world.people["committee_member"].user = None
    world.people["committee_member"].save()
    assert [*recipients.resolve(rows, TODAY, []).values()] == [[]]


def test_home_says_number_and_day_to_the_handler(world, client_of):
    row = make.matter(world)
    page = client_of("secretary").get("/").content.decode()
    assert f"Visitor&#x27;s matter {row.number}" in page
    assert reverse("voices:matter-detail", args=[world.branch.public_id, row.public_id]) in page


def test_home_asks_nothing_for_those_it_does_not_concern(world, django_assert_num_queries):
    from types import SimpleNamespace

    from apps.core.todo import found
    from apps.voices.todos import QUESTIONS

    for role, count in (("member", 0), ("administrator", 0), ("secretary", 1), ("affairs_worker", 1)):
        with django_assert_num_queries(count):
            list(found(QUESTIONS, SimpleNamespace(user=world.users[role], today=TODAY)))
