"""Guards that live in the database, for use in migrations."""

from django.conf import settings
from django.db import migrations

# Tables that the application role may only read and add to, as far as migrations have been loaded.
APPEND_ONLY: set[str] = set()

REFUSE = """
CREATE OR REPLACE FUNCTION zhibu_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the row is immutable', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def immutable(table: str) -> migrations.RunSQL:
    """No UPDATE and no DELETE of any row of `table`, by anyone."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION zhibu_refuse()",
        f"DROP TRIGGER {table}_immutable ON {table}",
    )


def _revoke(apps, schema_editor, table: str) -> None:  # noqa: ANN001
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [settings.APP_ROLE])
        if cursor.fetchone():
            cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {settings.APP_ROLE}")


def append_only(table: str) -> migrations.RunPython:
    """The application role may only read and add rows of `table`."""
    APPEND_ONLY.add(table)
    return migrations.RunPython(lambda apps, editor: _revoke(apps, editor, table), migrations.RunPython.noop)
