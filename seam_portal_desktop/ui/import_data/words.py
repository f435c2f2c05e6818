"""Cells, encodings and reasons as text for people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from seam_portal_desktop.domain.tables.mapping import MappedColumn, Match
from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import isolate, number, one_line, shortened

_SEPARATORS = {
    ",": _("Comma"),
    ";": _("Semicolon"),
    "\t": _("Tab"),
    "|": _("Vertical bar"),
}
_ENCODINGS = {
    "utf-8": _("Unicode (UTF-8)"),
    "utf-8-sig": _("Unicode (UTF-8)"),
    "utf-16": _("Unicode (UTF-16)"),
    "utf-16-le": _("Unicode (UTF-16)"),
    "utf-16-be": _("Unicode (UTF-16, big-endian)"),
    "utf-32": _("Unicode (UTF-32)"),
    "ascii": _("Unicode (UTF-8)"),
    "cp1250": _("Central European (Windows-1250)"),
    "cp1251": _("Cyrillic (Windows-1251)"),
    "cp1252": _("Western European (Windows-1252)"),
    "cp1253": _("Greek (Windows-1253)"),
    "cp1254": _("Turkish (Windows-1254)"),
    "cp1255": _("Hebrew (Windows-1255)"),
    "cp1256": _("Arabic (Windows-1256)"),
    "cp1257": _("Baltic (Windows-1257)"),
    "cp1258": _("Vietnamese (Windows-1258)"),
    "cp437": _("DOS, United States (437)"),
    "cp850": _("DOS, Western European (850)"),
    "cp852": _("DOS, Central European (852)"),
    "mac-roman": _("Western European (Mac Roman)"),
    "mac-latin2": _("Central European (Mac)"),
    "latin-1": _("Western European (ISO 8859-1)"),
    "iso8859-1": _("Western European (ISO 8859-1)"),
    "iso8859-2": _("Central European (ISO 8859-2)"),
    "iso8859-15": _("Western European (ISO 8859-15)"),
    "koi8-r": _("Cyrillic (KOI8-R)"),
    "shift-jis": _("Japanese (Shift JIS)"),
    "cp932": _("Japanese (Windows-932)"),
    "gb18030": _("Chinese (GB 18030)"),
    "big5": _("Traditional Chinese (Big5)"),
    "euc-kr": _("Korean (EUC-KR)"),
}
_REASONS = {
    Match.EXACT: _("Same name"),
    Match.SYNONYM: _("Another word for it"),
    Match.ALIKE: _("Looks alike: please check"),
    Match.REMEMBERED: _("As last time"),
    Match.CHOSEN: _("You chose it"),
    Match.NONE: _("Unknown title"),
}
_SAMPLE_CHARACTERS = 60


def cell_text(value: CellValue) -> str:
    """A cell of a sheet on one line, as the source shows it."""
    match value:
        case None:
            return ""
        case ErrorCell():
            return value.text
        case datetime():
            return value.isoformat(" ", "seconds" if value.second else "minutes")
        case date() | time() | timedelta():
            return str(value)
        case bool():
            return "TRUE" if value else "FALSE"
    return one_line(str(value))


def column_title(title: str, at: int) -> str:
    """The title of the column with the index `at`, or words for a column without one."""
    return one_line(title) or _("Column {number}, without a title").format(number=number(at + 1))


def sample_text(texts: tuple[str, ...]) -> str:
    """Some cells of a column, for one line."""
    return " · ".join(isolate(shortened(text, _SAMPLE_CHARACTERS)) for text in texts)


def encoding_title(name: str) -> str:
    """The name of a codec of Python's for people, else its own name."""
    return _ENCODINGS.get(name.lower().replace("_", "-"), name)


def separator_title(character: str) -> str:
    return _SEPARATORS.get(character, character)


def known_separators() -> tuple[str, ...]:
    return tuple(_SEPARATORS)


def reason_text(column: MappedColumn) -> str:
    """Why the column goes where it goes."""
    if column.target is None and column.match is Match.CHOSEN:
        return _("You left it out")
    return _REASONS[column.match]
