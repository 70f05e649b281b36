"""What came of what: a visit, an opinion or a finding, the report on it, the assignment, the reply."""

from django.conf import settings
from django.db import models


class Link(models.Model):
    """`result` was made of `origin`. Keys like “matter:k3v…” and nothing else: no name, no word, so nothing to erase."""

    origin = models.CharField(max_length=41)
    result = models.CharField(max_length=41)
    made_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "result"], name="chain_link_once")]
        indexes = [models.Index(fields=["result"], name="chain_link_back")]

    def __str__(self) -> str:
        return f"{self.origin} → {self.result}"
