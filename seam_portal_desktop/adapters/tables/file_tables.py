"""Tables in files of every kind, told apart by their content, not by their name."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from seam_portal_desktop.adapters.tables.encodings import decode
from seam_portal_desktop.adapters.tables.file_content import read_content
from seam_portal_desktop.adapters.tables.workbooks import read_workbook
from seam_portal_desktop.domain.tables.formulas import restored_sheet
from seam_portal_desktop.domain.tables.html_table import MAX_HTML, read_html
from seam_portal_desktop.domain.tables.sheet import (
    Progress,
    ReadOptions,
    TableFile,
    TableRefusedError,
    no_progress,
)
from seam_portal_desktop.domain.tables.text_table import read_text, sniff_separator
from seam_portal_desktop.texts import _

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_HTML = re.compile(
    r"\A\s*(?:<!doctype html|<html|<table|<meta|<head|<body|<\?xml[^>]*>\s*<html)", re.IGNORECASE
)
_XML = re.compile(r"\A\s*<\?xml")


class FileTables:
    """Reads tables for the port of the same name. Blocking: call it in a thread."""

    def read(self, path: Path, options: ReadOptions, progress: Progress = no_progress) -> TableFile:
        """Raises TableRefusedError, or the ReadingCancelledError of `progress`."""
        content = read_content(path, progress)
        name = path.name
        if content.startswith((_ZIP, _OLE)):
            _refuse_other_documents(content, name)
            sheet, names, sheet_name = read_workbook(content, name, options.sheet, progress)
            return TableFile(name, sheet, sheet_names=names, sheet_name=sheet_name)
        if content.startswith(_OTHER_KINDS):
            raise _no_table(name)
        return _read_text_file(name, content, options, progress)


def _read_text_file(
    name: str, content: bytes, options: ReadOptions, progress: Progress
) -> TableFile:
    decoded = decode(content, options.encoding)
    text = decoded.text
    separator = ""
    if _HTML.match(text):
        # Booking systems write such files with a name that ends with .xls.
        sheet = read_html(text)
        if sheet is None:
            raise _no_table(name) if len(text) <= MAX_HTML else _long_page(name)
    elif _XML.match(text):
        raise TableRefusedError(
            _("{name} is an XML file.").format(name=name),
            _("Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx)."),
        )
    else:
        separator = options.separator or sniff_separator(text)
        sheet = restored_sheet(read_text(text, separator, progress))
    return TableFile(
        name,
        sheet,
        encoding=decoded.encoding,
        encodings=decoded.encodings,
        is_encoding_guessed=decoded.is_guessed,
        separator=separator,
    )


def _refuse_other_documents(content: bytes, name: str) -> None:
    if content.startswith(_OLE):
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return
    if not any(each.startswith("xl/") or each == "content.xml" for each in names):
        raise _no_table(name)


def _no_table(name: str) -> TableRefusedError:
    return TableRefusedError(
        _("{name} has no table that can be read.").format(name=name),
        _("Save the table as an Excel workbook (.xlsx), an OpenDocument sheet or a CSV file."),
    )


def _long_page(name: str) -> TableRefusedError:
    return TableRefusedError(
        _("{name} is too large.").format(name=name),
        _("Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx)."),
    )
