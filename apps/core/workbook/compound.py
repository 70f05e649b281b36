"""The container of old Office files and of files with a password ([MS-CFB]): a small file system of named streams.

A damaged one ends in struct.error, IndexError or ValueError, which the caller reports as damaged.
"""

from __future__ import annotations

import struct

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # this and above: not a sector


class Compound:
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
        while more < _END and seen <= len(self.data) // self.size:
            block = self._sector(more)
            *listed, more = struct.unpack(f"<{self.size // 4}I", block)
            sectors += listed
            seen += 1
        sectors = [number for number in sectors if number < _END]
        if len(sectors) > len(self.data) // self.size:
            raise ValueError("more sectors than the file holds")
        raw = b"".join(map(self._sector, sectors))
        return struct.unpack(f"<{len(raw) // 4}I", raw)

    def _sector(self, number: int) -> bytes:
        block = self.data[(number + 1) * self.size : (number + 2) * self.size]
        if not block:
            raise ValueError("a sector outside the file")
        return block.ljust(self.size, b"\0")  # the last sector may be cut short

    def _chain(self, start: int) -> bytes:
        parts: list[bytes] = []
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
        pieces: list[bytes] = []
        while start < _END:
            if len(pieces) > len(self.small_table):
                raise ValueError("sectors in a circle")
            pieces.append(self.small[start * 64 : start * 64 + 64])
            start = self.small_table[start]
        return b"".join(pieces)[:size]
