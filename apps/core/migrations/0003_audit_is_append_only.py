"""Nobody rewrites the audit trail."""

from django.db import migrations

from apps.core.database import append_only, immutable


class Migration(migrations.Migration):
    dependencies = [("core", "0002_audit")]
    operations = [append_only("core_auditentry"), immutable("core_auditentry")]
