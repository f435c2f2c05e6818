"""Error cells and leading zeros in Excel's binary formats, and how far a newer sheet reaches.

The numbers are those of Microsoft's documents [MS-CFB], [MS-XLS] and [MS-XLSB].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from seam_portal_desktop.adapters.tables.scan_result import (
    Position,
    SheetScan,
    error_text,
    least_digits,
    refuse_large,
)

_BOF = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_EOF, _FORMULA, _FILE_PASS, _BOUND_SHEET, _BOOL_OR_ERROR = 0x0A, 0x06, 0x2F, 0x85, 0x0205
_NO_SECTOR = 0xFFFF_FFFA
"""Sector numbers from here on have other meanings, such as the end of a chain."""

_NUMBER_FORMAT, _STYLE, _ROW_OF_NUMBERS = 0x041E, 0xE0, 0xBD
_NUMBERS = frozenset({_FORMULA, 0x0203, 0x027E, _ROW_OF_NUMBERS})
_FORMULA_ERROR = 2
_XLSB_ROW, _XLSB_BLANK, _XLSB_ERROR, _XLSB_FORMULA_ERROR, _XLSB_SHEET = 0, 1, 3, 11, 156
_XLSB_LAST_CELL = 11


def scan_xls(content: bytes, index: int) -> SheetScan:
    """The facts of the sheet with this place in the workbook. A sheet of this format is small
    enough. Raises struct.error, IndexError and ValueError for a damaged file."""
    book = _workbook_stream(content)
    sheets, digits = _xls_sheets(book)
    scan = SheetScan()
    for kind, start, size in _records(book, sheets[index]):
        if kind == _BOOL_OR_ERROR and book[start + 7]:
            scan.errors[_xls_position(book, start)] = error_text(book[start + 6])
        elif kind == _FORMULA and book[start + 6] == _FORMULA_ERROR and _has_no_number(book, start):
            scan.errors[_xls_position(book, start)] = error_text(book[start + 8])
        elif kind in _NUMBERS:
            row, column = _xls_position(book, start)
            # A row of numbers has six bytes each, of which the first two are the style.
            count = (size - 6) // 6 if kind == _ROW_OF_NUMBERS else 1
            for each in range(count):
                (style,) = struct.unpack_from("<H", book, start + 4 + 6 * each)
                if digits[style]:
                    scan.digits[row, column + each] = digits[style]
    return scan


def _xls_sheets(book: bytes) -> tuple[list[int], list[int]]:
    """Where the sheets begin, and how many digits the cells of each style show at least."""
    sheets: list[int] = []
    formats: dict[int, int] = {}
    styles: list[int] = []
    for kind, start, _size in _records(book, 0):
        if kind == _BOUND_SHEET:
            sheets.append(struct.unpack_from("<I", book, start)[0])
        elif kind == _NUMBER_FORMAT:
            number, length, is_wide = struct.unpack_from("<HHB", book, start)
            text = book[start + 5 : start + 5 + length * (1 + (is_wide & 1))]
            encoding = "utf-16-le" if is_wide & 1 else "latin_1"
            formats[number] = least_digits(text.decode(encoding, "replace"))
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", book, start + 2)[0])
    return sheets, [formats.get(number, 0) for number in styles]


def _xls_position(book: bytes, start: int) -> Position:
    row, column = struct.unpack_from("<HH", book, start)
    return row, column


def _has_no_number(book: bytes, start: int) -> bool:
    return book[start + 12 : start + 14] == b"\xff\xff"


def is_encrypted_xls(content: bytes) -> bool:
    """Raises what `scan_xls` raises."""
    return any(kind == _FILE_PASS for kind, _start, _size in _records(_workbook_stream(content), 0))


def _records(book: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and size of each record of a substream, without those of streams inside."""
    depth = 0
    while position + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, position)
        position += 4
        if kind in _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, position, size
        position += size


def _workbook_stream(content: bytes) -> bytes:
    """The stream with the workbook in an OLE file."""
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    directory, _signature, cutoff, mini_table = struct.unpack_from("<4I", content, 48)
    sectors = _Sectors(memoryview(content)[1 << shift :], 1 << shift)
    table = _table(sectors, content)
    entries = sectors.chain(directory, table)
    root_start, _root_size = struct.unpack_from("<II", entries, 116)
    for position in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, position + 64)[0]
        name = entries[position : position + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", entries, position + 116)
        if name.lower() in {"workbook", "book"}:
            if size >= cutoff:
                return sectors.chain(start, table)[:size]
            mini = _Sectors(memoryview(sectors.chain(root_start, table)), 1 << mini_shift)
            return mini.chain(start, _numbers(sectors.chain(mini_table, table)))[:size]
    raise ValueError("The file has no workbook.")


class _Sectors:
    """The parts of an OLE file, all of one size."""

    def __init__(self, content: memoryview, size: int) -> None:
        self._content = content
        self._size = size

    def __getitem__(self, number: int) -> memoryview:
        return self._content[number * self._size : (number + 1) * self._size]

    def chain(self, start: int, table: Sequence[int]) -> bytes:
        """The sectors from this one on; `table` has the next one of each."""
        parts: list[memoryview] = []
        while start < _NO_SECTOR:
            if len(parts) > len(table):
                raise ValueError("A chain of sectors has no end.")
            parts.append(self[start])
            start = table[start]
        return b"".join(parts)


def _table(sectors: _Sectors, content: bytes) -> Sequence[int]:
    """The next sector of each sector. The table's own sectors are listed in the header and, in a
    large file, in a chain of sectors whose last number is the next sector."""
    numbers = list(struct.unpack_from("<109I", content, 76))
    following = struct.unpack_from("<I", content, 68)[0]
    for _number in range(len(content) // len(sectors[0])):
        if following >= _NO_SECTOR:
            break
        *more, following = _numbers(sectors[following])
        numbers += more
    return _numbers(b"".join(sectors[each] for each in numbers if each < _NO_SECTOR))


def _numbers(content: bytes | memoryview) -> Sequence[int]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def xlsb_relations(workbook: bytes) -> list[str]:
    """The relation of each sheet in the workbook's part."""
    found: list[str] = []
    for kind, start, _size in _xlsb_records(workbook):
        if kind == _XLSB_SHEET:
            length = struct.unpack_from("<I", workbook, start + 8)[0]
            found.append(workbook[start + 12 : start + 12 + 2 * length].decode("utf-16-le"))
    return found


def scan_xlsb(sheet: bytes) -> SheetScan:
    """The error cells in a sheet's part; leading zeros aren't looked for.

    Raises TableRefusedError for a sheet that is too large, IndexError and struct.error for a
    damaged one.
    """
    scan = SheetScan()
    row = rows = columns = 0
    for kind, start, _size in _xlsb_records(sheet):
        if kind == _XLSB_ROW:
            row = struct.unpack_from("<I", sheet, start)[0]
        elif _XLSB_BLANK < kind <= _XLSB_LAST_CELL:
            column = struct.unpack_from("<I", sheet, start)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if kind in {_XLSB_ERROR, _XLSB_FORMULA_ERROR}:
                scan.errors[row, column] = error_text(sheet[start + 8])
    refuse_large(rows, columns)
    return scan


def _xlsb_records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and size of each record. Both numbers take as many bytes as they need."""
    position = 0
    while position < len(part):
        kind = part[position]
        position += 1
        if kind & 0x80:
            kind = kind & 0x7F | (part[position] & 0x7F) << 7
            position += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = part[position]
            position += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, position, size
        position += size
