"""Rows of different tables in one query: each as its sort, its day and what else is to be said of it, in JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, JSONObject


@dataclass(frozen=True, slots=True)
class Set:
    """At most `most` rows, what is due first on top: `values` are the names and expressions that are needed of each."""

    rows: QuerySet
    due_on: str | None = "due_on"
    values: Mapping[str, str | Combinable] = field(default_factory=dict)
    most: int = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a `Set`. Dates among `values` are text."""

    due_on: date | None
    values: dict[str, Any]


def ask(sets: Iterable[tuple[str, Set]]) -> Iterator[tuple[str, Row]]:
    """Each row with the sort of its set. One query, and none where nothing is asked."""
    parts = [_columns(sort, one) for sort, one in sets]
    if not parts:
        return
    for sort, due_on, values in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
        yield sort, Row(due_on, values)


def _columns(sort: str, one: Set) -> QuerySet:
    due_on = Cast(F(one.due_on) if one.due_on else Value(None), DateField())
    columns = {
        "as_sort": Value(sort, output_field=CharField()), "as_due_on": due_on, "as_values": JSONObject(**one.values),
    }  # fmt: skip
    rows = one.rows.order_by().annotate(**columns).order_by(F("as_due_on").asc(nulls_last=True), "pk")
    return rows.values_list(*columns)[: one.most]
