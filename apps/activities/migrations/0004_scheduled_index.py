"""What is planned for the next days is found without reading what has been filed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_kinds")]

    operations = [
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("state", "scheduled")), fields=["held_on", "id"], name="activity_scheduled"
            ),
        ),
    ]
