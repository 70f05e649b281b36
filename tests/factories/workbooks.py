"""Workbooks as people make them, built in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import xlwt
from openpyxl import Workbook


def xlsx(
    rows: Sequence[Sequence[object]],
    *,
    name: str = "花名册",
    merged: Sequence[str] = (),
    change: Callable | None = None,
) -> bytes:
    """`change` gets the sheet before it is saved; its `.parent` is the workbook."""
    book = Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    if change:
        change(sheet)
    return saved(book)


def saved(book) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def xls(rows: Sequence[Sequence[object]], *, name: str = "花名册", change: Callable | None = None) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet(name, cell_overwrite_ok=True)
    for number, row in enumerate(rows):
        for index, value in enumerate(row):
            if value is not None:
                sheet.write(number, index, value)
    if change:
        change(sheet)
    return saved(book)
