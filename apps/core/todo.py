"""What a home page lists: each app adds questions, or a provider, in its AppConfig.ready. Home pages read nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from apps.core.http import HtmxRequest
from apps.core.together import Row, Set, ask


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
    sets = [(sort, one) for sort, question in asked.items() for one in question.sets(request, place)]
    for sort, row in ask(sets):
        if (said := asked[sort].say(request, row)) is not None:
            yield said
