"""Which sheet is the roster and which column means what: what was recognised, and what people say instead."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

from apps.core.headers import Column
from apps.members.importing import batches
from apps.members.importing.choices import Choices
from apps.members.importing.files import Upload
from apps.members.roster_columns import BY_KEY, FIELDS
from apps.members.roster_rows import OfferedSheet, RosterReading

OPEN = "?"  # an unclear column nobody has decided on


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str | Promise
    selected: bool


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column and what it may mean; `name` of its select."""

    name: str
    column: Column
    options: list[Option]
    samples: tuple[str, ...]

    @property
    def is_recognised(self) -> bool:
        return bool(self.column.key)

    @property
    def is_open(self) -> bool:
        return self.column.is_unclear


@dataclass(frozen=True, slots=True)
class SheetChoice:
    index: int
    sheet: OfferedSheet
    columns: list[ColumnChoice]


def offered(upload: Upload, choices: Choices, today: date) -> list[SheetChoice]:
    """As the choices stand; if they contradict each other, as recognised, with the select fields as they were left."""
    reading = _reading(upload, choices, today)
    return [
        SheetChoice(index, sheet, [_choice(index, sheet, column, choices) for column in sheet.columns.columns])
        for index, sheet in enumerate(reading.sheets)
        if sheet.height
    ]


def _reading(upload: Upload, choices: Choices, today: date) -> RosterReading:
    from apps.core.workbook import WorkbookError

    try:
        return batches.read(upload, choices, today)
    except WorkbookError:
        return batches.read(upload, Choices(), today)


def _choice(index: int, sheet: OfferedSheet, column: Column, choices: Choices) -> ColumnChoice:
    chosen = choices.mapping.get(sheet.name, {}).get(column.letter, column.key if not column.is_unclear else OPEN)
    options = []
    if column.is_unclear:
        options.append(Option(OPEN, "—", chosen == OPEN))
    options.append(Option("", "", chosen == ""))
    if ":" in column.key:
        options.append(Option(column.key, column.title, chosen == column.key))
    keys = [*column.choices, *(field.key for field in FIELDS if field.key not in column.choices)]
    options += [Option(key, BY_KEY[key].label, chosen == key) for key in keys]
    samples = tuple(
        f"{text[:4]}****{text[-2:]}" if column.key == "id_number" and len(text) > 8 else text for text in column.samples
    )
    return ColumnChoice(f"column-{index}-{column.letter}", column, options, samples)


def take(posted: QueryDict, choices: Choices, reading: RosterReading) -> None:
    """Put what was posted into the choices; anything that is no column or no field is not taken."""
    mapping: dict[str, dict[str, str]] = {}
    sheets = []
    for index, sheet in enumerate(reading.sheets):
        if posted.get(f"sheet-{index}"):
            sheets.append(sheet.name)
        for column in sheet.columns.columns:
            value = posted.get(f"column-{index}-{column.letter}", OPEN)
            if (
                value != OPEN
                and (value == "" or value == column.key or value in BY_KEY)
                and value != _recognised(column)
            ):
                mapping.setdefault(sheet.name, {})[column.letter] = value
    if len(reading.sheets) == 1:
        sheets = [reading.sheets[0].name]
    choices.mapping, choices.sheets = mapping, sheets


def _recognised(column: Column) -> Any:
    """What needs no word from anybody."""
    return column.key if not column.is_unclear else None
