from django.db import migrations

from apps.core.database import append_only, immutable


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_ledger"), ("core", "0001_guards")]

    operations = [immutable("supervision_step"), append_only("supervision_step")]
