"""Every address, every role. A new URL without a row fails."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import Row
from tests.world import ROLES, World

APPS = (
    "core",
    "accounts",
    "branches",
    "members",
    "activities",
    "assignments",
    "duties",
    "reminders",
    "supervision",
    "surveys",
    "voices",
    "chains",
    "reports",
    "demo",
)


def rows() -> dict[str, list[Row]]:
    table: dict[str, list[Row]] = {}
    for app in APPS:
        if find_spec(f"tests.{app}.access"):
            for name, row in import_module(f"tests.{app}.access").ACCESS.items():
                table[name] = row if isinstance(row, list) else [row]
    return table


def url_names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from url_names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_url_has_an_access_row() -> None:
    assert set(url_names()) == set(rows())


CASES = [(name, number, row) for name, several in rows().items() for number, row in enumerate(several)]


@pytest.mark.parametrize(("name", "number", "row"), CASES, ids=[f"{name}-{number}" for name, number, _ in CASES])
def test_answers(name: str, number: int, row: Row, world: World, client_of: Callable[[str], Client]) -> None:
    url = reverse(name, args=row.args(world)) + row.query
    answers = tuple(getattr(client_of(role), row.method)(url, row.data).status_code for role in ROLES)
    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, row.answers, strict=True))
