"""A workbook → the people in it, with every problem at its cell. Nothing is written, nothing is looked up, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.headers import Header, find_header, header_key, no_header, pick_sheets
from apps.core.workbook import Cell, Row, Sheet, WorkbookError, column_letter, read_pasted, read_workbook
from apps.core.workbook.model import EMPTY
from apps.core.written_dates import DateUnreadable, from_parts

from . import roster_checks
from .roster_columns import BY_KEY, ROSTER
from .roster_values import ASK, ERROR, NOTE, Reading, Trouble, is_mobile, parse

PARTS = ("year", "month", "day")


@dataclass(frozen=True, slots=True)
class Problem:
    """`column` is the letter Excel shows, "" when it concerns the row. `level`: see roster_values."""

    column: str
    field: str
    code: str
    level: str
    message: str | Promise
    text: str = ""


@dataclass(slots=True)
class RosterRow:
    """`values` holds what the row states; what it leaves empty is absent. `derived`: values that follow from others."""

    sheet: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    derived: set[str] = field(default_factory=set)
    columns: dict[str, str] = field(default_factory=dict)  # field → letter
    texts: dict[str, str] = field(default_factory=dict)  # field → as written

    def add(self, key: str, trouble: Trouble) -> None:
        self.problems.append(
            Problem(
                self.columns.get(key, ""), key, trouble.code, trouble.level, trouble.message, self.texts.get(key, "")
            )
        )

    @property
    def is_blocked(self) -> bool:
        return any(problem.level == ERROR for problem in self.problems)

    @property
    def needs_answer(self) -> bool:
        return any(problem.level == ASK for problem in self.problems)


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """`reason`: a key of SKIPPED. `text`: how the row begins."""

    sheet: str
    number: int
    reason: str
    text: str = ""


SKIPPED = {
    "empty": pgettext_lazy("roster", "Empty row"),
    "hidden": pgettext_lazy("roster", "Hidden row"),
    "title": pgettext_lazy("roster", "Title or heading"),
    "header": pgettext_lazy("roster", "Header repeated"),
    "total": pgettext_lazy("roster", "Total"),
    "signature": pgettext_lazy("roster", "Signature line"),
    "note": pgettext_lazy("roster", "Note"),
    "fragment": pgettext_lazy("roster", "A single cell without a name"),
}


@dataclass(frozen=True, slots=True)
class OfferedSheet:
    """`header` is None where no roster header was found: its columns can be named by hand."""

    name: str
    hidden: bool
    header: Header | None
    columns: Header
    chosen: bool
    height: int


@dataclass(slots=True)
class RosterReading:
    sheets: list[OfferedSheet] = field(default_factory=list)
    rows: list[RosterRow] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)

    @property
    def chosen(self) -> list[OfferedSheet]:
        return [sheet for sheet in self.sheets if sheet.chosen]

    @property
    def is_mapped(self) -> bool:
        """False while somebody still has to say which sheet or which column is meant."""
        return bool(self.chosen) and not any(sheet.columns.unclear for sheet in self.chosen)


def read_roster(
    data: bytes | str,
    filename: str = "",
    *,
    today: date,
    clean: Callable[[str], str],
    mapping: Mapping[str, Mapping[str, str]] | None = None,
    sheet: str | Collection[str] | None = None,
    include_hidden: bool = False,
) -> RosterReading:
    """Read a file's bytes, or pasted text.

    `mapping`: sheet → column letter → field, "" to leave the column out; it goes before what the header says.
    `sheet`: the sheet or sheets to read instead of those that look like a roster.
    `include_hidden`: hidden rows are people too; without it they are listed as skipped.
    WorkbookError: the file cannot be read, or the mapping names one field twice.
    """
    sheets = read_pasted(data) if isinstance(data, str) else read_workbook(data, filename)
    mapping = mapping or {}
    found = {source.name: find_header(source, ROSTER) for source in sheets}
    columns = {s.name: mapped(found[s.name] or no_header(s), mapping.get(s.name, {})) for s in sheets}
    wanted = chosen_sheets(sheets, found, columns, sheet)
    reading = RosterReading(
        [OfferedSheet(s.name, s.hidden, found[s.name], columns[s.name], s.name in wanted, len(s.rows)) for s in sheets]
    )
    for source in sheets:
        if source.name in wanted:
            context = Reading(today, clean, as_shown=source.as_shown, date_1904=source.date_1904)
            read_sheet(source, columns[source.name], context, reading, include_hidden=include_hidden)
    roster_checks.check_duplicates(reading.rows)
    return reading


def chosen_sheets(
    sheets: list[Sheet],
    found: Mapping[str, Header | None],
    columns: Mapping[str, Header],
    asked: str | Collection[str] | None,
) -> set[str]:
    readable = {name for name, header in columns.items() if "name" in header.keys}
    if asked is not None:
        names = {asked} if isinstance(asked, str) else set(asked)
        if unknown := names - {sheet.name for sheet in sheets}:
            raise WorkbookError(
                "no_sheet", format_lazy(_("There is no sheet “{name}” in the file."), name=min(unknown))
            )
        return names & readable
    visible = {s.name: header for s in sheets if not s.hidden and (header := found[s.name]) is not None}
    return (set(pick_sheets(visible)) or {name for name in readable if len(sheets) == 1}) & readable


def mapped(header: Header, by_hand: Mapping[str, str]) -> Header:
    columns = []
    for column in header.columns:
        if (key := by_hand.get(column.letter)) is not None:
            if key and key.partition(":")[0] not in BY_KEY:
                raise WorkbookError(
                    "mapping", format_lazy(_("Column {letter} has no such meaning."), letter=column.letter)
                )
            column = replace(column, key=key, choices=(), ignored=not key)
        columns.append(column)
    taken: dict[str, str] = {}
    for column in columns:
        if column.key in taken:
            raise WorkbookError(
                "mapping",
                format_lazy(
                    _("Columns {first} and {second} cannot both be “{field}”."),
                    first=taken[column.key],
                    second=column.letter,
                    field=BY_KEY[column.key.partition(":")[0]].label,
                ),
            )
        if column.key:
            taken[column.key] = column.letter
    return replace(header, columns=tuple(columns))


# --- Rows -----------------------------------------------------------------------------------------------------------------

_TOTAL = re.compile(r"(合计|小计|共计|总计|总数|本页合计|本页小计|累计|合计人数|共[0-9一二三四五六七八九十百]+[人名])")
_SIGNATURE = re.compile(
    r"(填表人|填报人|填表单位|填报单位|填表日期|填报日期|填表时间|填报时间|制表人?|审核人?|复核人?|经办人|负责人|单位负责人|报送人|联系人|"
    r"党支部书记|支部书记|书记签字|书记|签字|签名|盖章|党支部|单位|日期|汇总日期)([(（].*?[)）])?[:：签(（]"
)
_SIGNATURE_BARE = re.compile(r"(填表人|填报人|填表日期|填报日期|制表人?|审核人|复核人|经办人|单位负责人|报送人)")
_NOTE = re.compile(r"(注|备注|说明|填表说明|填写说明|注意|注意事项)([0-9]*)[:：.、]|注[0-9]")


def skip_reason(row: Row, header: Header, titles: Mapping[int, str], named: int, fields: frozenset[int]) -> str:
    """Why this row is nobody's: "" when it is somebody's, or may be. `fields`: the columns that are read."""
    own = [(index, cell) for index, cell in enumerate(row.cells) if not cell.is_empty and cell.filled != "right"]
    if not own:
        return "empty"
    at, first_cell = own[0]
    first = "".join(first_cell.text.split())
    name = "" if row.cell(named).filled == "right" else "".join(row.cell(named).text.split())
    # "书记（兼）" before a name is a post, not a signature: such words count outside the columns that are read.
    if not name or at == named or at not in fields:
        if _TOTAL.match(first):
            return "total"
        if _SIGNATURE.match(first):
            return "signature"
        if _NOTE.match(first):
            return "note"
    if _SIGNATURE_BARE.match(first) or _SIGNATURE_BARE.match(name):
        return "signature"
    if _TOTAL.fullmatch(name):
        return "total"
    same = sum(titles.get(index) == header_key(cell.text) for index, cell in own)
    if same >= 2 and same * 2 >= len(own):
        return "header"
    said = [(index, cell) for index, cell in own if index in fields]
    if not said or all(cell.filled for __, cell in said):
        return "empty" if len(own) > 1 or first.isdigit() else "title"
    wide = row.cell(at + 1).filled == "right" and row.cell(at + 1).text == first_cell.text
    if len(own) == 1 and (wide or at < named):
        return "title"
    if not name and len(said) == 1:
        return "fragment"
    return ""


def read_sheet(
    source: Sheet, header: Header, context: Reading, reading: RosterReading, *, include_hidden: bool
) -> None:
    keys = header.keys
    titles = {column.index: header_key(column.title.rpartition(" / ")[2]) for column in header.columns if column.title}
    fields = frozenset(keys.values())
    for row in source.rows[header.last :]:
        if row.hidden and not include_hidden and not row.is_empty:
            reason = "hidden"
        else:
            reason = skip_reason(row, header, titles, keys["name"], fields)
        if reason:
            text = next((cell.text for cell in row.cells if not cell.is_empty), "")
            reading.skipped.append(SkippedRow(source.name, row.number, reason, " ".join(text.split())[:60]))
            continue
        reading.rows.append(read_row(source.name, row, keys, context))


def read_row(sheet: str, row: Row, keys: Mapping[str, int], context: Reading) -> RosterRow:
    found = RosterRow(sheet, row.number)
    cells = {key: own_cell(row, index) for key, index in keys.items()}
    for key, cell in cells.items():
        name, __, part = key.partition(":")
        if name not in found.columns or not part:
            found.columns[name] = column_letter(keys[key])
            found.texts[name] = cell.text
        if part:
            continue
        if cell.filled == "down" and BY_KEY[key].own:
            found.add(key, Trouble("merged", _("This cell is merged over several rows. Give each person a cell.")))
            continue
        parsed = parse(BY_KEY[key].kind, cell, context)
        if parsed.value is not None:
            found.values[key] = parsed.value
        if parsed.trouble:
            found.add(key, parsed.trouble)
    for key in {key.partition(":")[0] for key in cells if ":" in key} - found.values.keys():
        read_parts(found, key, cells, context)
    if "name" not in found.values and not any(problem.field == "name" for problem in found.problems):
        found.add("name", Trouble("name_missing", _("The name is missing.")))
    sort_phone(found)
    roster_checks.check_row(found, today=context.today)
    return found


def own_cell(row: Row, index: int) -> Cell:
    """A cell merged sideways counts for its first column only."""
    cell = row.cell(index)
    return EMPTY if cell.filled == "right" else cell


def read_parts(found: RosterRow, key: str, cells: Mapping[str, Cell], context: Reading) -> None:
    parts = [cells.get(f"{key}:{part}", EMPTY) for part in PARTS]
    found.texts[key] = " ".join(cell.text for cell in parts if not cell.is_empty)
    try:
        value = from_parts(*parts, today=context.today)
    except DateUnreadable as error:
        found.add(key, Trouble(error.code, error.message))
    else:
        if value is not None:
            found.values[key] = value


def sort_phone(found: RosterRow) -> None:
    """A column called 电话 holds either kind; beside a column of its own kind it must say the same."""
    number = found.values.pop("phone", None)
    if number is None:
        return
    key = "mobile" if is_mobile(number) else "landline"
    if found.values.get(key, number) != number:
        found.add(
            "phone", Trouble("phone_differs", _("This number differs from the other column; it is left out."), NOTE)
        )
        return
    found.values[key] = number
    found.columns.setdefault(key, found.columns["phone"])
    found.texts.setdefault(key, found.texts["phone"])
