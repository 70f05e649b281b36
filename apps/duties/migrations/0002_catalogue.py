"""The duties every branch starts with."""

from django.db import migrations

from apps.duties.catalogue.loading import load


def forwards(apps, schema_editor) -> None:  # noqa: ANN001
    load(apps.get_model("duties", "DutyRule"))


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_rules_and_periods")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
