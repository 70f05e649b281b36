"""The test database: made and migrated by the owner role, used by the application role, on a cluster of its own.

DATABASE_URL (and DATABASE_OWNER_URL, which may create databases) replace the embedded cluster.
"""

from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connection

from apps.core import keyring
from apps.core.stack.catalogs import compile_catalogs
from apps.core.stack.postgres import Cluster

pytest_plugins = ["tests.fixtures"]
_stack = ExitStack()


def embedded_cluster() -> Cluster | None:
    return Cluster(settings.TEST_CLUSTER, throwaway=True) if settings.TEST_CLUSTER else None


def pytest_configure(config):
    keyring.make_first(settings.KEYRING)
    # The process that collects for all workers holds the cluster; whoever leaves it last stops it.
    if hasattr(config, "workerinput"):
        return
    compile_catalogs(settings.BASE_DIR / "locale")
    if cluster := embedded_cluster():
        _stack.enter_context(cluster.shared())


def pytest_unconfigure(config):
    _stack.close()


def connect_as(role: dict) -> None:
    connection.close()
    connection.settings_dict |= {"USER": role["USER"], "PASSWORD": role.get("PASSWORD", "")}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    if cluster := embedded_cluster():
        cluster.start()
    connect_as(settings.OWNER_DATABASE)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After the migrations everything runs with the rights of the served application."""
    with django_db_blocker.unblock():
        if settings.OWNER_DATABASE["USER"] != settings.APP_DATABASE["USER"]:
            with connection.cursor() as cursor:  # transactional tests empty the tables; the application never may
                role = connection.ops.quote_name(settings.APP_DATABASE["USER"])
                cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {role}")
        connect_as(settings.APP_DATABASE)
    yield
    with django_db_blocker.unblock():
        connect_as(settings.OWNER_DATABASE)
