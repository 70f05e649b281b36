"""A branch with its duties laid out, and messages that are caught on their way out."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from apps.duties.models import DutyPeriod
from apps.duties.services.laying_out import materialise
from apps.reminders import channels
from tests.factories.branches import TODAY
from tests.factories.reminders import Outbox, confirmed
from tests.world import World

MARCH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    box = Outbox()
    monkeypatch.setattr(channels, "send", box.send)
    return box


@pytest.fixture
def march(world: World) -> World:
    """Nothing is open but the committee meeting of March in the branch: due on the 31st, steps on the 24th and 29th, overdue from
    4 April. The secretary has confirmed an address.
    """
    materialise(today=TODAY)
    kept = DutyPeriod.objects.filter(organization=world.branch, rule__slug="committee_meeting", starts_on=MARCH)
    DutyPeriod.objects.exclude(pk__in=kept).delete()
    confirmed(world.users["secretary"])
    return world


@pytest.fixture
def meeting(march: World) -> DutyPeriod:
    return DutyPeriod.objects.get()
