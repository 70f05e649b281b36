"""The database in and out, with pg_dump and psql, as the owner role."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from apps.core.backup.errors import BackupError, gettext_noop
from apps.core.backup.registry import inside, left_out
from apps.core.database import APPEND_ONLY
from apps.core.models import AuditEntry
from apps.core.stack.broker import SCHEMA as QUEUE
from apps.core.stack.broker import connection_string
from apps.core.stack.home import hold_home
from apps.core.stack.postgres import Cluster, PostgresError, environment, find_binaries

PIECE = 1 << 16

# What stands in `public` and belongs to no extension; the way back begins with nothing.
EMPTY = """
DO $$
DECLARE thing record;
BEGIN
  FOR thing IN
    SELECT relname, relkind FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
  LOOP
    EXECUTE format('DROP %s IF EXISTS public.%I CASCADE',
      CASE thing.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, thing.relname);
  END LOOP;
  FOR thing IN
    SELECT oid::regprocedure::text AS name FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
  LOOP
    EXECUTE 'DROP ROUTINE IF EXISTS ' || thing.name || ' CASCADE';
  END LOOP;
END $$;
"""


@contextmanager
def at_hand(*, may_be_new: bool = False) -> Iterator[None]:
    """The embedded server runs for the length of the block; a server of one's own is left alone."""
    cluster = None if os.environ.get("DATABASE_URL") else Cluster(settings.HOME / "postgres")
    if cluster is None or cluster.is_running():
        yield
        return
    if not may_be_new and not cluster.data.exists():
        raise BackupError(gettext_noop("There is no database in %(folder)s."), folder=cluster.home)
    lock = hold_home(settings.HOME)
    try:
        cluster.start()
        yield
    except PostgresError as error:
        raise BackupError(error.template, **error.values) from error
    finally:
        cluster.stop()
        os.close(lock)


def connect() -> psycopg.Connection:
    try:
        return psycopg.connect(connection_string(settings.OWNER_DATABASE))
    except psycopg.OperationalError as error:
        raise BackupError(gettext_noop("The database does not answer: %(said)s"), said=str(error).strip()) from error


def tool(name: str) -> str:
    """The program beside the embedded server, else the system's."""
    try:
        folder: Path | None = find_binaries()[0]
    except PostgresError:
        folder = None
    found = str(folder / name) if folder and (folder / name).exists() else shutil.which(name)
    if not found:
        text = gettext_noop("The program %(name)s was not found. It comes with PostgreSQL and its client packages.")
        raise BackupError(text, name=name)
    return found


def access() -> dict[str, str]:
    """Where the database is, as the programs read it: a password has no place on a command line."""
    database: Mapping[str, Any] = settings.OWNER_DATABASE
    given = {
        "PGHOST": database.get("HOST"),
        "PGPORT": database.get("PORT"),
        "PGUSER": database.get("USER"),
        "PGPASSWORD": database.get("PASSWORD"),
        "PGDATABASE": database["NAME"],
        "PGSSLMODE": database.get("OPTIONS", {}).get("sslmode"),
        "PGSSLROOTCERT": database.get("OPTIONS", {}).get("sslrootcert"),
        "PGCLIENTENCODING": "UTF8",
    }
    return environment() | {key: str(value) for key, value in given.items() if value}


# --- Out ------------------------------------------------------------------------------------------------------------------


def describe(connection: psycopg.Connection) -> dict[str, Any]:
    """What the manifest says of the database: migrations, rows of each table, tables whose rows stay behind."""
    if not _exists(connection, "public.django_migrations"):
        raise BackupError(gettext_noop("The database is empty: there is nothing to back up."))
    tables = connection.execute(
        "SELECT relname, relpersistence FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    ).fetchall()
    behind = sorted({name for name, kind in tables if kind == "u"} | ({name for name, _ in tables} & set(left_out)))
    counts = {
        name: connection.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))).fetchone()[0]
        for name, _ in tables
        if name not in behind
    }
    migrations: dict[str, list[str]] = {}
    for app, name in connection.execute("SELECT app, name FROM public.django_migrations ORDER BY app, name"):
        migrations.setdefault(app, []).append(name)
    return {
        "postgres": connection.info.server_version,
        "migrations": migrations,
        "tables": counts,
        "left_out": behind,
    }


def dump(take: Callable[[bytes], None], *, left_out: Iterable[str], snapshot: str) -> None:
    """Everything but the queue and the rows of `left_out`, as SQL without owners and rights."""
    command = [tool("pg_dump"), "--no-owner", "--no-acl", "--no-comments", "--no-unlogged-table-data"]
    command += [f"--exclude-schema={QUEUE}", f"--snapshot={snapshot}"]
    command += [f"--exclude-table-data=public.{name}" for name in left_out]
    with _program(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 -- asked for above
        while piece := process.stdout.read(PIECE):
            take(piece)


# --- In -------------------------------------------------------------------------------------------------------------------


def refuse_strangers(connection: psycopg.Connection) -> None:
    """Nobody else may be at the database: what they are in the middle of would be lost or mixed in."""
    # The kind of a process is hidden from all but its own role; a role it has tells a client from the server's own helpers.
    others = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND usesysid IS NOT NULL"
    ).fetchone()
    if others and others[0]:
        text = gettext_noop("%(count)d connections are open: stop web, worker and beat first.")
        raise BackupError(text, count=others[0])


def has_data(connection: psycopg.Connection) -> bool:
    """Whether anybody has worked here; what migrations bring along does not count."""
    for model in (get_user_model(), AuditEntry):
        table = model._meta.db_table
        if _exists(connection, f"public.{table}"):
            query = sql.SQL("SELECT 1 FROM public.{} LIMIT 1").format(sql.Identifier(table))
            if connection.execute(query).fetchone():
                return True
    return False


def refuse_later_version(migrations: Mapping[str, Iterable[str]]) -> None:
    known = MigrationLoader(None).disk_migrations
    ours = {app for app, _ in known}
    unknown = [f"{app}.{name}" for app, names in migrations.items() for name in names if (app, name) not in known]
    if unknown:
        what = unknown[0] if unknown[0].partition(".")[0] in ours else unknown[0].partition(".")[0]
        text = gettext_noop(
            "The backup was made by a later version (%(what)s is not known here). Install that version first."
        )
        raise BackupError(text, what=what)


def load(pieces: Iterable[bytes], *, tables: Mapping[str, int]) -> None:
    """Replace everything in one transaction: a failure, a lost connection or a lost process leave what was there."""
    command = [tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", "-"]
    with _program(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101 -- asked for above
        with contextlib.suppress(BrokenPipeError):  # psql says why
            process.stdin.write(f"BEGIN;\nSET LOCAL client_min_messages = warning;\n{EMPTY}".encode())
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.write(_at_the_end(tables).encode())
            process.stdin.close()


def _at_the_end(tables: Mapping[str, int]) -> str:
    """As many rows as there were, the application's rights, and what must never be seen undone."""
    counts = "".join(
        f"  IF (SELECT count(*) FROM public.{name}) <> {count} THEN RAISE 'rows are missing in {name}'; END IF;\n"
        for name, count in tables.items()
    )
    statements = [f"DO $$\nBEGIN\n{counts}END $$;"]
    role = settings.APP_ROLE
    append_only = "".join(
        f"    REVOKE UPDATE, DELETE ON public.{name} FROM {role};\n" for name in sorted(APPEND_ONLY) if name in tables
    )
    statements.append(
        f"DO $$\nBEGIN\n  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}' AND rolname <> current_user) THEN\n"
        f"    GRANT USAGE ON SCHEMA public TO {role};\n"
        f"    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};\n"
        f"    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};\n"
        f"    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};\n"
        f"    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};\n"
        f"{append_only}  END IF;\nEND $$;"
    )
    statements += [f"{one.sql};" for one in inside if one.table.removeprefix("public.") in tables]
    return "\n" + "\n".join(statements) + "\nCOMMIT;\n"


# ---------------------------------------------------------------------------------------------------------------------------


def _exists(connection: psycopg.Connection, table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
    return bool(found and found[0])


@contextmanager
def _program(command: list[str], **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """BackupError with the program's own words where it fails; killed where the block fails."""
    with tempfile.TemporaryFile() as words:  # a pipe that nobody empties would stop it
        process = subprocess.Popen(command, stderr=words, env=access(), **pipes)
        try:
            yield process
            if process.wait():
                words.seek(0)
                last = "\n".join(words.read().decode(errors="replace").strip().splitlines()[-5:])
                raise BackupError(gettext_noop("%(tool)s failed: %(said)s"), tool=Path(command[0]).name, said=last)
        finally:
            if process.poll() is None:
                process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            process.wait()
