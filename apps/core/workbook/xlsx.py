"""Read .xlsx: a first pass looks at the layout and the limits, a second one (openpyxl, streaming) at the values."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

from defusedxml.ElementTree import iterparse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .model import EMPTY, Cell, Limits, Range, Row, Sheet, WorkbookError, column_index, fill_merged
from .values import CHINESE_FORMATS, cell_of, shows_day

for _number, _format in CHINESE_FORMATS.items():  # otherwise such dates arrive as bare numbers
    BUILTIN_FORMATS.setdefault(_number, _format)

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


@dataclass(slots=True)
class Layout:
    """What the values alone do not tell. Rows and columns count from 0."""

    height: int = 0
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)
    without_result: set[tuple[int, int]] = field(default_factory=set)


def too_large(limits: Limits) -> WorkbookError:
    return WorkbookError(
        "too_large",
        format_lazy(
            _(
                "This table is too large: at most {rows} rows and {columns} columns. Copy the roster into a new workbook."
            ),
            rows=limits.rows,
            columns=limits.columns,
        ),
    )


def check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Sizes as the archive declares them: the zip module never reads further than that."""
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise WorkbookError(
            "encrypted", _("The file is protected by a password. Remove the password, then choose it again.")
        )
    if len(members) > 5000 or sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise too_large(limits)
    if any(m.filename.lower().endswith("styles.xml") and m.file_size > limits.styles_bytes for m in members):
        raise too_large(limits)


def read_xlsx(data: bytes, limits: Limits) -> list[Sheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of every drawing and rule it will not keep
        reader = ExcelReader(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        reader.read()
        book = reader.wb
        targets = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
        if len(targets) > limits.sheets:
            raise too_large(limits)
        sheets = []
        cells = 0
        for source in book.worksheets:
            with reader.archive.open(targets[source.title]) as stream:
                layout, seen = read_layout(stream, limits, cells)
            cells += seen
            sheet = Sheet(
                source.title,
                hidden=source.sheet_state != "visible",
                hidden_columns=frozenset(layout.hidden_columns),
                date_1904=book.epoch == CALENDAR_MAC_1904,
            )
            if layout.height:
                source.reset_dimensions()  # some programs write a wrong one, and rows would be missing
                sheet.rows = read_rows(source, layout)
                fill_merged(sheet.rows, layout.merged, width=layout.width, most=limits.cells)
            sheets.append(sheet)
        book.close()
    return sheets


def read_rows(source: Any, layout: Layout) -> list[Row]:
    rows = []
    found = source.iter_rows(min_row=1, max_row=layout.height, max_col=layout.width)
    for index, values in enumerate(found):
        cells = [EMPTY if value.value is None else typed(value) for value in values]
        while cells and cells[-1] is EMPTY:
            cells.pop()
        rows.append(Row(index + 1, index in layout.hidden_rows, cells))
    for index in range(len(rows), layout.height):
        rows.append(Row(index + 1, index in layout.hidden_rows))
    for row, column in layout.without_result:
        if row < len(rows) and column < layout.width:
            cells = rows[row].cells
            cells.extend([EMPTY] * (column + 1 - len(cells)))
            if cells[column].is_empty:
                cells[column] = Cell(fault="formula")
    return rows


def typed(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Cell(None, str(value), fault="error")
    if isinstance(value, str | bool | int | float):
        return cell_of(value)
    return cell_of(value, day_shown=shows_day(cell.number_format or ""))


def read_layout(stream: IO[bytes], limits: Limits, cells: int) -> tuple[Layout, int]:
    """The layout and the number of stored cells; `cells` is what the sheets before it hold."""
    layout = Layout()
    seen = rows = 0
    row = column = -1
    row_has_content = False
    data = None
    for event, element in iterparse(stream, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if tag == "sheetData":
                data = element
            elif tag == "row":
                row = int(element.get("r") or row + 2) - 1
                column, row_has_content = -1, False
                if element.get("hidden") in ("1", "true"):
                    layout.hidden_rows.add(row)
            continue
        if tag == "c":
            seen += 1
            if cells + seen > limits.cells:
                raise too_large(limits)
            place = _REFERENCE.match(element.get("r") or "")
            column = column_index(place[1]) if place else column + 1
            children = {child.tag.rpartition("}")[2]: child for child in element}
            value = children.get("v")
            has_value = "is" in children or (value is not None and bool(value.text))
            if "f" in children and not has_value and element.get("t") != "str":  # "str": the result is an empty text
                layout.without_result.add((row, column))
                has_value = True
            if has_value:
                row_has_content = True
                layout.height = max(layout.height, row + 1)
                layout.width = max(layout.width, column + 1)
                if layout.width > limits.columns or layout.height > 10 * limits.rows:
                    raise too_large(limits)
        elif tag == "row":
            rows += row_has_content
            if rows > limits.rows:
                raise too_large(limits)
            if data is not None:
                data.clear()
        elif tag == "col" and element.get("hidden") in ("1", "true"):
            first, last = int(element.get("min", 1)), int(element.get("max", 1))
            layout.hidden_columns.update(range(first - 1, min(last, limits.columns)))
        elif tag == "mergeCell" and (area := parse_range(element.get("ref") or "")):
            layout.merged.append(area)
    return layout, seen


def parse_range(reference: str) -> Range | None:
    first, __, last = reference.partition(":")
    start, end = _REFERENCE.match(first), _REFERENCE.match(last)
    if not start or not end:
        return None
    return int(start[2]) - 1, column_index(start[1]), int(end[2]) - 1, column_index(end[1])
