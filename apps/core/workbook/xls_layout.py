"""The records of an old Excel file that say what is hidden and how a number is shown.

The container is [MS-CFB], the records are [MS-XLS]; only what is needed is read, and every offset is checked by slicing:
a damaged file ends in struct.error or IndexError, which the caller reports as damaged.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.styles.numbers import BUILTIN_FORMATS

from .values import CHINESE_FORMATS

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # this and above: not a sector


class Compound:
    """A compound file: a small file system of named streams."""

    def __init__(self, data: bytes):
        self.data = data
        self.size = 1 << struct.unpack_from("<H", data, 30)[0]
        if self.size not in (512, 4096):
            raise ValueError("sector size")
        (directory,) = struct.unpack_from("<I", data, 48)
        self.small_below, small_table = struct.unpack_from("<II", data, 56)
        self.table = self._table()
        entries = self._chain(directory)
        self.names: dict[str, tuple[int, int]] = {}
        root = (_END, 0)
        for at in range(0, len(entries) - 127, 128):
            (length,) = struct.unpack_from("<H", entries, at + 64)
            start, size = struct.unpack_from("<II", entries, at + 116)
            kind = entries[at + 66]
            if kind == 5:
                root = (start, size)
            elif kind == 2 and 2 <= length <= 64:
                self.names[entries[at : at + length - 2].decode("utf-16-le", "replace")] = (start, size)
        self.small = self._chain(root[0])
        raw = self._chain(small_table)
        self.small_table = struct.unpack(f"<{len(raw) // 4}I", raw)

    def _table(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        (more,) = struct.unpack_from("<I", self.data, 68)
        seen = 0
        while more < _END and seen < 4096:
            block = self._sector(more)
            *listed, more = struct.unpack(f"<{self.size // 4}I", block)
            sectors += listed
            seen += 1
        raw = b"".join(self._sector(number) for number in sectors if number < _END)
        return struct.unpack(f"<{len(raw) // 4}I", raw)

    def _sector(self, number: int) -> bytes:
        block = self.data[(number + 1) * self.size : (number + 2) * self.size]
        return block.ljust(self.size, b"\0")  # the last sector may be cut short

    def _chain(self, start: int) -> bytes:
        parts = []
        while start < _END:
            if len(parts) > len(self.table):
                raise ValueError("sectors in a circle")
            parts.append(self._sector(start))
            start = self.table[start]
        return b"".join(parts)

    def stream(self, name: str) -> bytes:
        start, size = self.names[name]
        if size >= self.small_below:
            return self._chain(start)[:size]
        parts: list[bytes] = []
        while start < _END:
            if len(parts) > len(self.small_table):
                raise ValueError("sectors in a circle")
            parts.append(self.small[start * 64 : start * 64 + 64])
            start = self.small_table[start]
        return b"".join(parts)[:size]


@dataclass(slots=True)
class SheetLayout:
    """Rows and columns count from 0. `formats`: number format of each cell with a number."""

    name: str
    height: int = 0
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formats: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass(slots=True)
class Layout:
    encrypted: bool = False
    date_1904: bool = False
    formats: dict[int, str] = field(default_factory=lambda: {**BUILTIN_FORMATS, **CHINESE_FORMATS})
    sheets: list[SheetLayout] = field(default_factory=list)

    @staticmethod
    def empty_sheet() -> SheetLayout:
        return SheetLayout("")


def read_layout(compound: Compound, *, most_cells: int) -> Layout | None:
    """None when there are more cells than allowed. Files older than Excel 97 tell nothing about formats."""
    stream = compound.stream("Workbook" if "Workbook" in compound.names else "Book")
    layout = Layout()
    modern = False
    styles: list[int] = []  # number format of each cell style
    places: list[tuple[int, str]] = []
    for kind, body in records(stream, 0):
        if kind == 0x809:
            modern = body[:2] == b"\x00\x06"
        elif kind == 0x2F:
            layout.encrypted = True
            return layout
        elif kind == 0x22:
            layout.date_1904 = body[:2] == b"\x01\x00"
        elif kind == 0xE0:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == 0x41E and modern:
            (number,) = struct.unpack_from("<H", body)
            layout.formats[number] = text_of(body[2:], length_bytes=2)
        elif kind == 0x85 and modern and body[5] == 0:
            places.append((struct.unpack_from("<I", body)[0], text_of(body[6:], length_bytes=1)))
    seen = 0
    for position, name in places:
        sheet = SheetLayout(name)
        for row, column, style in scan(stream, position, sheet):
            seen += 1
            if seen > most_cells:
                return None
            sheet.height, sheet.width = max(sheet.height, row + 1), max(sheet.width, column + 1)
            if style is not None and style < len(styles):
                sheet.formats[row, column] = styles[style]
        layout.sheets.append(sheet)
    return layout


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == 0x0A:
            return
        at += 4 + length


def scan(stream: bytes, position: int, sheet: SheetLayout) -> Iterator[tuple[int, int, int | None]]:
    """Note what is hidden; yield row, column and, for numbers, the style of each cell with content."""
    for kind, body in records(stream, position):
        if kind == 0x208:
            (row,) = struct.unpack_from("<H", body)
            if len(body) >= 16 and struct.unpack_from("<I", body, 12)[0] & 0x20:
                sheet.hidden_rows.add(row)
        elif kind == 0x7D:
            first, last, __, ___, options = struct.unpack_from("<5H", body)
            if options & 1:
                sheet.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind in (0x203, 0x27E, 0x06):
            yield struct.unpack_from("<3H", body)
        elif kind == 0xBD:
            row, first = struct.unpack_from("<2H", body)
            for offset in range((len(body) - 6) // 6):
                yield row, first + offset, struct.unpack_from("<H", body, 4 + 6 * offset)[0]
        elif kind in (0xFD, 0x204, 0x205, 0xD6):
            yield *struct.unpack_from("<2H", body), None


def text_of(body: bytes, *, length_bytes: int) -> str:
    """A short string of Excel 97 and later: length, a flag for two-byte characters, the characters."""
    length = int.from_bytes(body[:length_bytes], "little")
    wide = body[length_bytes] & 1
    raw = body[length_bytes + 1 :]
    return raw[: 2 * length].decode("utf-16-le", "replace") if wide else raw[:length].decode("latin-1")
