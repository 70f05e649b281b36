"""What was done with an assignment stays written as it was."""

from django.db import migrations

from apps.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("assignments", "0001_assignments"), ("core", "0001_guards")]
    operations = [append_only("assignments_assignmentevent")]
