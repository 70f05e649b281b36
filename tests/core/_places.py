"""Installations to back up and restore: a database of its own on the test server, a home, and `manage.py`."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql

from apps.core.stack.broker import connection_string

OWNER, APP = settings.OWNER_DATABASE, settings.APP_DATABASE
PUBLIC = "'public'::regnamespace"
STRUCTURE = {
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger "
    "WHERE NOT tgisinternal",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    f"WHERE connamespace = {PUBLIC} AND contype <> 'n'",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": "SELECT proname, pg_get_functiondef(p.oid) FROM pg_proc p "
    f"WHERE pronamespace = {PUBLIC} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')",
    "sequences": "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'",
    "columns": "SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "kinds": f"SELECT relname, relpersistence FROM pg_class WHERE relnamespace = {PUBLIC} AND relkind = 'r'",
    "rights": "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
    "WHERE grantee = '{app}' AND table_schema = 'public'",
    "owners": "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'",
}
# PostgreSQL writes IN (…) with casts, and reads what it wrote with the casts elsewhere. They mean the same.
REWRITTEN = re.compile(r"::(?:character varying|text)(?:\[\])?|[()\s]")


@dataclass
class Place:
    """One installation: a database of its own on the test server, a home, and `manage.py`."""

    home: Path
    database: str

    @property
    def address(self) -> dict:
        host = settings.DATABASES["default"]["HOST"]
        return {"HOST": host, "NAME": self.database}

    def url(self, role: dict) -> str:
        password = f":{quote(role['PASSWORD'])}" if role.get("PASSWORD") else ""
        port = f":{role['PORT']}" if role.get("PORT") else ""
        return f"postgres://{role['USER']}{password}@{quote(self.address['HOST'], safe='')}{port}/{self.database}"

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": self.url(APP),
            "DATABASE_OWNER_URL": self.url(OWNER),
            "ZHIBU_HOME": str(self.home),
            "ZHIBU_NOW": "2026-03-18T09:00:00",
            "CELERY_BROKER_URL": "memory://",
            "LC_ALL": "C.UTF-8",
            "LANG": "en",
            "PYTHONWARNINGS": "",
            "PYTHONPATH": str(settings.BASE_DIR),
        }

    def run(self, *command: str, fails: bool = False, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=settings.BASE_DIR, env=self.environment() | {"LC_ALL": "en"} | more,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def manage(self, *command: str, fails: bool = False, **more: str) -> str:
        return self.run("manage.py", *command, fails=fails, **more)

    def connect(self, role: dict = OWNER) -> psycopg.Connection:
        return psycopg.connect(connection_string(role | self.address), autocommit=True)

    def ask(self, query: str) -> list[tuple]:
        with self.connect() as connection:
            return connection.execute(query).fetchall()

    def rows(self) -> dict[str, tuple[int, str]]:
        """Of every table: how many rows, and a digest of all that they say."""
        found = {}
        with self.connect() as connection:
            tables = f"SELECT relname FROM pg_class WHERE relnamespace = {PUBLIC} AND relkind = 'r' ORDER BY 1"
            for (name,) in connection.execute(tables).fetchall():
                query = (
                    "SELECT count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM public.{} t"
                )
                found[name] = connection.execute(sql.SQL(query).format(sql.Identifier(name))).fetchone()
        return found

    def structure(self) -> dict[str, list[str]]:
        """Triggers, constraints, indexes, functions, the state of sequences, rights: as PostgreSQL itself writes them."""
        return {
            name: sorted(REWRITTEN.sub("", str(row)) for row in self.ask(query.format(app=APP["USER"])))
            for name, query in STRUCTURE.items()
        }
