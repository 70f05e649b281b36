"""Write tables people open in Excel or WPS. Whatever a cell begins with, it is never taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from apps.core.written_dates import PartialDate

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_SHEET_NAME = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
_THIN = Side(style="thin")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FONT = "宋体"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """`width` in characters. `kind`: text, id (digits that are no number), number, date (yyyy-mm-dd), month (yyyy.mm).

    `group`: what stands over neighbouring columns of the same group, in a header two rows high.
    """

    title: str
    width: float = 12
    kind: str = "text"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`subline` under the title: branch, period, unit. `footer`: lines under the table, 填表人 and the like."""

    name: str
    title: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[object]]
    subline: str = ""
    footer: Sequence[str] = ()


def write_xlsx(tables: Sequence[Table]) -> bytes:
    """ValueError when a row has more or fewer values than there are columns."""
    for table in tables:  # before writing begins: the streaming writer cannot be left half-way
        if any(len(row) != len(table.columns) for row in table.rows):
            raise ValueError(f"a row of “{table.name}” does not fit its columns")
    book = Workbook(write_only=True)
    used: set[str] = set()
    for table in tables:
        _write_sheet(book.create_sheet(_sheet_name(table.name, used)), table)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def write_csv(table: Table) -> bytes:
    """UTF-8 with mark, so that Excel shows Chinese; header and rows alone, so that other programs can read it."""
    target = StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([_guarded(column.title, "text") for column in table.columns])
    for row in table.rows:
        writer.writerow([_guarded(value, column.kind) for value, column in zip(row, table.columns, strict=True)])
    return target.getvalue().encode("utf-8-sig", "replace")


def _guarded(value: object, kind: str) -> str:
    if isinstance(value, int | float | Decimal) and kind == "number":
        return str(value)
    text = _text(value)
    # Excel shows long digit strings as 9.9E+17 and rounds them, unless told that they are text.
    needs_mark = text.startswith(DANGEROUS) or (kind == "id" and text.isdigit() and len(text) > 11)
    return f"'{text}" if needs_mark else text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return _ILLEGAL.sub("", str(value))


def _sheet_name(name: str, used: set[str]) -> str:
    """At most 31 characters, none of \\ / * ? : [ ], no two alike."""
    base = _SHEET_NAME.sub(" ", name).strip(" '")[:31] or "Sheet"
    number, found = 1, base
    while found.lower() in used:
        number += 1
        found = f"{base[: 30 - len(str(number))]} {number}"
    used.add(found.lower())
    return found


def _write_sheet(sheet: Any, table: Table) -> None:
    width = len(table.columns)
    first_header = 3 if table.subline else 2
    header_row = first_header + any(column.group for column in table.columns)
    last = get_column_letter(max(width, 1))
    sheet.freeze_panes = f"A{header_row + 1}"
    sheet.print_title_rows = f"1:{header_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "&P / &N"
    for index, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    for row in range(1, first_header):
        sheet.merged_cells.add(CellRange(f"A{row}:{last}{row}"))
    center = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.append([_cell(sheet, table.title, font=Font(name=_FONT, size=18, bold=True), alignment=center)])
    if table.subline:
        sheet.append(
            [_cell(sheet, table.subline, font=Font(name=_FONT, size=10.5), alignment=Alignment(horizontal="right"))]
        )
    head = {"font": Font(name=_FONT, size=10.5, bold=True), "alignment": center, "border": _GRID}
    if header_row > first_header:
        _merge_header(sheet, table.columns, first_header)
        sheet.append([_cell(sheet, column.group or column.title, **head) for column in table.columns])
    sheet.append([_cell(sheet, column.title, **head) for column in table.columns])
    body = {
        "font": Font(name=_FONT, size=10.5),
        "border": _GRID,
        "alignment": Alignment(vertical="center", wrap_text=True),
    }
    for values in table.rows:
        sheet.append([_cell(sheet, value, kind=c.kind, **body) for value, c in zip(values, table.columns, strict=True)])
    for line in table.footer:
        sheet.append([_cell(sheet, line, font=body["font"])])


def _merge_header(sheet: Any, columns: Sequence[SheetColumn], row: int) -> None:
    """Single columns over both rows, groups over their columns."""
    at = 1
    for group, members in groupby(columns, key=lambda column: column.group):
        for __ in (parts := list(members)):
            if not group:
                sheet.merged_cells.add(CellRange(min_row=row, max_row=row + 1, min_col=at, max_col=at))
            at += 1
        if group and len(parts) > 1:
            sheet.merged_cells.add(CellRange(min_row=row, max_row=row, min_col=at - len(parts), max_col=at - 1))


def _cell(sheet: Any, value: object, *, kind: str = "text", **style: Any) -> WriteOnlyCell:
    number_format = ""
    if isinstance(value, PartialDate):
        number_format = "yyyy.mm" if value.precision == "month" else {"date": "yyyy-mm-dd"}.get(kind, "yyyy.mm.dd")
        stored: object = value.on
    elif isinstance(value, datetime):
        stored = value.replace(tzinfo=None)
        number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        stored = value
        number_format = "yyyy.mm" if kind == "month" else "yyyy-mm-dd"
    elif kind == "number" and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        stored = value
    else:
        stored = _text(value)[:32767]
    cell = WriteOnlyCell(sheet, None)
    if stored != "":
        cell.value = stored
    if isinstance(stored, str) and stored:
        cell.data_type = "s"  # openpyxl takes a leading = for a formula
        if stored.startswith(DANGEROUS):
            cell.quotePrefix = True
        number_format = "@" if kind in ("text", "id") else ""
    for name, setting in style.items():
        setattr(cell, name, setting)
    if number_format:
        cell.number_format = number_format
    return cell
