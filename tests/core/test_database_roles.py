"""Tests run with the rights of the served application, so that they meet its limits."""

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection

from tests.conftest import connect_as

two_roles = pytest.mark.skipif(
    settings.OWNER_DATABASE["USER"] == settings.APP_DATABASE["USER"], reason="this database has one role"
)


@two_roles
@pytest.mark.django_db
def test_tests_run_as_the_application_role_which_owns_no_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (settings.APP_DATABASE["USER"], False)
        cursor.execute("SELECT tablename FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'")
        assert cursor.fetchall() == []


@two_roles
@pytest.mark.django_db(transaction=True)
def test_what_the_owner_takes_away_the_application_cannot_do():
    connect_as(settings.OWNER_DATABASE)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE carved (word text)")
        cursor.execute(f"REVOKE UPDATE, DELETE ON carved FROM {settings.APP_DATABASE['USER']}")
    connect_as(settings.APP_DATABASE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO carved VALUES ('kept')")
            for forbidden in ("UPDATE carved SET word = 'changed'", "DELETE FROM carved"):
                with pytest.raises(ProgrammingError, match="permission denied"):
                    cursor.execute(forbidden)
            cursor.execute("SELECT word FROM carved")
            assert cursor.fetchall() == [("kept",)]
    finally:
        connect_as(settings.OWNER_DATABASE)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE carved")
        connect_as(settings.APP_DATABASE)
