"""The steps by which somebody is reminded of a day in the calendar, as a table and as SQL. No clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Cast, Concat

OVERDUE, REPEAT = "overdue", "repeat"
REPEAT_DAYS = 14  # one repeat, then silence


@dataclass(frozen=True, slots=True)
class Ladder:
    """`before`: days relative to the due day, each zero or less: (-7, -2). Then the day it is overdue, and one repeat."""

    before: tuple[int, ...]

    def __post_init__(self) -> None:
        if any(days > 0 for days in self.before):
            raise ValueError("steps before the due day are zero or negative")

    @classmethod
    def of(cls, before: Sequence[int]) -> "Ladder":
        return cls(tuple(sorted(set(before))))

    def steps(self, due_on: date, overdue_from: date) -> Iterator[tuple[str, date]]:
        """Every step and its day, in order."""
        for days in self.before:
            yield slug(days), due_on + timedelta(days=days)
        yield OVERDUE, overdue_from
        yield REPEAT, overdue_from + timedelta(days=REPEAT_DAYS)

    def latest(self, due_on: date, overdue_from: date, until: date) -> tuple[str, date] | None:
        """The last step reached by `until`: what a silence left out before it is not said any more."""
        reached = [(step, day) for step, day in self.steps(due_on, overdue_from) if day <= until]
        return reached[-1] if reached else None


def slug(days: int) -> str:
    return f"due{days}" if days else "due"


class _LatestBefore(Func):
    """The last of the ladder's days that is reached: arguments are the ladder, the due day and `until`. NULL: none yet."""

    output_field = IntegerField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple]:
        ladder, due, until = (compiler.compile(one) for one in self.source_expressions)
        sql = (
            f"(SELECT max(days) FROM unnest({ladder[0]}::smallint[]) AS days WHERE {due[0]} + days <= {until[0]}::date)"
        )
        return sql, (*ladder[1], *due[1], *until[1])


def with_step(
    rows: QuerySet, until: date, *, ladder: F | Sequence[int], due: str, overdue: str | None = None
) -> QuerySet:
    """`rows` that have reached a step by `until`, with `ladder_step` and `ladder_on`: `Ladder.latest` in SQL.

    `ladder` is a field, or one ladder for all; `overdue` the field of the first overdue day, by default the one after `due`.
    """
    overdue_from = F(overdue) if overdue else _days_after(F(due), Value(1))
    days = _LatestBefore(ladder if isinstance(ladder, F) else Value(list(ladder)), F(due), Value(until))
    rows = rows.alias(ladder_days=days, ladder_overdue_from=overdue_from).annotate(
        ladder_step=Case(
            When(ladder_overdue_from__lte=until - timedelta(days=REPEAT_DAYS), then=Value(REPEAT)),
            When(ladder_overdue_from__lte=until, then=Value(OVERDUE)),
            When(ladder_days=0, then=Value(slug(0))),
            When(ladder_days__isnull=False, then=Concat(Value("due"), Cast("ladder_days", CharField()))),
            output_field=CharField(),
        ),
        ladder_on=Case(
            When(
                ladder_overdue_from__lte=until - timedelta(days=REPEAT_DAYS),
                then=_days_after(F("ladder_overdue_from"), Value(REPEAT_DAYS)),
            ),
            When(ladder_overdue_from__lte=until, then=F("ladder_overdue_from")),
            default=_days_after(F(due), F("ladder_days")),
            output_field=DateField(),
        ),
    )
    return rows.filter(Q(ladder_overdue_from__lte=until) | Q(ladder_days__isnull=False))


def _days_after(day: Any, days: Any) -> ExpressionWrapper:
    return ExpressionWrapper(day + days, output_field=DateField())
