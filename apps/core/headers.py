"""Find the header of a table among titles and notes, and tell which column is which from a table of names.

Only names in the table are recognised. A header that may mean two things is left open with its choices, never picked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from apps.core.workbook import Cell, Row, Sheet, column_letter

DEEPEST = 20  # rows looked at
_MARKS = re.compile(r"[※*★☆●▲△#:_\s\u200b-\u200f\u2060\ufeff·]+")
_REQUIRED = re.compile(r"[(\[【<](必填|必录|必输|选填|可选|非必填|必填项|required|optional)[)\]】>]")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】|<[^>]*>")
_PARTS = {"年": "year", "年份": "year", "月": "month", "月份": "month", "日": "day"}


def header_key(text: str) -> str:
    """A header without breaks, spaces, full-width forms and marks such as ※ or （必填）."""
    return _MARKS.sub("", _REQUIRED.sub("", unicodedata.normalize("NFKC", text).lower()))


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What a column may be called. A date may also stand in parts: its key is then `key:year`, `key:month`, `key:day`."""

    key: str
    names: tuple[str, ...]
    is_date: bool = False
    stem: str = ""  # 出生 for 出生年, 出生月, 出生日


@dataclass(frozen=True)
class HeaderTable:
    """`unclear`: a name → its possible fields, each with the fields whose presence rules it out.

    `ignored`: names of columns nobody needs to map. `groups`: what an upper header may contain for the lower one to be
    believed; `foreign`: what it may not (家庭成员 above 姓名 is not the member's name).
    """

    fields: tuple[FieldNames, ...]
    required: tuple[str, ...]
    fewest: int
    unclear: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for names in self.fields:
            for name in names.names:
                found[header_key(name)] = names.key
            for unit, part in _PARTS.items() if names.stem else ():
                found[names.stem + unit] = f"{names.key}:{part}"
        for name in self.ignored:
            found[header_key(name)] = IGNORED
        return found

    @cached_property
    def unclear_names(self) -> dict[str, Mapping[str, tuple[str, ...]]]:
        return {header_key(name): choices for name, choices in self.unclear.items()}

    @cached_property
    def dates(self) -> frozenset[str]:
        return frozenset(names.key for names in self.fields if names.is_date)

    def look_up(self, text: str) -> Meaning:
        """First with its brackets, then without: 工作单位及职务（岗位）, 出生年月（岁）."""
        key = header_key(text)
        for name in (key, header_key(_BRACKETS.sub("", unicodedata.normalize("NFKC", text)))):
            if found := self.names.get(name):
                return Meaning(ignored=True) if found == IGNORED else Meaning(found)
            if choices := self.unclear_names.get(name):
                return Meaning(choices=choices)
        return NOTHING


IGNORED = "-"


@dataclass(frozen=True, slots=True)
class Meaning:
    key: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: bool = False

    def __bool__(self) -> bool:
        return bool(self.key or self.choices or self.ignored)


NOTHING = Meaning()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` is the field it was recognised as; with `choices` somebody has to say."""

    index: int
    title: str
    key: str = ""
    choices: tuple[str, ...] = ()
    ignored: bool = False
    hidden: bool = False
    samples: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        return column_letter(self.index)

    @property
    def is_unclear(self) -> bool:
        return bool(self.choices) and not self.key


@dataclass(frozen=True, slots=True)
class Header:
    """`first` and `last` are row numbers as Excel shows them; 0 when the sheet has no header. `score` counts known fields."""

    first: int
    last: int
    columns: tuple[Column, ...]
    score: int = 0

    @property
    def keys(self) -> dict[str, int]:
        return {column.key: column.index for column in self.columns if column.key}

    @property
    def unmapped(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if not (c.key or c.choices or c.ignored))

    @property
    def unclear(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.is_unclear)


def find_header(sheet: Sheet, table: HeaderTable) -> Header | None:
    """The best header in the first rows, one or two rows high; None when too little of it is known."""
    best: Header | None = None
    for at in range(min(DEEPEST, len(sheet.rows))):
        row = sheet.rows[at]
        if len({cell.text for cell in row.cells if not cell.is_empty}) < 2 and at + 1 < len(sheet.rows):
            continue  # a title
        if at and is_two_high(sheet.rows[at - 1], row):
            continue  # the lower half of a header
        below = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else None
        single = header_of(sheet, table, row, None)
        options = [single]
        if below is not None:
            double = header_of(sheet, table, row, below)
            # Two rows only if the second one tells more, or if the cells themselves are two rows high.
            options = [double] if is_two_high(row, below) else [single, double]
        for option in options:
            if set(table.required) <= option.keys.keys() and option.score > (best.score if best else table.fewest - 1):
                best = option
    return best


def no_header(sheet: Sheet) -> Header:
    """All rows are data: the columns can still be named by hand."""
    columns = tuple(Column(index, "", samples=samples(sheet.rows, index, 0)) for index in range(sheet.width))
    return Header(0, 0, columns)


def pick_sheets(headers: Mapping[str, Header]) -> list[str]:
    """The sheet with the best header and those built like it: one table over several sheets, not a sign-in list beside it."""
    if not headers:
        return []
    best = max(headers.values(), key=lambda header: header.score).keys.keys()
    return [name for name, h in headers.items() if len(best & h.keys.keys()) >= 0.7 * len(best | h.keys.keys())]


def is_two_high(row: Row, below: Row) -> bool:
    pairs = [(cell, below.cell(index)) for index, cell in enumerate(row.cells) if not cell.is_empty and not cell.filled]
    return sum(lower.filled == "down" and lower.text == upper.text for upper, lower in pairs) >= 2


def header_of(sheet: Sheet, table: HeaderTable, row: Row, below: Row | None) -> Header:
    last = below or row
    meanings: list[tuple[str, Meaning]] = []
    group = ""
    for index in range(max(len(row.cells), len(last.cells))):
        upper = row.cell(index).text
        lower = lower_text(row.cell(index), below.cell(index)) if below else ""
        if below and not upper and lower and group:
            upper = group  # 联系电话 stands over its first column only when the cells are not merged, as in a .csv
        group = upper if lower else ""
        title = " / ".join(part for part in (upper, lower) if part)
        meanings.append((title, meaning_of(table, upper, lower)))
    columns = [
        Column(
            index,
            " ".join(title.split()),
            meaning.key,
            tuple(meaning.choices),
            meaning.ignored,
            index in sheet.hidden_columns,
            samples(sheet.rows, index, last.number),
        )
        for index, (title, meaning) in enumerate(meanings)
    ]
    columns = settle_choices(columns, [meaning for __, meaning in meanings])
    columns = settle_doubles(columns, sheet.rows, last.number)
    columns = [c for c in columns if c.title or c.samples]
    known = {c.key for c in columns if c.key} | {c.choices for c in columns if c.is_unclear}
    return Header(row.number, last.number, tuple(columns), len(known))


def lower_text(upper: Cell, lower: Cell) -> str:
    return "" if lower.filled and lower.text == upper.text else lower.text


def meaning_of(table: HeaderTable, upper: str, lower: str) -> Meaning:
    if not lower or not upper:
        return table.look_up(upper or lower)
    if both := table.look_up(upper + lower):
        return both
    top = table.look_up(upper)
    part = _PARTS.get(header_key(lower))
    if part:
        return Meaning(f"{top.key}:{part}") if top.key in table.dates else NOTHING
    own = table.look_up(lower)
    name = header_key(upper)
    if any(word in name for word in table.foreign):
        return NOTHING
    return own if top or any(word in name for word in table.groups) else NOTHING


def settle_choices(columns: list[Column], meanings: Sequence[Meaning]) -> list[Column]:
    """职务 beside 行政职务 can only be the post in the Party."""
    taken = {column.key.partition(":")[0] for column in columns if column.key}
    settled = []
    for column, meaning in zip(columns, meanings, strict=True):
        if column.choices:
            left = [key for key, excluded_by in meaning.choices.items() if not taken & {key, *excluded_by}]
            if len(left) == 1 and len(meaning.choices) > 1:
                column = replace(column, key=left[0])
            else:
                column = replace(column, choices=tuple(left or meaning.choices))
        settled.append(column)
    return settled


def settle_doubles(columns: list[Column], rows: Sequence[Row], header_row: int) -> list[Column]:
    """Two columns of one meaning: the one without data of its own does not count; otherwise somebody has to choose."""
    counts = Counter(column.key for column in columns if column.key)
    doubles = {key for key, count in counts.items() if count > 1}
    if not doubles:
        return columns
    used = {column.index for column in columns if column.key in doubles and has_data(rows, column.index, header_row)}
    settled = []
    for column in columns:
        if column.key in doubles:
            twins = [c for c in columns if c.key == column.key]
            rivals = [c for c in twins if c.index in used] or twins[:1]
            if column.index not in {c.index for c in rivals}:
                column = replace(column, key="", ignored=True)
            elif len(rivals) > 1:
                column = replace(column, key="", choices=(column.key,))
        settled.append(column)
    return settled


def has_data(rows: Sequence[Row], index: int, header_row: int) -> bool:
    return any(not row.cell(index).is_empty and row.cell(index).filled != "right" for row in rows[header_row:])


def samples(rows: Sequence[Row], index: int, header_row: int, *, most: int = 3) -> tuple[str, ...]:
    """A few different values below the header, to recognise the column by."""
    found: dict[str, None] = {}
    for row in rows[header_row : header_row + 200]:
        cell = row.cell(index)
        if not cell.is_empty and not cell.filled:
            found.setdefault(cell.text[:40])
        if len(found) == most:
            break
    return tuple(found)
