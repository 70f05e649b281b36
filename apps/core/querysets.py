"""Scopes that hold for every dated table."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_on` (included) and `ends_before` (not included; empty: open)."""

    def on(self, day: date) -> Self:
        """Those in force on `day`."""
        return self.filter(Q(ends_before=None) | Q(ends_before__gt=day), starts_on__lte=day)
