"""The home page: a constant number of queries, whatever there is to do, and only what concerns the person."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.activities import services
from apps.activities.models import ActivityKind
from apps.core import clock
from apps.duties.services.laying_out import materialise
from tests.factories.branches import TODAY


def plan(world, days: int) -> None:
    services.sitting_plan(
        organization=world.branch,
        kinds=[ActivityKind.objects.get(slug="general_meeting" if days % 2 else "theme_day")],
        by=world.users["secretary"],
        now=clock.now(),
        held_on=TODAY + timedelta(days=days),
        invite=[world.people["secretary"], world.people["member"]],
    )


@pytest.mark.parametrize("meetings", [1, 4])
@pytest.mark.parametrize("role", ["secretary", "member", "affairs_worker"])
def test_queries_do_not_grow_with_what_there_is(world, client_of, query_baseline, meetings: int, role: str) -> None:
    materialise(today=TODAY)
    for days in range(1, meetings + 1):
        plan(world, days)
    client = client_of(role)
    with query_baseline(f"core:home-{role}"):
        client.get(reverse("core:home"))


def test_the_next_meeting_stands_on_top_and_is_answered_there(world, client_of) -> None:
    plan(world, 2)
    page = client_of("member").get(reverse("core:home"))
    (panel,) = page.context["above"]
    answer = reverse("activities:sitting-answer", args=[panel.context["sitting"].public_id])
    assert f'action="{answer}"' in page.content.decode()
    assert [row.title for row in page.context["mine"]] == []


@pytest.mark.parametrize(
    ("hour", "words"), [("08", "Good morning"), ("12", "Good day"), ("17", "Good afternoon"), ("21", "Good evening")]
)
def test_the_greeting_follows_the_hour(client_of, monkeypatch, hour: str, words: str) -> None:
    monkeypatch.setenv("ZHIBU_NOW", f"{TODAY.isoformat()}T{hour}:30:00")
    assert words in client_of("member").get(reverse("core:home")).content.decode()
