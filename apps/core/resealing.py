"""Seals everything anew with the newest key, while people work: afterwards an older key opens nothing that is stored.

Apps name their sealed columns in `columns` (AppConfig.ready). What lives for a day only, as uploads do, is left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Length, Substr

from apps.core import keyring

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Column:
    """`bound_to` makes what a value is bound to from the row's `names`."""

    model: str  # "app.Model"
    field: str
    names: tuple[str, ...]
    bound_to: Callable[..., str]


columns: list[Column] = []


@dataclass(frozen=True, slots=True)
class Done:
    """`refused`: values that did not open, with the place they stand in; they stay as they are."""

    column: Column
    sealed: int
    refused: tuple[int, ...] = ()


def reseal() -> Iterator[Done]:
    """Column after column, in committed batches: it may be stopped at any moment and begun again, and finds only what is left.

    A row that somebody is writing at that moment waits until the end of the batch; a change made meanwhile is not lost, since the
    row is read under its lock.
    """
    newest = keyring.newest()
    for column in columns:
        sealed, refused, after = 0, [], 0
        while batch := _batch(column, newest, after):
            done, failed, after = batch
            sealed += done
            refused += failed
        yield Done(column, sealed, tuple(refused))


@transaction.atomic
def _batch(column: Column, newest: bytes, after: int) -> tuple[int, list[int], int] | None:
    """Sealed, refused, and the last key of the batch; None where none is left behind `after`."""
    model: Any = apps.get_model(column.model)
    rows = model._default_manager.filter(pk__gt=after).exclude(**{column.field: None})
    old = rows.annotate(
        sealed_with=Substr(column.field, 1, len(newest), output_field=models.BinaryField()), size=Length(column.field)
    )
    old = old.filter(size__gt=0).exclude(sealed_with=newest).order_by("pk")
    found = list(old.select_for_update(of=("self",)).values("pk", column.field, *column.names)[:AT_ONCE])
    if not found:
        return None
    anew, refused = {}, []
    for row in found:
        bound_to = column.bound_to(*(row[name] for name in column.names))
        try:
            anew[row["pk"]] = keyring.seal(keyring.unseal(row[column.field], bound_to=bound_to), bound_to=bound_to)
        except keyring.Sealed:
            refused.append(row["pk"])
    if anew:
        binary = models.BinaryField()
        values = [models.When(pk=pk, then=models.Value(value, output_field=binary)) for pk, value in anew.items()]
        case = models.Case(*values, default=F(column.field), output_field=binary)
        model._default_manager.filter(pk__in=anew).update(**{column.field: case})
    return len(anew), refused, found[-1]["pk"]
