"""What a workbook is once it has been read, and what may be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils.functional import Promise

Value = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Limits:
    file_bytes: int = 5 * 1024 * 1024
    rows: int = 20_000  # rows with something in them, on one sheet
    columns: int = 200  # columns with something in them
    cells: int = 600_000  # cells stored in the file, formatted empty ones too
    sheets: int = 60
    unpacked_bytes: int = 80 * 1024 * 1024  # an .xlsx is a zip: a small one can unpack to gigabytes
    styles_bytes: int = 16 * 1024 * 1024


LIMITS = Limits()


class WorkbookError(Exception):
    """The file cannot be read at all. The message is for the person who chose it and says what to do."""

    def __init__(self, code: str, message: str | Promise):
        super().__init__(message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `value` as stored, `text` as a reader would quote it.

    `filled`: the value belongs to a merged area and is repeated here, "down" in the area's first column, "right" in others.
    `fault`: "error" for #N/A and the like, "formula" where the file holds no result.
    `shows_day`: for dates, whether the format shows the day; a date typed as 1990-5 is stored as the first of May.
    """

    value: Value = None
    text: str = ""
    filled: str = ""
    fault: str = ""
    shows_day: bool | None = None

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.fault


EMPTY = Cell()


@dataclass(slots=True)
class Row:
    number: int  # as Excel shows it, from 1
    hidden: bool = False
    cells: list[Cell] = field(default_factory=list)  # from column A; trailing empty ones left out

    def cell(self, index: int) -> Cell:
        return self.cells[index] if index < len(self.cells) else EMPTY

    @property
    def is_empty(self) -> bool:
        return all(cell.is_empty for cell in self.cells)


@dataclass(slots=True)
class Sheet:
    """`rows` runs without gaps from row 1 to the last one with content.

    `as_shown`: the cells are texts as a screen showed them (.csv, pasted): a number's last zero may be gone.
    `date_1904`: plain numbers count days from 1904, not 1900.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    as_shown: bool = False
    date_1904: bool = False

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


Range = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0, ends included


def fill_merged(rows: list[Row], ranges: list[Range], *, width: int, most: int) -> None:
    """Repeat the value of each merged area in all its cells within the used part of the sheet."""
    filled = 0
    for top, left, bottom, right in ranges:
        if top >= len(rows) or left >= width:
            continue
        origin = rows[top].cell(left)
        if origin.is_empty:
            continue
        for row in rows[top : bottom + 1]:
            last = min(right, width - 1)
            filled += last - left + 1
            if filled > most:
                return
            if len(row.cells) <= last:
                row.cells.extend([EMPTY] * (last + 1 - len(row.cells)))
            for index in range(left, last + 1):
                if row.cells[index].is_empty and (row.number - 1, index) != (top, left):
                    row.cells[index] = replace(origin, filled="down" if index == left else "right")


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letter: str) -> int:
    """A → 0. ValueError for anything that is not a column letter."""
    if not letter.isascii() or not letter.isalpha() or len(letter) > 3:
        raise ValueError(letter)
    index = 0
    for character in letter.upper():
        index = index * 26 + ord(character) - 64
    return index - 1
