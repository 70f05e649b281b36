"""Activities know nothing of the apps above them; what those listen to is tested there."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from apps.activities import registry


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("listeners", "past_listeners", "schedule_listeners", "owed_kinds", "fulfilments"):
        monkeypatch.setattr(registry, name, [])


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in the language of the sources."""
    with translation.override("en"):
        yield
