"""What calamine doesn't tell of a sheet: cells without a result, leading zeros, and whether it is
too large.

calamine makes room for every cell between the first and the last one. Two cells in opposite
corners of a sheet would need 550 GB, which ends the program. And it leaves error cells empty.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO
from xml.parsers import expat

from seam_portal_desktop.adapters.tables.binary_scan import (
    is_encrypted_xls,
    scan_xls,
    scan_xlsb,
    xlsb_relations,
)
from seam_portal_desktop.adapters.tables.ods_scan import scan_ods
from seam_portal_desktop.adapters.tables.scan_result import (
    Position,
    SheetScan,
    least_digits,
    refuse_large,
)
from seam_portal_desktop.domain.tables.sheet import Progress

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 256 * 1024
# A cell beyond column Z or row 99,999. A sheet without one is small enough.
_FAR = re.compile(rb"""\sr\s*=\s*["'](?:[A-Z]{2,3}[0-9]|[A-Z]?[0-9]{6})""")
# A cell with a value; a cell without its reference, in a row with its own.
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{1,3})([0-9]{1,9})["'][^>]*(?<!/)>(?!</)"""
    rb"""|<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*["']()([0-9]{1,9})["'][^>]*>\s*<(?:\w+:)?c(?![^>]*\sr)"""
)
_ERROR = re.compile(
    rb"""<(?P<prefix>(?:\w+:)?)c(?P<attributes>\s(?:[^>]*?\s)?t\s*=\s*["']e["'][^>]*)(?<!/)>"""
    rb"""(?:(?!</(?P=prefix)c>).)*?<(?P=prefix)v>(?P<text>[^<]*)<""",
    re.DOTALL,
)
_FORMULA = re.compile(rb"[<:]f[\s>/]")
# A formula without a value. Excel and LibreOffice write t="str" for one whose value is no text.
_NOT_COMPUTED = re.compile(
    rb"""<(?P<prefix>(?:\w+:)?)c(?P<attributes>(?:\s(?!t\s*=)[^\s>=]+\s*=\s*["'][^"'>]*["'])*)\s*>"""
    rb"""<(?P=prefix)f(?:\s[^>]*)?(?:/>|>[^<]*</(?P=prefix)f>)"""
    rb"""(?:<(?P=prefix)v\s*/>|<(?P=prefix)v></(?P=prefix)v>)?</(?P=prefix)c>"""
)
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")


def scan_sheet(content: bytes, names: Sequence[str], name: str, progress: Progress) -> SheetScan:
    """The facts of the sheet with this name. `names` are those of all sheets, in the file's
    order. Raises TableRefusedError for a sheet that is too large; for a damaged file also what
    zipfile, expat and struct raise, KeyError and ValueError.
    """
    if not content.startswith(b"PK"):
        return scan_xls(content, names.index(name))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = set(archive.namelist())
        if "content.xml" in parts:
            return scan_ods(archive, name, progress)
        workbook = _target(archive, "", "type", "/officeDocument")
        if workbook.endswith(".bin"):
            relations = [
                _target(archive, workbook, "id", each)
                for each in xlsb_relations(archive.read(workbook))
            ]
            return scan_xlsb(archive.read(relations[names.index(name)]))
        return _scan_xlsx(archive, workbook, name, progress)


def is_encrypted(content: bytes) -> bool:
    """Whether a workbook that calamine refuses needs a password. Raises what `scan_sheet` does."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"encryption-data" in archive.read("META-INF/manifest.xml")
    # Excel packs its newer formats into an OLE file.
    return _ENCRYPTED_PACKAGE in content or is_encrypted_xls(content)


def _scan_xlsx(archive: zipfile.ZipFile, workbook: str, name: str, progress: Progress) -> SheetScan:
    scan = SheetScan()
    rows = columns = 0
    digits = _digits_by_style(archive, workbook)
    styled = _cells_of_styles(digits)
    info = archive.getinfo(_sheet_part(archive, workbook, name))
    with archive.open(info) as part:
        for piece in _pieces(part, b"<row", b"<c "):
            progress(part.tell(), info.file_size)
            if _FAR.search(piece):
                for match in _FILLED.finditer(piece):
                    column, row = match[1] or b"Z", match[2] or match[4]
                    columns = max(columns, _column_number(column))
                    rows = max(rows, int(row))
            if b'"e"' in piece or b"'e'" in piece:
                for match in _ERROR.finditer(piece):
                    text = match["text"].decode("utf-8", "replace")
                    scan.errors.update(dict.fromkeys(_position(match["attributes"]), text))
            if _FORMULA.search(piece):
                for match in _NOT_COMPUTED.finditer(piece):
                    scan.errors.update(dict.fromkeys(_position(match["attributes"]), ""))
            for match in styled.finditer(piece) if digits else ():
                least = digits[match["style"]]
                scan.digits.update(dict.fromkeys(_position(match[0]), least))
    refuse_large(rows, columns)
    return scan


def _digits_by_style(archive: zipfile.ZipFile, workbook: str) -> dict[bytes, int]:
    """How many digits the cells of a style show at least, if that is a matter of their style."""
    try:
        styles = _target(archive, workbook, "type", "/styles")
    except KeyError:
        return {}
    formats = {
        each.get("numfmtid"): least_digits(each.get("formatcode", ""))
        for each in _tags(archive, styles, "numfmt")
    }
    used = (
        formats.get(each.get("numfmtid"), 0) for each in _tags(archive, styles, "xf", "cellxfs")
    )
    return {str(style).encode(): least for style, least in enumerate(used) if least}


def _cells_of_styles(styles: Iterable[bytes]) -> re.Pattern[bytes]:
    cell = rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?s\s*=\s*["'](?P<style>%s)["'][^>]*(?<!/)>"""
    return re.compile(cell % b"|".join(styles))


def _column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _position(attributes: bytes) -> Iterator[Position]:
    """The position of the cell with these attributes, if they have it."""
    reference = _REFERENCE.search(attributes)
    if reference is not None:
        yield int(reference[2]) - 1, _column_number(reference[1]) - 1


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


def _sheet_part(archive: zipfile.ZipFile, workbook: str, name: str) -> str:
    """The name of the part with this sheet's cells. Raises KeyError."""
    for sheet in _tags(archive, workbook, "sheet"):
        if sheet.get("name") == name:
            return _target(archive, workbook, "id", sheet.get("id", ""))
    raise KeyError(name)


def _target(archive: zipfile.ZipFile, part: str, attribute: str, end: str) -> str:
    """The part to which a part has a relation whose attribute ends so. Raises KeyError."""
    folder, name = posixpath.split(part)
    for each in _tags(archive, posixpath.join(folder, "_rels", f"{name}.rels"), "relationship"):
        if each.get(attribute, "").endswith(end):
            path = posixpath.join("/", folder, each.get("target", ""))
            return posixpath.normpath(path).lstrip("/")
    raise KeyError(part)


def _tags(archive: zipfile.ZipFile, part: str, name: str, parent: str = "") -> list[dict[str, str]]:
    """The attributes of each tag with this name. All names are without namespaces and in lower
    case."""
    found: list[dict[str, str]] = []
    path: list[str] = [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(" ")[2].lower()
        if local == name and parent in {"", path[-1]}:
            found.append(
                {key.rpartition(" ")[2].lower(): value for key, value in attributes.items()}
            )
        path.append(local)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _tag: path.pop()
    parser.Parse(archive.read(part), True)  # noqa: FBT003 - its only form
    return found
