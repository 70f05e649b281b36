"""Activities know nothing of the apps above them; what those listen to is tested there."""

import pytest

from apps.activities import registry


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("listeners", "schedule_listeners", "owed_kinds", "fulfilments"):
        monkeypatch.setattr(registry, name, [])
