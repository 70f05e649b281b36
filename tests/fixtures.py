"""Fixtures every test may use."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import world as worlds
from tests.factories.branches import TODAY

TESTS = Path(__file__).parent


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests and ticks happen on the day the factories build for, at nine in the morning."""
    monkeypatch.setenv("ZHIBU_NOW", f"{TODAY.isoformat()}T09:00:00")


@pytest.fixture(autouse=True)
def plain_english() -> Iterator[None]:
    """What services say outside of a request: English, whether or not the Chinese catalog is compiled here."""
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> worlds.World:
    """See tests.world."""
    return worlds.build()


@pytest.fixture
def client_of(world: worlds.World) -> Callable[[str], Client]:
    """A browser signed in as a role of the world, reading English; anonymous is not signed in."""

    def make(role: str, language: str = "en") -> Client:
        client = Client()
        client.cookies["zhibu_language"] = language
        if user := world.users[role]:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def query_baseline() -> Callable:
    """`with query_baseline("members:roster-list"):` counts queries against tests/members/query_baseline.json.

    Any change, up or down, fails; run with WRITE_BASELINE=1 to record it on purpose.
    """

    @contextmanager
    def check(name: str) -> Iterator[None]:
        with CaptureQueriesContext(connection) as queries:
            yield
        file = TESTS / name.partition(":")[0] / "query_baseline.json"
        recorded = json.loads(file.read_text()) if file.exists() else {}
        if os.environ.get("WRITE_BASELINE") == "1":
            recorded[name] = len(queries)
            file.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n")
            return
        listing = "\n".join(query["sql"][:200] for query in queries)
        assert len(queries) == recorded.get(name), (
            f"{name}: {len(queries)} queries, baseline {recorded.get(name)}\n{listing}"
        )

    return check
