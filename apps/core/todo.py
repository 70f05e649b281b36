"""What a person's home page lists; each app appends a provider in its AppConfig.ready. Home pages read nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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


# Called with the request and the public id of the branch the page is about (empty: the person's own rows).
Provider = Callable[[HtmxRequest, str], Iterable[Todo]]
providers: list[Provider] = []


def todos(request: HtmxRequest, place: str = "") -> dict[Section, list[Todo]]:
    """All rows by section, the earliest due first; rows without a date last."""
    rows: dict[Section, list[Todo]] = {section: [] for section in Section}
    for provider in providers:
        for row in provider(request, place):
            rows[row.section].append(row)
    for section in rows.values():
        section.sort(key=lambda row: (row.due_on is None, row.due_on or date.max, row.title))
    return rows
