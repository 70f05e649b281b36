"""Logs, error pages and mails hold nothing of what people wrote or are: names, numbers, addresses, content, passwords, tokens.

Each was seen to fail with the code broken at the place it guards.
"""

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.activities.models import Activity
from apps.branches.models import Person
from apps.core.logs import LINE, PlainFormatter
from apps.core.stack.postgres import Cluster, PostgresError
from apps.reminders.services.feeding import feed_issue
from config import gunicorn, urls
from tests.factories import branches as make
from tests.factories.duties import plan
from tests.factories.people import fake_id
from tests.factories.reminders import confirmed

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
NAME, PHONE, MAIL, TEXT = "欧阳探针", "13800009876", "ouyang.probe@example.test", "对本人作风问题的批评意见探针"
NUMBER, PASSWORD = fake_id(date(1981, 2, 3), n=7), "only-for-this-probe-77"
PLANTED = (NAME, PHONE, MAIL, TEXT, NUMBER, PASSWORD)
FORMS = {"name": NAME, "mobile_phone": PHONE, "email": MAIL, "id_number": NUMBER, "content": TEXT, "password": PASSWORD}


@pytest.fixture
def written(monkeypatch) -> Iterator[io.StringIO]:
    """What the handlers of the settings write, everything from DEBUG on."""
    text = io.StringIO()
    handlers = [one for one in logging.getLogger().handlers if isinstance(one.formatter, PlainFormatter)]
    assert handlers, "the settings' handler is gone"
    for handler in handlers:
        monkeypatch.setattr(handler, "stream", text)
    yield text
    assert_clean(text.getvalue())


def assert_clean(text: str, *more: str) -> None:
    for secret in (*PLANTED, *more):
        assert secret not in text, f"{secret!r} in:\n{text}"
        assert quote(secret) not in text
        assert json.dumps(secret)[1:-1] not in text


def raising(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"cannot read {request.POST.dict()} of {NAME}")


def breaking(request: HttpRequest) -> HttpResponse:
    """As a database answers: the words of the refusal quote the row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (username, password, public_id, email, language, text_size, is_active, is_administrator,"
            " created_at) VALUES (%s, %s, 'x', %s, '', '', true, false, now())",
            [request.POST["name"], PASSWORD, request.POST["email"]],
        )
    return HttpResponse()


@pytest.fixture
def broken_views(monkeypatch, settings):
    """Two more addresses: a view that raises, one whose database refuses."""
    more = [path("probe/raise/", raising), path("probe/database/", breaking)]
    monkeypatch.setattr(urls, "urlpatterns", [*more, *urls.urlpatterns])
    from django.urls import clear_url_caches

    clear_url_caches()
    settings.ADMINS = [("Administrator", "root@example.test")]
    yield
    clear_url_caches()


@pytest.fixture
def planted(world) -> Person:
    """A person, an account and a record of whom everything is known."""
    person = make.member(world.branch, NAME)
    Person.objects.filter(pk=person.pk).update(mobile_phone=PHONE)
    user = make.account(person, username=NAME)
    User.objects.filter(pk=user.pk).update(email=MAIL)
    activity = plan(world.branch, "committee_meeting", make.TODAY)
    Activity.objects.filter(pk=activity.pk).update(topic=TEXT)
    return person


# --- the web process ------------------------------------------------------------------------------------------------------


def test_a_view_that_raises(world, client_of, written, broken_views):
    """The page says a reference, the log the type and the place; a mail to administrators is not written at all."""
    secretary = client_of("secretary")
    secretary.raise_request_exception = False
    answer = secretary.post("/probe/raise/", FORMS)
    text = written.getvalue()
    assert answer.status_code == 500
    assert "ValueError" in text
    assert "test_logs.py" in text
    reference = re.search(r"Reference (\w{8})", text)
    assert reference
    assert reference[1] in answer.content.decode()
    assert_clean(answer.content.decode())
    assert mail.outbox == []


def test_a_database_that_refuses(planted, client_of, written, broken_views):
    secretary = client_of("secretary")
    secretary.raise_request_exception = False
    answer = secretary.post("/probe/database/", FORMS)
    assert answer.status_code == 500
    assert_clean(answer.content.decode())
    assert "IntegrityError 23" in written.getvalue()
    assert mail.outbox == []


def test_the_database_does_quote_the_row(planted):
    """What the test above guards against is there."""
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        make.account(username=NAME)


def test_every_address_is_asked_with_everything(planted, world, client_of, written):
    """All pages that take no argument, by GET with a search and by POST, by three roles: good, bad and refused input."""
    names = list(_plain_addresses())
    assert len(names) > 25
    for role in ("secretary", "affairs_worker", "administrator"):
        client = client_of(role)
        client.raise_request_exception = False
        for address in names:
            if "logout" in address:
                continue
            client.get(address, {"q": NAME, "next": TEXT})
            answer = client.post(address, FORMS | {"q": NAME, "reason": TEXT, "title": TEXT, "url": f"https://{MAIL}/"})
            assert answer.status_code < 500, address
    assert "Traceback" not in written.getvalue()


def _plain_addresses() -> Iterator[str]:
    from django.urls import get_resolver

    def walk(patterns: list, before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, here)
            elif "<" not in here and "(" not in here and "^" not in here:
                yield "/" + here

    yield from walk(get_resolver().url_patterns, "")


@pytest.mark.parametrize("status", [400, 403, 404])
def test_error_pages_and_their_lines(planted, world, written, status, settings):
    """An address that is wrong may hold a token, a query what was searched for, a host what somebody typed."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    token = "T0ken" * 8
    if status == 400:
        settings.ALLOWED_HOSTS = ["zhibu.example.org"]
        host = {"host": f"{PASSWORD}.example.test"}
        answer, searched = client.get("/", headers=host), client.get("/", {"q": NAME}, headers=host)
    elif status == 403:
        answer = searched = client.post(reverse("account_login"), {"login": "x", "password": PASSWORD})
    else:
        answer, searched = client.get(f"/feeds2/{token}/"), client.get(f"/feeds2/{token}/", {"q": NAME})
    assert (answer.status_code, searched.status_code) == (status, status)
    assert_clean(answer.content.decode())
    assert_clean(written.getvalue(), token)


def test_a_refused_sign_in(planted, written):
    client = Client()
    for _ in range(7):
        client.post(reverse("account_login"), {"login": NAME, "password": PASSWORD})
    client.post(reverse("account_reset_password"), {"email": MAIL})


def test_no_handler_but_ours(written):
    """Whatever another library hangs up would write in its own words."""
    known = {"django.server"}  # of the development server alone
    names = [name for name in logging.root.manager.loggerDict if name not in known]
    for logger in (logging.getLogger(), *map(logging.getLogger, names)):
        for handler in logger.handlers:
            ours = isinstance(handler.formatter, PlainFormatter) or isinstance(handler, logging.NullHandler)
            assert ours or type(handler).__module__.startswith("_pytest"), (logger.name, handler)


# --- gunicorn, Celery, PostgreSQL -----------------------------------------------------------------------------------------


def test_gunicorn_speaks_as_we_do():
    text = io.StringIO()
    logger, handler = logging.Logger("gunicorn.error"), logging.StreamHandler(text)
    logger.addHandler(handler)
    gunicorn.on_starting(type("Arbiter", (), {"log": type("Log", (), {"error_log": logger})}))
    try:
        raise ValueError(NAME)
    except ValueError:
        logger.exception("Error handling request %s", f"/members/?q={NAME}")
    assert_clean(text.getvalue())
    assert "ValueError" in text.getvalue()
    assert "/members/?…" in text.getvalue()


WORKER = """
import sys, django
from config.celery import app
django.setup()
from django.db import IntegrityError

@app.task(name="probe")
def probe(word, how):
    if how == "result":
        return word
    problem = IntegrityError if how == "database" else ValueError
    raise problem(f"Key (name)=({word}) already exists")

app.log.setup(loglevel="INFO", redirect_stdouts=True, redirect_level="WARNING")
for how in ("result", "raise", "database"):
    probe.apply(args=[sys.argv[1], how])
import logging
print("printed")
logging.getLogger("celery.worker").error("Task handler raised error: %r", ValueError(sys.argv[1]))
"""


def test_celery_hangs_up_no_handlers_of_its_own():
    """As a worker sets up its log, in a process of its own; everything it writes is read."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", WORKER, NAME], capture_output=True, text=True, env=env, cwd=ROOT, timeout=60, check=False
    )
    text = done.stdout + done.stderr
    assert done.returncode == 0, text
    assert_clean(text)
    assert text.count("raised unexpected") == 2
    assert "ValueError" in text
    assert "IntegrityError" in text


def test_postgresql_quotes_nothing(tmp_path):
    """The embedded server's own log, with a key that is taken, a value that cannot be read, and a statement that is none."""
    cluster = Cluster(tmp_path / "home", throwaway=True)
    cluster.start()
    try:
        cluster.run_sql("CREATE TABLE probe (name text PRIMARY KEY, day date)", "zhibu")
        cluster.run_sql(f"INSERT INTO probe VALUES ('{NAME}', now())", "zhibu")
        for statement in (
            f"INSERT INTO probe VALUES ('{NAME}', now())",
            f"INSERT INTO probe VALUES ('b', '{PHONE}')",
            f"SELECT 1 FROM probe WHERE name = '{TEXT}' AND nothing = 1",
            f"SELECT '{MAIL}'::int",
        ):
            with pytest.raises(PostgresError):
                cluster.run_sql(statement, "zhibu")
        for name, value in (("log_error_verbosity", "terse"), ("log_min_error_statement", "panic")):
            assert cluster.run_sql(f"SHOW {name}") == value
    finally:
        cluster.stop()
    assert_clean(cluster.log.read_text())


# --- the formatter --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "arguments", "expected"),
    [
        ("Not Found: %s", ("/b/abcdefghjkmn/duties/",), "Not Found: /b/abcdefghjkmn/duties/"),
        ("Not Found: %s", ("/feeds/" + "a1" * 16 + ".ics",), "Not Found: /feeds/…"),
        ("%s %s", ("GET", "/members/?q=x&page=2"), "GET /members/?…"),
        ("What? %s", ("Now",), "What? Now"),
        ("failed: %r", (ValueError("x y"),), "failed: ValueError"),
        (ValueError("x y"), (), "ValueError"),
        ("Invalid: %s", ("x y",), "Invalid: x y"),
        ("Task %(name)s: %(exc)s", ({"name": "probe", "exc": "ValueError('x y')"},), "Task probe: …"),
        ("%d", ("x",), "%d"),
        ("100 %", (), "100 %"),
    ],
)
def test_a_line(message, arguments, expected):
    record = logging.LogRecord("probe", logging.INFO, "file", 1, message, arguments, None)
    assert PlainFormatter("%(message)s").format(record) == expected


def test_a_traceback_keeps_types_and_places_of_the_whole_chain():
    try:
        try:
            raise KeyError(NAME)
        except KeyError as problem:
            raise RuntimeError(TEXT) from problem
    except RuntimeError:
        record = logging.LogRecord("probe", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    text = PlainFormatter(LINE).format(record)
    assert_clean(text)
    assert text.index("KeyError") < text.index("RuntimeError")
    assert text.count("Traceback (most recent call last):") == 2
    assert "in test_a_traceback_keeps_types_and_places_of_the_whole_chain" in text


# --- 13: passwords or tokens in mail --------------------------------------------------------------------------------------


def test_no_mail_carries_a_password_or_a_token(planted, world, client_of, django_capture_on_commit_callbacks):
    """A code is handed over by a person, a calendar's address is shown once; a digest links to pages behind the sign-in."""
    user, secretary = planted.user, world.users["secretary"]
    confirmed(user, MAIL)
    confirmed(secretary)
    with django_capture_on_commit_callbacks(execute=True):
        code = accounts.code_issue(user=user, by=secretary, now=timezone.now()).code
        secret = feed_issue(of=planted, by=user)
        client_of("secretary").post(
            reverse("account_change_password"),
            {"oldpassword": "a-long-password", "password1": PASSWORD, "password2": PASSWORD},
        )
    said = "".join(letter.subject + letter.body for letter in mail.outbox)
    assert_clean(said, code, secret)
    assert settings.SECRET_KEY not in said
