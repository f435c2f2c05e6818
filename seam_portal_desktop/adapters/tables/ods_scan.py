"""Error cells, leading zeros and merged cells of an OpenDocument sheet, and how far it reaches."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator, Sequence

from seam_portal_desktop.adapters.tables.scan_result import Position, SheetScan, refuse_large
from seam_portal_desktop.domain.tables.sheet import Progress

_PIECE = 256 * 1024
# calamine reads these names only, so other prefixes don't matter.
_SHEET = re.compile(rb'<table:table\s[^>]*?\btable:name="([^"]*)"')
_SHEET_END = b"</table:table>"
_ROW = re.compile(rb"<table:table-row[\s>]")
_TOKEN = re.compile(
    rb"<table:table-row(?P<row>\s[^>]*)?>"
    rb"|<table:(?:covered-)?table-cell(?P<cell>[^>]*)>(?:<text:p[^>]*>(?P<text>[^<]*))?"
)
_REPEATED_ROWS = re.compile(rb'number-rows-repeated="([0-9]{1,9})"')
_REPEATED_CELLS = re.compile(rb'number-columns-repeated="([0-9]{1,9})"')
# Many repeated rows, or many repeated cells that aren't the last of their row.
_FAR = re.compile(
    rb'number-rows-repeated="[0-9]{5}'
    rb'|table-cell[^>]*number-columns-repeated="[0-9]{3,}"[^>]*>(?!\s*</table:table-row>)'
)
_SPANNED_ROWS = re.compile(rb'number-rows-spanned="([2-9]|[0-9]{2,7})"')
_ERROR = b'value-type="error"'
_LEADING_ZERO = re.compile(rb'value-type="float"[^>]*><text:p>0[0-9]+</text:p>')
_LOOKED_FOR = (_FAR, _LEADING_ZERO, _SPANNED_ROWS)
_DIGITS = re.compile(rb"0[0-9]{1,30}")


def scan_ods(archive: zipfile.ZipFile, name: str, progress: Progress) -> SheetScan:
    """Raises TableRefusedError for a sheet that is too large, KeyError if there is none with this
    name, and what zipfile raises."""
    scan = _OdsCells()
    for piece in _pieces(archive.read("content.xml"), name, progress):
        if _ERROR in piece or any(each.search(piece) for each in _LOOKED_FOR):
            scan.read_cells(piece)
        else:
            scan.count_rows(piece)
    return scan.found


class _OdsCells:
    def __init__(self) -> None:
        self.found = SheetScan()
        # The rows above the present piece, and how far the cells reach.
        self._above = self._rows = self._columns = 0

    def count_rows(self, piece: bytes) -> None:
        self._above += len(_ROW.findall(piece))
        self._above += sum(int(count) - 1 for count in _REPEATED_ROWS.findall(piece))

    def read_cells(self, piece: bytes) -> None:
        repeated = column = 0
        for token in _TOKEN.finditer(piece):
            attributes = token["cell"]
            if attributes is None:
                self._above += repeated
                repeated = _count(_REPEATED_ROWS, token["row"] or b"")
                column = 0
                continue
            width = _count(_REPEATED_CELLS, attributes)
            if b"value-type" in attributes:
                self._rows = max(self._rows, self._above + repeated)
                self._columns = max(self._columns, column + width)
                refuse_large(self._rows, self._columns)
                self._keep(token["text"] or b"", attributes, self._area(repeated, column, width))
                if (height := _count(_SPANNED_ROWS, attributes)) > 1:
                    last = (self._above + height - 1, column)
                    self.found.merged.append(((self._above, column), last))
            column += width
        self._above += repeated

    def _keep(self, text: bytes, attributes: bytes, area: Sequence[Position]) -> None:
        if _ERROR in attributes:
            shown = html.unescape(text.decode("utf-8", "replace")) or "#ERROR!"
            self.found.errors.update(dict.fromkeys(area, shown))
        elif b'value-type="float"' in attributes and _DIGITS.fullmatch(text):
            self.found.digits.update(dict.fromkeys(area, len(text)))

    def _area(self, height: int, column: int, width: int) -> list[Position]:
        rows = range(self._above, self._above + height)
        return [(row, each) for row in rows for each in range(column, column + width)]


def _pieces(content: bytes, name: str, progress: Progress) -> Iterator[bytes]:
    """The rows of the sheet with this name, in pieces of whole rows."""
    for sheet in _SHEET.finditer(content):
        if html.unescape(sheet[1].decode("utf-8")) == name:
            start = sheet.end()
            break
    else:
        raise KeyError(name)
    end = content.find(_SHEET_END, start)
    while start < end:
        row = _ROW.search(content, min(start + _PIECE, end), end)
        stop = end if row is None else row.start()
        progress(start, end)
        yield content[start:stop]
        start = stop


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    match = pattern.search(attributes)
    return int(match[1]) if match is not None else 1
