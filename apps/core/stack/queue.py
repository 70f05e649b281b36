"""Installs the embedded queue: the SQL of pgmq in a schema of its own, owned by the role that serves."""

from collections.abc import Mapping
from typing import Any

import psycopg
from pgmq.install import get_embedded_install_sql, get_embedded_sql_version
from psycopg import sql

from apps.core.stack.broker import SCHEMA, connection_string


def install(*, owner: Mapping[str, Any], application: Mapping[str, Any]) -> bool:
    """Install or replace the queue; False if this version already stands there. Takes Django's database settings.

    The queue holds wake-ups and no facts, and pgmq's plain SQL knows no upgrade: another version is dropped and made anew.
    """
    version = f"pgmq {get_embedded_sql_version()}"
    with psycopg.connect(connection_string(application)) as connection:
        found = connection.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA]).fetchone()
        if found == (version,):
            return False
    # The serving role may make schemas for this moment only.
    with psycopg.connect(connection_string(owner), autocommit=True) as connection:
        name, role = sql.Identifier(connection.info.dbname), sql.Identifier(application["USER"])
        two_roles = application["USER"] != owner["USER"]
        if two_roles:
            connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(name, role))
        try:
            _replace(application, version)
        finally:
            if two_roles:
                connection.execute(sql.SQL("REVOKE CREATE ON DATABASE {} FROM {}").format(name, role))
    return True


def _replace(application: Mapping[str, Any], version: str) -> None:
    schema = sql.Identifier(SCHEMA)
    with psycopg.connect(connection_string(application)) as connection:  # one transaction: whole or not at all
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        connection.execute(get_embedded_install_sql())
        connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(schema, sql.Literal(version)))
