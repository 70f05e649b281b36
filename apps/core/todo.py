"""What a home page lists: each app adds questions, or a provider, in its AppConfig.ready. Home pages read nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, JSONObject

from apps.core.http import HtmxRequest


class Section(StrEnum):
    """Three lists: mine, waiting for others, calendar."""

    MINE = "mine"
    OTHERS = "others"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Action:
    """One button of a row; at most two a row."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Todo:
    """One row. `due_on` sorts it, `when` says it in words; `domain` and `status` name the tag (apps.core.status)."""

    section: Section
    title: str
    url: str
    due_on: date | None = None
    when: str = ""
    detail: str = ""
    domain: str = ""
    status: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Set:
    """At most `most` rows, what is due first on top: `values` are the names and expressions that `Question.say` needs of each."""

    rows: QuerySet
    due_on: str | None = "due_on"
    values: Mapping[str, str | Combinable] = field(default_factory=dict)
    most: int = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a `Set`. Dates among `values` are text."""

    due_on: date | None
    values: dict[str, Any]


# Called with the request and the public id of the branch the page is about (empty: the person's own rows).
Provider = Callable[[HtmxRequest, str], Iterable[Todo]]


@dataclass(frozen=True, slots=True)
class Question:
    """What one sort of row is found by and how it is said; None leaves the row out. All questions are one query."""

    sets: Callable[[HtmxRequest, str], Iterable[Set]]
    say: Callable[[HtmxRequest, Row], Todo | None]


# Keyed by the sort of row. A provider is for what needs a query of its own.
questions: dict[str, Question] = {}
providers: list[Provider] = []


def todos(request: HtmxRequest, place: str = "") -> dict[Section, list[Todo]]:
    """All rows by section, the earliest due first; rows without a date last."""
    rows: dict[Section, list[Todo]] = {section: [] for section in Section}
    for row in found(questions, request, place):
        rows[row.section].append(row)
    for provider in providers:
        for row in provider(request, place):
            rows[row.section].append(row)
    for section in rows.values():
        section.sort(key=lambda row: (row.due_on is None, row.due_on or date.max, row.title))
    return rows


def found(asked: Mapping[str, Question], request: HtmxRequest, place: str = "") -> Iterator[Todo]:
    """One query for all of them, and none where nothing is asked of this person."""
    sets = [_columns(sort, one) for sort, question in asked.items() for one in question.sets(request, place)]
    if not sets:
        return
    for sort, due_on, values in sets[0].union(*sets[1:], all=True) if len(sets) > 1 else sets[0]:
        if (said := asked[sort].say(request, Row(due_on, values))) is not None:
            yield said


def _columns(sort: str, one: Set) -> QuerySet:
    """JSON, so that rows with nothing in common stand in one query."""
    due_on = Cast(F(one.due_on) if one.due_on else Value(None), DateField())
    columns = {
        "todo_sort": Value(sort, output_field=CharField()), "todo_due_on": due_on, "todo_values": JSONObject(**one.values),
    }  # fmt: skip
    rows = one.rows.order_by().annotate(**columns).order_by(F("todo_due_on").asc(nulls_last=True), "pk")
    return rows.values_list(*columns)[: one.most]
