"""The audit trail, and the marks of the keys."""

from typing import Any

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Who did what to which row, or opened a sensitive one. Field names, never sensitive values.

    Append-only: the application's database role has neither UPDATE nor DELETE, and a trigger refuses both to everyone.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)  # "branches.person"
    subject_id = models.BigIntegerField(null=True)
    organization_id = models.BigIntegerField(null=True, db_index=True)
    fields = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject} {self.subject_id}"


class KeyMark(models.Model):
    """A key that this database has been served with; see key_marks. Says nothing about the key itself."""

    key_id = models.CharField(max_length=8, unique=True)
    check_value = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.key_id


def audit(
    *,
    by: Any,
    action: str,
    subject: models.Model,
    organization_id: int | None = None,
    fields: list[str] | None = None,
    note: str = "",
) -> None:
    """Write one line inside the caller's transaction. `note` must hold nothing sensitive."""
    AuditEntry.objects.create(
        actor=by if by and by.pk else None,
        action=action,
        subject=subject._meta.label_lower,
        subject_id=subject.pk,
        organization_id=organization_id,
        fields=fields or [],
        note=note,
    )
