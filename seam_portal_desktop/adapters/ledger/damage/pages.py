"""Reads rows from the leaf pages of a SQLite file that SQLite itself can't read any more.

Neither the file's header nor its indexes and inner pages are needed. Any content ends in finite
time: each page is read once, and the pages of a long row are at most as many as its length needs.

Source of the format: https://www.sqlite.org/fileformat2.html
"""

# ruff: noqa: PLR2004 - the format's numbers
from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self

from seam_portal_desktop.adapters.ledger.rows import UndecodableText, decode_text

PAGE_SIZE = 4096
"""In bytes. `Database` sets it for new files. What the header says may be damaged."""

_FILE_HEADER = 100
_LEAF_OF_A_TABLE = 0x0D
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_WAL_HEADER, _FRAME_HEADER = 32, 24
_MOST_COLUMNS = 100
_INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class StoredRow(NamedTuple):
    """``values`` are the first columns that could be read. ``is_whole``: none is missing, and no
    text has a wrong byte."""

    rowid: int
    values: tuple[Any, ...]
    is_whole: bool


class _DamageError(Exception):
    """The bytes aren't what the format says."""


class DamagedFile:
    """The file at `path`, with the committed pages of its write-ahead log. Use it in `with`."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        self._size = path.stat().st_size
        self._logged = _logged_pages(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def rows(self) -> Iterator[StoredRow]:
        """All rows of all tables that can be read at least in part, in the order of the pages."""
        in_file = -(-self._size // PAGE_SIZE)
        for number in range(1, max([in_file, *self._logged]) + 1):
            page = self._page(number)
            start = _FILE_HEADER if number == 1 else 0
            if len(page) < start + 8 or page[start] != _LEAF_OF_A_TABLE:
                continue
            (count,) = struct.unpack_from(">H", page, start + 3)
            pointers = page[start + 8 : start + 8 + 2 * count]
            for (at,) in struct.iter_unpack(">H", pointers[: len(pointers) // 2 * 2]):
                try:
                    yield self._row(page, at)
                except (_DamageError, IndexError, struct.error):
                    continue

    def _page(self, number: int) -> bytes:
        """The page's newest content; shorter, or empty, at the end of a file that was cut off."""
        if number in self._logged:
            return self._logged[number]
        self._file.seek((number - 1) * PAGE_SIZE)
        return self._file.read(PAGE_SIZE)

    def _row(self, page: bytes, at: int) -> StoredRow:
        length, at = _varint(page, at)
        rowid, at = _varint(page, at)
        if not 0 < length <= self._size + sum(map(len, self._logged.values())):
            raise _DamageError
        if rowid >= 2**63:
            rowid -= 2**64
        local = self._local_length(length)
        payload = page[at : at + local]
        if len(payload) == local < length:
            payload += self._overflow(page[at + local : at + local + 4], length - local)
        values, is_whole = _values(payload)
        return StoredRow(rowid, values, is_whole and len(payload) == length)

    def _local_length(self, length: int) -> int:
        """How much of a row of this length is in the leaf page itself."""
        if length <= PAGE_SIZE - 35:
            return length
        least = (PAGE_SIZE - 12) * 32 // 255 - 23
        local = least + (length - least) % (PAGE_SIZE - 4)
        return local if local <= PAGE_SIZE - 35 else least

    def _overflow(self, pointer: bytes, length: int) -> bytes:
        """The rest of a row, in a chain of pages; shorter where the chain is broken."""
        content = bytearray()
        while len(content) < length and len(pointer) == 4:
            (number,) = struct.unpack(">I", pointer)
            page = self._page(number) if number else b""
            if len(page) < PAGE_SIZE:
                break
            pointer = page[:4]
            content += page[4:]
        return bytes(content[:length])


def _logged_pages(path: Path) -> dict[int, bytes]:
    """The newest committed content of each page in the write-ahead log of the file at `path`."""
    log = path.with_name(f"{path.name}-wal")
    committed: dict[int, bytes] = {}
    if not log.is_file():
        return committed
    # A damaged number must not let the file look endless.
    most = (path.stat().st_size + log.stat().st_size) // PAGE_SIZE + 1
    with log.open("rb") as file:
        header = file.read(_WAL_HEADER).ljust(_WAL_HEADER, b"\0")
        magic, _, size = struct.unpack_from(">III", header)
        if magic not in _WAL_MAGIC or size != PAGE_SIZE:
            return committed
        pending: dict[int, bytes] = {}
        while len(frame := file.read(_FRAME_HEADER + PAGE_SIZE)) == _FRAME_HEADER + PAGE_SIZE:
            number, pages_after_commit = struct.unpack_from(">II", frame)
            if frame[8:16] != header[16:24] or not 0 < number <= most:
                break  # the rest is of an earlier time, or damaged
            pending[number] = frame[_FRAME_HEADER:]
            if pages_after_commit:
                committed |= pending
                pending = {}
    return committed


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """An integer of 1 to 9 bytes, and the position after it."""
    value = 0
    for position in range(at, at + 8):
        byte = data[position]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + 1
    return value << 8 | data[at + 8], at + 9


def _values(payload: bytes) -> tuple[tuple[Any, ...], bool]:
    """The values of a row, up to the first that isn't there; whether all are there and readable."""
    length, at = _varint(payload, 0)
    if not 0 < length <= len(payload):
        raise _DamageError
    types: list[int] = []
    while at < length:
        kind, at = _varint(payload, at)
        types.append(kind)
    if at != length or len(types) > _MOST_COLUMNS:
        raise _DamageError
    values: list[Any] = []
    is_whole = True
    for kind in types:
        size = _INTEGER_SIZES.get(kind, 8 if kind == 7 else 0 if kind < 12 else (kind - 12) // 2)
        content = payload[at : at + size]
        at += size
        if len(content) < size or kind in (10, 11):
            return tuple(values), False
        value = _value(kind, content)
        is_whole = is_whole and type(value) is not UndecodableText
        values.append(value)
    return tuple(values), is_whole


def _value(kind: int, content: bytes) -> int | float | str | bytes | None:
    if kind == 0:
        return None
    if kind in _INTEGER_SIZES:
        return int.from_bytes(content, "big", signed=True)
    if kind == 7:
        return float(struct.unpack(">d", content)[0])
    if kind in (8, 9):
        return kind - 8
    return decode_text(content) if kind % 2 else content
