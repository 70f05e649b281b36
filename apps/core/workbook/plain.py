"""Read text tables: .csv as Excel and WPS save it, and cells pasted from a sheet."""

from __future__ import annotations

import codecs
import csv
import re
from io import StringIO
from statistics import median

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .model import Cell, Limits, Row, Sheet, WorkbookError
from .values import cell_of
from .xlsx import too_large

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_EQUALS = re.compile(r'="([^"]*)"\Z')  # ="0571…": the customary way to keep Excel from eating digits


def not_a_table() -> WorkbookError:
    return WorkbookError(
        "not_a_table",
        _("This is not an Excel or CSV file. Open the roster in Excel or WPS and save it as .xlsx."),
    )


def decode(data: bytes) -> str:
    """UTF-8, with or without mark, UTF-16, else GB18030 (what Chinese Excel calls CSV). WorkbookError for anything else."""
    if data.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data[:4096]:
        # Only UTF-16 text has zero bytes: beside digits and separators, always on the same side.
        encodings = ["utf-16-le" if data[1:4096:2].count(0) > data[0:4096:2].count(0) else "utf-16-be"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    raise not_a_table()


def read_plain(text: str, limits: Limits, *, name: str, delimiter: str = "") -> Sheet:
    """Without a `delimiter` the one is taken that fits best."""
    text = text.removeprefix("\ufeff")
    if _CONTROL.search(text):
        raise not_a_table()
    if not text.strip():
        raise WorkbookError("empty", _("The file is empty."))
    first, __, rest = text.partition("\n")
    if not delimiter and re.match(r"sep=.\s*\Z", first):
        delimiter, text = first[4], rest
    records = parse(text, delimiter or best_delimiter(text))
    sheet = Sheet(name, as_shown=True)
    used = 0
    last = 0
    for number, record in enumerate(records, 1):
        cells = [text_cell(field) for field in record]
        while cells and cells[-1].is_empty:
            cells.pop()
        if len(cells) > limits.columns:
            raise too_large(limits)
        used += bool(cells)
        if used > limits.rows or number > limits.cells:
            raise too_large(limits)
        last = number if cells else last
        sheet.rows.append(Row(number, cells=cells))
    del sheet.rows[last:]
    return sheet


def text_cell(field: str) -> Cell:
    hidden = _EQUALS.match(field.strip())
    return cell_of(hidden[1] if hidden else field)


def best_delimiter(text: str) -> str:
    """Tab, comma or semicolon: the one that cuts the first rows into the most columns."""
    best: tuple[float, str] = (0, ",")
    head = "\n".join(_LINE_END.split(text[:200_000])[:40])
    for delimiter in "\t,;":
        rows = csv.reader(StringIO(head, newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row in rows if any(row)]
        except csv.Error:
            continue
        width = median(widths) if widths else 0
        if width > max(best[0], 1):
            best = (width, delimiter)
    return best[1]


def parse(text: str, delimiter: str) -> list[list[str]]:
    """An unclosed quotation mark would swallow the people below it: it is an error, not a long cell."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error:
        if delimiter == "\t":  # pasted cells may begin with a quotation mark of their own
            return [line.split("\t") for line in _LINE_END.split(text)]
        raise WorkbookError(
            "quotes",
            format_lazy(
                _("A quotation mark near line {line} is not closed. Save the table as .xlsx and choose that file."),
                line=reader.line_num,
            ),
        ) from None
