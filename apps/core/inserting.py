"""Rows of several tables by one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery


def insert_together(*sets: Sequence[Model]) -> None:
    """New rows, each set of one model. The objects do not learn their keys."""
    parts: list[str] = []
    params: list[Any] = []
    for number, rows in enumerate(filter(None, sets)):
        query = InsertQuery(type(rows[0]))
        query.insert_values([field for field in rows[0]._meta.concrete_fields if not field.primary_key], rows)
        ((statement, values),) = query.get_compiler(connection=connection).as_sql()
        parts.append(f"rows_{number} AS ({statement})")
        params += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(parts)} SELECT", params)
