"""Read .xls: values through calamine, the layout (hidden rows, date formats) through a scan of the records."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext_lazy as _
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from .model import EMPTY, Cell, Limits, Row, Sheet, WorkbookError, fill_merged
from .values import cell_of, is_date_format, shows_day
from .xls_layout import Compound, Layout, read_layout
from .xlsx import too_large


def read_xls(data: bytes, compound: Compound, limits: Limits) -> list[Sheet]:
    layout = read_layout(compound, most_cells=limits.cells)
    if layout is None:
        raise too_large(limits)
    if layout.encrypted:
        raise WorkbookError("encrypted", _("The file is protected by a password. Remove the password, then choose it again."))
    for sheet in layout.sheets:
        if sheet.width > limits.columns or sheet.height * sheet.width > 20 * limits.cells:
            raise too_large(limits)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError:
        raise WorkbookError(
            "encrypted", _("The file is protected by a password. Remove the password, then choose it again.")
        ) from None
    worksheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if len(worksheets) > limits.sheets:
        raise too_large(limits)
    found = {sheet.name: sheet for sheet in layout.sheets}
    sheets = []
    for meta in worksheets:
        source = book.get_sheet_by_name(meta.name)
        sheet = Sheet(meta.name, hidden=meta.visible != SheetVisibleEnum.Visible, date_1904=layout.date_1904)
        records = found.get(meta.name, Layout.empty_sheet())
        sheet.hidden_columns = frozenset(records.hidden_columns)
        used = 0
        for index, values in enumerate(source.to_python(skip_empty_area=False)):
            cells = [typed(value, layout, records.formats.get((index, column))) for column, value in enumerate(values)]
            while cells and cells[-1].is_empty:
                cells.pop()
            used += bool(cells)
            if used > limits.rows:
                raise too_large(limits)
            sheet.rows.append(Row(index + 1, index in records.hidden_rows, cells))
        while sheet.rows and not sheet.rows[-1].cells:
            sheet.rows.pop()
        ranges = [(*first, *last) for first, last in source.merged_cell_ranges or ()]
        fill_merged(sheet.rows, ranges, width=sheet.width, most=limits.cells)
        sheets.append(sheet)
    return sheets


def typed(value: object, layout: Layout, format_number: int | None) -> Cell:
    if value == "":
        return EMPTY
    number_format = layout.formats.get(format_number) if format_number is not None else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if number_format and is_date_format(number_format):  # a date format that calamine does not know
            epoch = CALENDAR_MAC_1904 if layout.date_1904 else CALENDAR_WINDOWS_1900
            return cell_of(from_excel(value, epoch), day_shown=shows_day(number_format))
        return cell_of(value)
    return cell_of(value, day_shown=shows_day(number_format) if number_format else None)
