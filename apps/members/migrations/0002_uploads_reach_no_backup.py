"""Uploads hold full ID numbers: an unlogged table stays out of the write-ahead log and so out of every backup made from it.

After a crash the table is empty, and the file has to be chosen once more.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("members", "0001_imports_and_details")]

    operations = [
        migrations.RunSQL("ALTER TABLE members_importfile SET UNLOGGED", "ALTER TABLE members_importfile SET LOGGED")
    ]
