"""A person at a browser: the live server on the test database, Chromium, and what a page must never do.

Every page visited is watched: an error on the console, a breach of the content security policy or a request that leaves the
host fails the test. Skipped with a reason where Chromium or a Chinese font is missing; in CI that is a failure.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tests import world as worlds

# Playwright's loop runs in this thread; Django would refuse the ORM beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
SECONDS_A_TAP, SECONDS_A_CHARACTER = 1.2, 0.8


def missing() -> str:
    """Why there can be no browser test here, or nothing."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed"
    if not executable():
        return "Chromium is not installed"
    if shutil.which("fc-list") and not subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout:
        return "no Chinese font is installed"
    return ""


def executable() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if reason := missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong on any page of a context."""

    host: str
    faults: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def on(self, context: Any) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in self.expected):
            self.faults.append(f"console: {message.text} ({message.page.url if message.page else message.location})")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.host, "data:", "blob:", "about:")):
            self.faults.append(f"left the host: {request.url}")


@dataclass
class Hand:
    """Taps and typed characters, counted as a person would: a text field costs a tap before its characters."""

    page: Any
    taps: int = 0
    characters: int = 0

    def tap(self, target: Any) -> None:
        self.taps += 1
        target.click()

    def choose(self, target: Any, value: str) -> None:
        self.taps += 2  # open, pick
        target.select_option(value)

    def write(self, target: Any, text: str) -> None:
        self.tap(target)
        self.characters += len(text)
        target.press_sequentially(text, delay=5)

    def seconds(self, page_seconds: float = 0) -> float:
        return self.taps * SECONDS_A_TAP + self.characters * SECONDS_A_CHARACTER + page_seconds


@pytest.fixture(scope="session")
def loaded(django_db_setup: None, django_db_blocker: Any) -> str:
    """What the migrations put into the tables. Django's own serialized rollback keeps it on a connection object, and beside
    Playwright's loop there is another one.
    """
    with django_db_blocker.unblock():
        rows = json.loads(connection.creation.serialize_db_to_string())
    return json.dumps(
        [row for row in rows if not row["model"].startswith(("contenttypes.", "auth."))]
    )  # these come back by themselves


@pytest.fixture
def world(transactional_db: None, loaded: str) -> worlds.World:
    """See tests.world; committed, because the server reads it from another thread."""
    connection.creation.deserialize_db_from_string(loaded)
    return worlds.build()


@pytest.fixture
def browse(world: worlds.World, chromium: Any, live_server: Any) -> Callable:
    """`with browse("secretary", "zh-hans", PHONE) as page:` a signed-in page; leaving the block checks the watch.

    "anonymous" is signed out. `scripts=False` is a browser without JavaScript; `expected` are words of console lines that the
    test causes itself.
    """

    @contextmanager
    def open_page(
        role: str, language: str = "zh-hans", size: dict | None = None, *, scripts: bool = True, text: str = "",
        expected: tuple[str, ...] = (),
    ) -> Iterator[Any]:  # fmt: skip
        context = chromium.new_context(
            viewport=size or PHONE, has_touch=(size or PHONE) == PHONE, java_script_enabled=scripts, locale="zh-CN",
            timezone_id="Asia/Shanghai", base_url=live_server.url, accept_downloads=True,
        )  # fmt: skip
        cookies = {"zhibu_language": language}
        if user := world.users[role]:
            cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        if text:
            cookies["zhibu_text"] = text
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        watch = Watch(live_server.url, expected=expected)
        watch.on(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        try:
            yield page
            assert watch.faults == []
        finally:
            context.close()

    return open_page


def session_of(user: Any) -> str:
    """A session as the sign-in page would make it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key
