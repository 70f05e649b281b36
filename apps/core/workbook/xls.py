"""Read .xls, the records of [MS-XLS] that hold values, formats, merged areas and what is hidden.

By hand, because readers that trust the counts written in the file can be made to ask for any amount of memory.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from .compound import Compound
from .model import EMPTY, Cell, Limits, Range, Row, Sheet, WorkbookError, fill_merged
from .values import CHINESE_FORMATS, cell_of, is_date_format, shows_day
from .xlsx import too_large

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_CODEPAGES = {936: "gb18030", 950: "big5", 65001: "utf-8", 1200: "utf-16-le"}


@dataclass(slots=True)
class Book:
    """What holds for all sheets. `styles`: the number format of each cell style."""

    modern: bool = True  # Excel 97 and later: strings are Unicode
    encoding: str = "gb18030"
    date_1904: bool = False
    formats: dict[int, str] = field(default_factory=lambda: {**BUILTIN_FORMATS, **CHINESE_FORMATS})
    styles: list[int] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    places: list[tuple[int, bool, str]] = field(default_factory=list)  # position, hidden, name

    def format_of(self, style: int) -> str:
        number = self.styles[style] if style < len(self.styles) else 0
        return self.formats.get(number, "General")

    def number(self, value: float, style: int) -> Cell:
        number_format = self.format_of(style)
        if is_date_format(number_format):
            epoch = CALENDAR_MAC_1904 if self.date_1904 else CALENDAR_WINDOWS_1900
            try:
                return cell_of(from_excel(value, epoch), day_shown=shows_day(number_format))
            except (OverflowError, ValueError):
                return Cell(None, "#VALUE!", fault="error")
        return cell_of(int(value) if value.is_integer() else value)


def read_xls(compound: Compound, limits: Limits) -> list[Sheet]:
    stream = compound.stream("Workbook" if "Workbook" in compound.names else "Book")
    book = read_globals(stream)
    if len(book.places) > limits.sheets:
        raise too_large(limits)
    left = limits.cells
    sheets = []
    for position, hidden, name in book.places:
        sheet = Sheet(name, hidden=hidden, date_1904=book.date_1904)
        left -= read_sheet(stream, position, book, sheet, limits, left)
        sheets.append(sheet)
    return sheets


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, without those of charts inside it."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        if kind == 0x809:
            depth += 1
        elif kind == 0x0A:
            depth -= 1
            if depth <= 0:
                return
        if depth <= 1:
            yield kind, stream[at : at + length]
        at += length


def read_globals(stream: bytes) -> Book:
    book = Book()
    pieces: list[bytes] = []
    before = 0
    for kind, body in records(stream, 0):
        if kind == 0x809:
            book.modern = body[:2] == b"\x00\x06"
        elif kind == 0x2F:
            raise WorkbookError(
                "encrypted", _("The file is protected by a password. Remove the password, then choose it again.")
            )
        elif kind == 0x42:
            book.encoding = _CODEPAGES.get(struct.unpack_from("<H", body)[0], "gb18030")
        elif kind == 0x22:
            book.date_1904 = body[:2] == b"\x01\x00"
        elif kind == 0xE0:
            book.styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == 0x41E:
            (number,) = struct.unpack_from("<H", body)
            book.formats[number] = string_of(body[2:], book, length_bytes=2 if book.modern else 1)
        elif kind == 0x85 and body[5] == 0:
            place = struct.unpack_from("<I", body)[0]
            book.places.append((place, body[4] & 3 != 0, string_of(body[6:], book, length_bytes=1)))
        elif kind == 0xFC:
            pieces = [body[8:]]
        elif kind == 0x3C and before in (0xFC, 0x3C) and pieces:
            pieces.append(body)
        before = kind
    book.strings = list(shared_strings(pieces))
    return book


def string_of(body: bytes, book: Book, *, length_bytes: int) -> str:
    length = int.from_bytes(body[:length_bytes], "little")
    rest = body[length_bytes:]
    if not book.modern:
        return rest[:length].decode(book.encoding, "replace")
    if not rest:
        return ""
    wide, skip = rest[0] & 1, 1 + (2 if rest[0] & 8 else 0) + (4 if rest[0] & 4 else 0)
    return (
        rest[skip : skip + 2 * length].decode("utf-16-le", "replace")
        if wide
        else rest[skip : skip + length].decode("latin-1")
    )


def shared_strings(pieces: list[bytes]) -> Iterator[str]:
    """The table of texts. One that crosses into the next record starts anew there with its width."""
    number, at = 0, 0

    def take(count: int) -> bytes:
        nonlocal number, at
        taken = b""
        while count > 0 and number < len(pieces):
            part = pieces[number][at : at + count]
            taken += part
            count -= len(part)
            at += len(part)
            if at >= len(pieces[number]):
                number, at = number + 1, 0
        return taken

    while number < len(pieces):
        head = take(3)
        if len(head) < 3:
            return
        length, flags = struct.unpack("<HB", head)
        runs = struct.unpack("<H", take(2).ljust(2, b"\0"))[0] if flags & 8 else 0
        extra = struct.unpack("<I", take(4).ljust(4, b"\0"))[0] if flags & 4 else 0
        parts: list[str] = []
        while length > 0 and number < len(pieces):
            size = 2 if flags & 1 else 1
            count = min(length, (len(pieces[number]) - at) // size)
            if count == 0:
                number, at = number + 1, 0
            elif size == 2:
                parts.append(take(2 * count).decode("utf-16-le", "replace"))
            else:
                parts.append(take(count).decode("latin-1"))
            length -= count
            if length > 0 and number < len(pieces):
                flags = (flags & ~1) | (take(1)[0] & 1)
        take(4 * runs + extra)
        yield "".join(parts)


def read_sheet(stream: bytes, position: int, book: Book, sheet: Sheet, limits: Limits, left: int) -> int:
    """Fill `sheet`; the number of cells read. More than `left` is too much."""
    rows: dict[int, dict[int, Cell]] = defaultdict(dict)
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    merged: list[Range] = []
    seen = 0
    awaited: tuple[int, int] | None = None  # the cell of a formula whose text follows
    for kind, body in records(stream, position):
        if kind == 0x208:
            if len(body) >= 16 and struct.unpack_from("<I", body, 12)[0] & 0x20:
                hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == 0x7D:
            first, last, __, ___, options = struct.unpack_from("<5H", body)
            if options & 1:
                hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind == 0xE5:
            for index in range((len(body) - 2) // 8):
                top, bottom, first, last = struct.unpack_from("<4H", body, 2 + 8 * index)
                merged.append((top, first, bottom, last))
        elif kind == 0x207 and awaited:
            rows[awaited[0]][awaited[1]] = cell_of(string_of(body, book, length_bytes=2))
            awaited = None
        else:
            for row, column, cell in cells_of(kind, body, book):
                seen += 1
                if seen > left:
                    raise too_large(limits)
                rows[row][column] = cell
                awaited = (row, column) if kind == 0x06 else None
    used = {
        row: kept
        for row, cells in rows.items()
        if (kept := {c: cell for c, cell in cells.items() if not cell.is_empty})
    }
    width = max((max(cells) + 1 for cells in used.values()), default=0)
    if len(used) > limits.rows or width > limits.columns:
        raise too_large(limits)
    for number in range(max(used, default=-1) + 1):
        found = used.get(number, {})
        cells = [found.get(index, EMPTY) for index in range(max(found, default=-1) + 1)]
        sheet.rows.append(Row(number + 1, number in hidden_rows, cells))
    sheet.hidden_columns = frozenset(hidden_columns)
    fill_merged(sheet.rows, merged, width=width, most=limits.cells)
    return seen


def cells_of(kind: int, body: bytes, book: Book) -> Iterator[tuple[int, int, Cell]]:
    if kind == 0xFD:
        row, column, __, index = struct.unpack_from("<3HI", body)
        yield row, column, cell_of(book.strings[index])
    elif kind in (0x204, 0xD6):
        row, column = struct.unpack_from("<2H", body)
        yield row, column, cell_of(string_of(body[6:], book, length_bytes=2))
    elif kind == 0x203:
        row, column, style, value = struct.unpack_from("<3Hd", body)
        yield row, column, book.number(value, style)
    elif kind == 0x27E:
        row, column, style, packed = struct.unpack_from("<3HI", body)
        yield row, column, book.number(unpacked(packed), style)
    elif kind == 0xBD:
        row, first = struct.unpack_from("<2H", body)
        for offset in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HI", body, 4 + 6 * offset)
            yield row, first + offset, book.number(unpacked(packed), style)
    elif kind == 0x205:
        row, column, __, value, is_error = struct.unpack_from("<3H2B", body)
        yield row, column, error_cell(value) if is_error else cell_of(bool(value))
    elif kind == 0x06:
        row, column, style = struct.unpack_from("<3H", body)
        result = body[6:14]
        if result[6:8] != b"\xff\xff":
            yield row, column, book.number(struct.unpack("<d", result)[0], style)
        elif result[0] in (1, 2):
            yield row, column, error_cell(result[2]) if result[0] == 2 else cell_of(bool(result[2]))
        else:
            yield row, column, EMPTY


def error_cell(code: int) -> Cell:
    return Cell(None, _ERRORS.get(code, "#N/A"), fault="error")


def unpacked(packed: int) -> float:
    """A number in 30 bits: whole, or the front of a double; perhaps of a hundredth."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return value / 100 if packed & 1 else value
