"""What every later table needs: the refusal behind immutable tables, and the application role's rights on new tables."""

from django.conf import settings
from django.db import migrations

from apps.core.database import REFUSE


def grant(apps, schema_editor) -> None:  # noqa: ANN001
    """Tables that the owner makes from here on are usable by the application role. Nothing to do where one role does both."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [settings.APP_ROLE])
        if not cursor.fetchone():
            return
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {settings.APP_ROLE}")
        for rights, things in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES")):
            cursor.execute(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {things} TO {settings.APP_ROLE}"
            )
            cursor.execute(f"GRANT {rights} ON ALL {things} IN SCHEMA public TO {settings.APP_ROLE}")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [("accounts", "0001_accounts"), ("contenttypes", "0001_initial"), ("sessions", "0001_initial")]
    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE, "DROP FUNCTION zhibu_refuse()"),
    ]
