"""A filed record changes only by a further version; versions never change."""

from django.db import migrations

from apps.core.database import append_only, immutable

GUARD = """
CREATE FUNCTION activity_filed_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a filed record is withdrawn, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.version <= OLD.version AND to_jsonb(NEW) - 'signed' <> to_jsonb(OLD) - 'signed' THEN
        RAISE EXCEPTION 'a filed record changes only by a further version' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER activity_filed_guard BEFORE UPDATE OR DELETE ON activities_activity
    FOR EACH ROW WHEN (OLD.state IN ('filed', 'withdrawn')) EXECUTE FUNCTION activity_filed_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_sittings_and_activities"), ("core", "0001_guards")]
    operations = [
        append_only("activities_activityversion"),
        immutable("activities_activityversion"),
        migrations.RunSQL(
            GUARD, "DROP TRIGGER activity_filed_guard ON activities_activity; DROP FUNCTION activity_filed_guard()"
        ),
    ]
