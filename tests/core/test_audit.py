"""Nobody rewrites the audit trail, the application's role least of all."""

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core.models import AuditEntry, audit


@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET action = 'x'", "DELETE FROM core_auditentry"])
def test_an_entry_stays_as_it_was_written(world, statement: str) -> None:
    audit(by=None, action="test", subject=world.branch)
    before = list(AuditEntry.objects.values())
    with pytest.raises(DatabaseError, match="permission denied|immutable"), transaction.atomic():
        connection.cursor().execute(statement)
    assert list(AuditEntry.objects.values()) == before
