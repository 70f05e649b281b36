"""What was handed in and what was decided about it stays as it was."""

from django.db import migrations

from apps.core.database import append_only, immutable


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_reports"), ("core", "0001_guards")]
    operations = [
        append_only("reports_reportversion"),
        immutable("reports_reportversion"),
        append_only("reports_reportnote"),
        immutable("reports_reportnote"),
    ]
