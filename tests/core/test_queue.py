"""The embedded queue: installed once, owned by the role that serves, thrown away when another version comes."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from kombu import Connection
from psycopg import errors

from apps.core.stack import queue
from apps.core.stack.broker import (
    EMBEDDED,
    LEASE_SECONDS,
    connection_string,
    prefetch_multiplier,
    queue_type,
    transport_options,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def databases(django_db_setup):
    """The test database as Django's settings tell it, for both roles."""
    here = {"NAME": connection.settings_dict["NAME"], "HOST": connection.settings_dict["HOST"]}
    owner, application = settings.OWNER_DATABASE | here, settings.APP_DATABASE | here
    yield {"owner": owner, "application": application}
    with psycopg.connect(connection_string(application)) as session:
        session.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")


def test_a_message_goes_through_the_queue_of_the_application_role(databases):
    assert queue.install(**databases) is True
    assert queue.install(**databases) is False
    with Connection(EMBEDDED, transport_options=transport_options(EMBEDDED, databases["application"])) as broker:
        box = broker.SimpleQueue("probe")
        box.put({"id": 7})
        message = box.get(timeout=5)
        assert message.payload == {"id": 7}
        message.ack()
        box.close()


def test_another_version_replaces_the_queue(databases):
    queue.install(**databases)
    with psycopg.connect(connection_string(databases["application"])) as session:
        session.execute("COMMENT ON SCHEMA pgmq IS 'pgmq 0.1'")
        session.execute("SELECT pgmq.create('old')")
    assert queue.install(**databases) is True
    with psycopg.connect(connection_string(databases["application"])) as session:
        assert session.execute("SELECT queue_name FROM pgmq.list_queues()").fetchall() == []


@pytest.mark.skipif(settings.OWNER_DATABASE["USER"] == settings.APP_DATABASE["USER"], reason="one role")
def test_the_application_role_keeps_no_right_to_make_schemas(databases):
    queue.install(**databases)
    with (
        pytest.raises(errors.InsufficientPrivilege),
        psycopg.connect(connection_string(databases["application"])) as session,
    ):
        session.execute("CREATE SCHEMA mine")


def test_a_connection_string_quotes_what_it_must():
    database = {
        "NAME": "zhibu",
        "USER": "it's",
        "PASSWORD": r"a\b c",
        "HOST": "/tmp/a b",
        "PORT": 5432,
        "OPTIONS": {"sslmode": "require", "pool": {"min_size": 1}},
    }
    assert psycopg.conninfo.conninfo_to_dict(connection_string(database)) == {
        "dbname": "zhibu",
        "user": "it's",
        "password": r"a\b c",
        "host": "/tmp/a b",
        "port": "5432",
        "sslmode": "require",
    }


@pytest.mark.parametrize(
    ("url", "lease", "prefetch", "kind"),
    [
        (EMBEDDED, LEASE_SECONDS, 4, "classic"),
        ("redis://broker/0", LEASE_SECONDS, 1, "classic"),
        ("amqp://broker//", None, 1, "quorum"),
    ],
)
def test_each_broker_gets_its_own_settings(url, lease, prefetch, kind):
    assert transport_options(url, settings.APP_DATABASE).get("visibility_timeout") == lease
    assert (prefetch_multiplier(url), queue_type(url)) == (prefetch, kind)


def test_no_task_may_outlive_its_lease():
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < LEASE_SECONDS
