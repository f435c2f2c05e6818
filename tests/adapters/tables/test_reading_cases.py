"""Each file and clipboard of the corpus has the rows or the refusal that its case names.

A case of `tests/support/tables/cases.json` has a ``source``: ``file`` (``text`` in an ``encoding``,
``hex``, or a ``file`` in a folder beside it), ``clipboard`` (plain text) or ``html``. What it
doesn't name isn't looked at. ``among`` says among how many encodings the right one is offered.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from seam_portal_desktop.adapters.tables.file_tables import FileTables
from seam_portal_desktop.domain.tables.html_table import read_html
from seam_portal_desktop.domain.tables.sheet import (
    CellValue,
    ErrorCell,
    ReadOptions,
    Sheet,
    TableFile,
    TableRefusedError,
)
from seam_portal_desktop.domain.tables.text_table import read_pasted

Case = dict[str, Any]

FOLDER = Path(__file__).parents[2] / "support" / "tables"
CASES: list[Case] = json.loads((FOLDER / "cases.json").read_text("utf-8"))
_CLIPBOARDS = {"clipboard": read_pasted, "html": read_html}


def _names(cases: list[Case]) -> list[str]:
    return [case["name"] for case in cases]


_FILES = [case for case in CASES if case["source"] == "file"]
_TAKEN = [case for case in _FILES if "refused" not in case]
_COPIED = [case for case in CASES if case["source"] != "file"]


@pytest.mark.parametrize("case", _TAKEN, ids=_names(_TAKEN))
def test_a_file_is_read(case: Case, tmp_path: Path) -> None:
    file = _read(case, tmp_path)
    _check(file.sheet, case)
    assert file.separator == case.get("separator", file.separator)
    assert list(file.sheet_names) == case.get("sheets", list(file.sheet_names))
    assert file.is_encoding_guessed == case.get("guessed", file.is_encoding_guessed)
    if case.get("choice"):
        assert len(file.encodings) > 1
    if "among" in case:
        content = case["text"].encode(case["encoding"])
        shown = [content.decode(each, "replace") for each in file.encodings[: case["among"]]]
        assert case["text"] in shown


_REFUSED = [case for case in _FILES if "refused" in case]


@pytest.mark.parametrize("case", _REFUSED, ids=_names(_REFUSED))
def test_a_file_is_refused(case: Case, tmp_path: Path) -> None:
    with pytest.raises(TableRefusedError, match=case["refused"]):
        _read(case, tmp_path)


@pytest.mark.parametrize("case", _COPIED, ids=_names(_COPIED))
def test_a_clipboard_is_read(case: Case) -> None:
    read = _CLIPBOARDS[case["source"]]
    if "refused" in case:
        with pytest.raises(TableRefusedError, match=case["refused"]):
            read(case["text"])
        return
    sheet = read(case["text"])
    if case.get("none"):
        assert sheet is None
    else:
        assert sheet is not None
        _check(sheet, case)


def test_no_two_cases_have_the_same_name() -> None:
    assert len(set(_names(CASES))) == len(CASES)


def _read(case: Case, folder: Path) -> TableFile:
    if "file" in case:
        content = (FOLDER / "files" / case["file"]).read_bytes()
    elif "hex" in case:
        content = bytes.fromhex(case["hex"])
    else:
        content = case["text"].encode(case.get("encoding", "utf-8"))
    path = folder / case.get("file_name", case.get("file", "guests.csv"))
    path.write_bytes(content)
    return FileTables().read(path, ReadOptions(**case.get("options", {})))


def _check(sheet: Sheet, case: Case) -> None:
    if "rows" in case:
        expected = [[_value(cell) for cell in row] for row in case["rows"]]
        rows = [list(row) for row in sheet.rows]
        assert rows == expected
        # True is 1 and 2.0 is 2 for Python, but not for a column.
        kinds = [[type(cell) for cell in row] for row in expected]
        assert [[type(cell) for cell in row] for row in rows] == kinds
    if "first_row_cells" in case:
        assert len(sheet.rows[0]) == case["first_row_cells"]
    assert list(sheet.lines) == case.get("lines", list(sheet.lines))
    assert len(sheet.lines) == len(sheet.rows)


def _value(cell: Any) -> CellValue:
    match cell:
        case {"error": text}:
            return ErrorCell(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"datetime": text}:
            return datetime.fromisoformat(text)
    value: CellValue = cell
    return value
