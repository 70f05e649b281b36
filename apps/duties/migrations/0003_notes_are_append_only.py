"""What was decided about a period stays written as it was."""

from django.db import migrations

from apps.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("duties", "0002_catalogue"), ("core", "0001_guards")]
    operations = [append_only("duties_dutynote")]
