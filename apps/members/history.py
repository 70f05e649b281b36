"""Dated membership: a change from a day on closes the old row and opens a new one. Pure arithmetic over rows."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.branches.models import Membership

FIELDS = ("group_id", "category", "standing", "is_hosted", "is_mobile", "mobile_to", "lost_contact_on")


class OutsideHistory(ValueError):
    """No row covers the day."""


@dataclass(slots=True)
class Edit:
    """Rows to save and rows to add; both empty when nothing changes."""

    changed: list[Membership] = field(default_factory=list)
    added: list[Membership] = field(default_factory=list)


def change_from(rows: Sequence[Membership], day: date, **values: Any) -> Edit:
    """What it takes for `values` to hold from `day` (included) on. `rows`: one person in one branch, oldest first.

    A row that begins on `day` is changed in place. Later rows take the values too: what was entered late is not undone by
    what was entered before it.
    """
    edit = Edit()
    covering = next((row for row in rows if row.starts_on <= day and (row.ends_before is None or row.ends_before > day)), None)
    if covering is None:
        raise OutsideHistory
    for row in rows:
        if row.starts_on < day and row is not covering:
            continue
        if all(getattr(row, name) == value for name, value in values.items()):
            continue
        if row is covering and row.starts_on < day:
            later = copy(row)
            later.pk, later.id, later._state = None, None, type(row._state)()
            later.starts_on = day
            row.ends_before, row.end_reason = day, ""
            edit.changed.append(row)
            edit.added.append(later)
            row = later
        else:
            edit.changed.append(row)
        for name, value in values.items():
            setattr(row, name, value)
    return edit


def first_of_run(rows: Sequence[Membership]) -> date | None:
    """Since when without a gap: the beginning of the last run of rows."""
    since, edge = None, None
    for row in rows:
        if row.starts_on != edge:
            since = row.starts_on
        edge = row.ends_before
    return since
