"""Reads the tables that the program has written, by other libraries than those that wrote them."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

from python_calamine import CalamineWorkbook


def csv_lines(content: bytes, separator: str = ",") -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the byte order mark"
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=separator))


def workbook_lines(content: bytes) -> list[dict[str, Any]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    titles, *rows = workbook.get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]


def unpacked(content: bytes) -> bytes:
    """All that is in a file, also in an XLSX file, which is packed."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
