"""Past records taken over are held meetings; of attendance they say too little to be counted."""

from datetime import date

import pytest

from apps.activities import services
from apps.activities.importing.plan import make_plan
from apps.activities.importing.reading import Line
from apps.activities.importing.writing import file_past
from apps.activities.models import Activity
from apps.duties.schedule import span_containing
from apps.reports.figures import BY_SLUG, Scope, Value
from tests.factories import activities as act
from tests.factories.branches import TODAY
from tests.world import World

pytestmark = pytest.mark.django_db
MARCH = span_containing(date(2026, 3, 1), 1)


def of(world: World, slug: str) -> Value:
    return BY_SLUG[slug].value(Scope.of(world.branch), MARCH, TODAY)


def test_they_count_as_held_and_not_as_attendance_until_they_are_corrected(world: World) -> None:
    act.filed(world.branch, world.users["secretary"], "party_lecture", date(2026, 3, 5))
    before = of(world, "attendance")
    assert before.of
    values = {"type": "主题党日", "held": "2026-03-06", "title": "植树", "people": "王建国\n李芳"}
    lines = [Line("", 2, values=values)]
    digest = make_plan(lines, world.branch).digest
    file_past(organization=world.branch, lines=lines, digest=digest, by=world.users["secretary"], now=act.at())
    assert of(world, "held_theme_day").value == 1
    assert of(world, "attendance") == before
    one = Activity.objects.get(held_on=date(2026, 3, 6))
    assert one.sitting.attendances.count() == 2
    record = act.record(world.branch, "theme_day", one.held_on)
    services.activity_correct(
        activity=one, by=world.users["secretary"], now=act.at(), version=one.version, record=record,
        confirmed=record.digest(), reason="补全到会",
    )  # fmt: skip
    assert of(world, "attendance").of == before.of + 8
