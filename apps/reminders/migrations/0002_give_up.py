import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0003_liaisons"),
        ("reminders", "0001_reminders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_parked",
        ),
        migrations.AddField(
            model_name="delivery",
            name="discard_reason",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="delivery",
            name="discarded_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("dropped", "Nothing left to say"),
                    ("parked", "Parked"),
                    ("discarded", "Discarded"),
                    ("held", "Held back"),
                ],
                default="waiting",
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["parked", "discarded"])),
                fields=["-state", "-id"],
                name="delivery_given_up",
            ),
        ),
    ]
