"""What calamine doesn't tell of a sheet: its error cells, and whether it is too large.

calamine makes room for every cell between the first and the last one. Two cells in opposite
corners of a sheet would need 550 GB, which ends the program. And it leaves error cells empty.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from seam_portal_desktop.domain.tables.sheet import Progress, TableRefusedError
from seam_portal_desktop.texts import _

MAX_CELLS = 20_000_000
"""Cells between the first and the last one of a sheet, empty ones too."""

Errors = dict[tuple[int, int], str]
"""What error cells show, by row and column, both from 0."""

_CHUNK = 256 * 1024
# A cell beyond column Z or row 99,999. A sheet without one is small enough.
_FAR = re.compile(rb'\sr="(?:[A-Z]{2,3}[0-9]|[A-Z]?[0-9]{6})')
# A cell with a value; a cell without its reference, in a row with its own.
_FILLED = re.compile(
    rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,9})"[^>]*(?<!/)>(?!</)'
    rb'|<(?:\w+:)?row\s(?:[^>]*?\s)?r="()([0-9]{1,9})"[^>]*>\s*<(?:\w+:)?c(?![^>]*\sr=)'
)
_ERROR = re.compile(
    rb'<(?P<prefix>(?:\w+:)?)c\s(?P<attributes>[^>]*?\bt="e"[^>]*)>'
    rb"(?:(?!</(?P=prefix)c>).)*?<(?P=prefix)v>(?P<text>[^<]*)<",
    re.DOTALL,
)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


def scan_xlsx(archive: zipfile.ZipFile, sheet_name: str, progress: Progress) -> Errors:
    """Raises TableRefusedError for a sheet that is too large, and what zipfile raises."""
    errors: Errors = {}
    rows = columns = 0
    info = archive.getinfo(_sheet_part(archive, sheet_name))
    with archive.open(info) as part:
        for piece in _pieces(part, b"<row", b"<c "):
            progress(part.tell(), info.file_size)
            if _FAR.search(piece):
                for match in _FILLED.finditer(piece):
                    column, row = match[1] or b"Z", match[2] or match[4]
                    columns = max(columns, column_number(column))
                    rows = max(rows, int(row))
            if b't="e"' in piece:
                errors.update(_errors(piece))
    refuse_large(rows, columns)
    return errors


def refuse_large(rows: int, columns: int) -> None:
    if rows * columns > MAX_CELLS:
        raise TableRefusedError(
            _("The sheet is too large."),
            _(
                "Its cells reach to row {row:,} and column {column:,}. Delete what isn't part of "
                "the table, or copy the table to a sheet of its own."
            ).format(row=rows, column=columns),
        )


def column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _errors(piece: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for match in _ERROR.finditer(piece):
        reference = _REFERENCE.search(match["attributes"])
        if reference is not None:
            position = (int(reference[2]) - 1, column_number(reference[1]) - 1)
            yield position, match["text"].decode("utf-8", "replace")


def _pieces(part: IO[bytes], *starts: bytes) -> Iterator[bytes]:
    """The content in pieces that begin with one of these tags, as far as it has them."""
    rest = b""
    while chunk := part.read(_CHUNK):
        piece = rest + chunk
        cut = max(map(piece.rfind, starts))
        if cut > 0 and len(piece) - cut < _CHUNK:
            piece, rest = piece[:cut], piece[cut:]
        else:
            rest = b""
        yield piece
    yield rest


def _sheet_part(archive: zipfile.ZipFile, sheet_name: str) -> str:
    """The name of the part with this sheet's cells. Raises KeyError."""
    workbook = _target(archive, "", "Type", "/officeDocument")
    for sheet in _tags(archive, workbook, "sheet"):
        if sheet.get("name") == sheet_name:
            return _target(archive, workbook, "Id", sheet.get("id", ""))
    raise KeyError(sheet_name)


def _target(archive: zipfile.ZipFile, part: str, attribute: str, end: str) -> str:
    """The part to which a part has a relation whose attribute ends so. Raises KeyError."""
    folder, name = posixpath.split(part)
    for each in _tags(archive, posixpath.join(folder, "_rels", f"{name}.rels"), "Relationship"):
        if each.get(attribute, "").endswith(end):
            path = posixpath.join("/", folder, each.get("Target", ""))
            return posixpath.normpath(path).lstrip("/")
    raise KeyError(part)


def _tags(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[dict[str, str]]:
    """The attributes of each tag with this name, all without their namespaces."""
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] == name:
            found.append({key.rpartition(" ")[2]: value for key, value in attributes.items()})

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.Parse(archive.read(part), True)  # noqa: FBT003 - its only form
    return iter(found)


def scan_sheet(content: bytes, sheet_name: str, progress: Progress) -> Errors:
    """Raises TableRefusedError, and what zipfile raises for a damaged file."""
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "content.xml" in names or "xl/workbook.bin" in names:
            return {}
        return scan_xlsx(archive, sheet_name, progress)
