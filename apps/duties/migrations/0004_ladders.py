"""Each rule says by which steps its owing party is reminded, and when the level above sees that help is needed."""

import django.contrib.postgres.fields
from django.db import migrations, models

from apps.duties.schedule import help_days, usual_ladder


def fill(apps, schema_editor) -> None:  # noqa: ANN001
    rules = apps.get_model("duties", "DutyRule").objects
    for months in (1, 3, 6, 12):
        rules.filter(months=months).update(ladder=list(usual_ladder(months)), help_days=help_days(months))


class Migration(migrations.Migration):
    dependencies = [("duties", "0003_notes_are_append_only")]
    operations = [
        migrations.AddField(
            "dutyrule",
            "ladder",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.SmallIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField("dutyrule", "help_days", models.PositiveSmallIntegerField(default=14)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
