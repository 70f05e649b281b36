"""Dated membership: a change from a day on closes the old row and opens a new one. Pure arithmetic over rows."""

from collections.abc import Sequence
from copy import copy
from datetime import date
from typing import Any

from apps.branches.models import Membership

FIELDS = ("group_id", "category", "standing", "is_hosted", "is_mobile", "mobile_to", "lost_contact_on")
STORED = ("group", *FIELDS[1:], "starts_on", "ends_before", "end_reason")  # for bulk updates


class OutsideHistory(ValueError):
    """No row covers the day."""


class Timeline:
    """One person's memberships in one branch, oldest first. `changed` are to be saved, then `added` to be inserted."""

    def __init__(self, rows: Sequence[Membership]) -> None:
        self.rows = list(rows)
        self._changed: dict[int, Membership] = {}

    @property
    def changed(self) -> list[Membership]:
        return list(self._changed.values())

    @property
    def added(self) -> list[Membership]:
        return [row for row in self.rows if row.pk is None]

    @property
    def is_changed(self) -> bool:
        return bool(self._changed) or any(row.pk is None for row in self.rows)

    def on(self, day: date) -> Membership | None:
        return next(
            (row for row in self.rows if row.starts_on <= day and (not row.ends_before or row.ends_before > day)), None
        )

    def change(self, day: date, **values: Any) -> None:
        """Let `values` hold from `day` (included) on.

        A row that begins on `day` is changed in place. Later rows take the values too: what is entered late is not undone
        by what was entered before it. OutsideHistory where no row covers the day.
        """
        covering = self.on(day)
        if covering is None:
            raise OutsideHistory
        for row in [row for row in self.rows if row is covering or row.starts_on > day]:
            if all(getattr(row, name) == value for name, value in values.items()):
                continue
            if row.starts_on < day:
                row = self._split(row, day)
            for name, value in values.items():
                setattr(row, name, value)
            self._touch(row)

    def _split(self, row: Membership, day: date) -> Membership:
        later = copy(row)
        later._state = type(row._state)()  # copies share it otherwise, and with it the cached group
        later.pk, later.starts_on = None, day
        row.ends_before, row.end_reason = day, ""
        self._touch(row)
        self.rows.insert(self.rows.index(row) + 1, later)
        return later

    def _touch(self, row: Membership) -> None:
        if row.pk is not None:
            self._changed[row.pk] = row
