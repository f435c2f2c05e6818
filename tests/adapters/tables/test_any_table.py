"""Any table that is written comes back, and any damaged file ends in a table or in words."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seam_portal_desktop.adapters.tables.file_tables import FileTables
from seam_portal_desktop.domain.tables.html_table import read_html
from seam_portal_desktop.domain.tables.sheet import CellValue, ReadOptions, TableRefusedError
from seam_portal_desktop.domain.tables.text_table import read_pasted

FILES = Path(__file__).parents[2] / "support" / "tables" / "files"
GOOD = sorted(FILES.iterdir())

# No control characters but line feeds and tabs: XML has no others, and Excel makes a line feed of
# each line end.
_TEXTS = st.text(
    st.one_of(
        st.sampled_from("\n\t\"'<&;, =#\u2028\u0085_x\u00e9\u4e2d\U0001f511"),
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    ),
    min_size=1,
    max_size=12,
)
_MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(9999, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
_CELLS = st.one_of(
    st.none(),
    _TEXTS,
    st.booleans(),
    st.integers(-(10**14), 10**14),
    # XlsxWriter writes 16 digits.
    st.integers(-(10**9), 10**9).map(lambda number: (2 * number + 1) / 8),
    st.dates(date(1901, 1, 1)),
    _MOMENTS.filter(lambda moment: moment.time() != time()),
)
_TABLES = st.lists(st.lists(_CELLS, min_size=1, max_size=5), min_size=1, max_size=6)

_IN_ONE_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)


@given(table=_TABLES)
@_IN_ONE_FOLDER
def test_what_xlsxwriter_writes_comes_back(table: list[list[CellValue]], tmp_path: Path) -> None:
    path = tmp_path / "guests.xlsx"
    _write_workbook(path, table)
    rows = [list(row) for row in FileTables().read(path, ReadOptions()).sheet.rows]
    assert _trimmed(rows) == _trimmed(table)


@given(table=st.lists(st.lists(_TEXTS, min_size=1, max_size=5), min_size=1, max_size=6))
@_IN_ONE_FOLDER
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_pythons_csv_writes_to_a_file_comes_back(
    table: list[list[str]], tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "guests.csv"
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(table)
    path.write_bytes(text.getvalue().encode(encoding))
    rows = [list(row) for row in FileTables().read(path, ReadOptions(separator=",")).sheet.rows]
    assert rows == table


_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "end"]),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=4,
)


def _damaged(content: bytes, edits: list[tuple[str, float, bytes]]) -> bytes:
    for kind, place, more in edits:
        position = int(place * len(content))
        before, after = content[:position], content[position:]
        if kind == "flip":
            content = before + more + after[len(more) :]
        elif kind == "cut":
            content = before + after[4 * len(more) :]
        elif kind == "insert":
            content = before + more + after
        else:
            content = before
    return content


@given(file=st.sampled_from(GOOD), edits=_EDITS)
@settings(_IN_ONE_FOLDER, max_examples=400)
def test_a_damaged_file_ends_in_a_table_or_in_words(
    file: Path, edits: list[tuple[str, float, bytes]], tmp_path: Path
) -> None:
    _read_or_refuse(tmp_path / file.name, _damaged(file.read_bytes(), edits))


@given(
    file=st.sampled_from([file for file in GOOD if file.suffix in {".xlsx", ".ods"}]),
    part=st.integers(0, 30),
    edits=_EDITS,
)
@settings(_IN_ONE_FOLDER, max_examples=300)
def test_a_damaged_part_ends_in_a_table_or_in_words(
    file: Path, part: int, edits: list[tuple[str, float, bytes]], tmp_path: Path
) -> None:
    """A mutated zip fails its checksums. So the parts are damaged before they are packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(packed, "w") as target:
        for number, name in enumerate(source.namelist()):
            content = source.read(name)
            chosen = number == part % len(source.namelist())
            target.writestr(name, _damaged(content, edits) if chosen else content)
    _read_or_refuse(tmp_path / file.name, packed.getvalue())


@given(st.one_of(st.text(), st.text('\t\n\r"a\0', max_size=40)))
def test_any_pasted_text_ends_in_a_table_or_in_words(text: str) -> None:
    try:
        sheet = read_pasted(text)
    except TableRefusedError:
        return
    assert len(sheet.lines) == len(sheet.rows)


_TAGS = ["<table>", "</table>", "<tr>", "</tr>", "<td>", "<td colspan=3>", "<td rowspan=2>", "<br>"]
_TAGS += ["<td sdval='1' sdnum='1033;0;YYYY'>", "<script>", "</script>", "a", " ", "&amp;", "<!--"]


@given(st.lists(st.one_of(st.sampled_from(_TAGS), st.text(max_size=4)), max_size=30))
def test_any_html_ends_in_a_table_or_in_none(parts: list[str]) -> None:
    sheet = read_html("".join(parts))
    assert sheet is None or len(sheet.lines) == len(sheet.rows)


def _read_or_refuse(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        file = FileTables().read(path, ReadOptions())
    except TableRefusedError:
        return
    assert len(file.sheet.lines) == len(file.sheet.rows)


def _write_workbook(path: Path, table: list[list[CellValue]]) -> None:
    workbook = xlsxwriter.Workbook(path, {"remove_timezone": True})
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = workbook.add_worksheet()
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif isinstance(cell, datetime | date):
                sheet.write_datetime(row, column, cell, moment)
            elif isinstance(cell, bool):
                sheet.write_boolean(row, column, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(row, column, cell)
    workbook.close()


def _trimmed(table: list[list[CellValue]]) -> list[list[CellValue]]:
    """Without the empty cells at the ends of rows and the empty rows at the end."""
    rows = []
    for row in table:
        end = len(row)
        while end and row[end - 1] is None:
            end -= 1
        rows.append(row[:end])
    while rows and not rows[-1]:
        rows.pop()
    return rows
