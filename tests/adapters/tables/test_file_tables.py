"""What a file is, is told by its content; what can't be read is refused in words."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from seam_portal_desktop.adapters.tables import file_content, workbooks
from seam_portal_desktop.adapters.tables.file_tables import FileTables
from seam_portal_desktop.domain.tables.sheet import (
    CellValue,
    ErrorCell,
    ReadingCancelledError,
    ReadOptions,
    TableFile,
    TableRefusedError,
)

FILES = Path(__file__).parents[2] / "support" / "tables" / "files"


def _read(path: Path, **options: str) -> TableFile:
    return FileTables().read(path, ReadOptions(**options))


def _workbook(path: Path, fill: Callable[[Workbook, Worksheet], object], **options: object) -> Path:
    workbook = xlsxwriter.Workbook(path, options)
    fill(workbook, workbook.add_worksheet("Guests"))
    workbook.close()
    return path


def _rows(path: Path) -> list[list[CellValue]]:
    return [list(row) for row in _read(path).sheet.rows]


def test_leading_zeros_of_a_number_format_stay(tmp_path):
    def fill(workbook: Workbook, sheet: Worksheet) -> None:
        code = workbook.add_format({"num_format": "0000"})
        euro = workbook.add_format({"num_format": "0.00 €"})
        sheet.write_row(0, 0, [423, 0, 12345, -7, 0.5], code)
        sheet.write_row(1, 0, [423, 0], euro)
        sheet.write_row(2, 0, [423, 0])

    path = _workbook(tmp_path / "codes.xlsx", fill)
    assert _rows(path) == [
        ["0423", "0000", 12345, -7, 0.5],
        [423, 0, *[None] * 3],
        [423, 0, *[None] * 3],
    ]


def test_error_cells_are_known_also_where_nothing_else_is(tmp_path):
    def fill(_workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        sheet.write_formula(3, 0, "=1/0", None, "#DIV/0!")

    rows = _rows(_workbook(tmp_path / "errors.xlsx", fill))
    assert rows[1][2] == ErrorCell("#N/A")
    assert rows[3][0] == ErrorCell("#DIV/0!")


def test_empty_cells_before_the_table_keep_their_places(tmp_path):
    path = _workbook(tmp_path / "far.xlsx", lambda _workbook, sheet: sheet.write(2, 3, "Key"))
    file = _read(path)
    assert [list(row) for row in file.sheet.rows][2] == [None, None, None, "Key"]
    assert list(file.sheet.lines) == [1, 2, 3]


def test_the_first_sheet_with_cells_is_read_and_hidden_ones_come_last(tmp_path):
    def fill(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.hide()
        sheet.write(0, 0, "hidden")
        workbook.add_worksheet("Cover").activate()
        workbook.add_worksheet("Stays").write(0, 0, "shown")
        workbook.add_chartsheet("Chart")

    path = _workbook(tmp_path / "sheets.xlsx", fill)
    file = _read(path)
    assert file.sheet_names == ("Cover", "Stays", "Guests")
    assert (file.sheet_name, [*file.sheet.rows]) == ("Stays", [("shown",)])
    assert [*_read(path, sheet="Guests").sheet.rows] == [("hidden",)]


def test_a_cell_merged_with_those_below_counts_for_their_rows(tmp_path):
    def fill(workbook: Workbook, sheet: Worksheet) -> None:
        for row, key in enumerate(["Key", "r-1", "r-2", "r-3"]):
            sheet.write(row, 2, key)
        sheet.merge_range("A2:B3", "101")
        sheet.write("A4", "102")
        # No stay: only a format reaches so far.
        sheet.merge_range("D4:D9", "x")
        sheet.write_blank("A12", None, workbook.add_format({"bold": True}))

    assert _rows(_workbook(tmp_path / "merged.xlsx", fill)) == [
        [None, None, "Key", None],
        ["101", None, "r-1", None],
        ["101", None, "r-2", None],
        ["102", None, "r-3", "x"],
    ]


def test_merged_cells_of_an_opendocument_sheet(tmp_path):
    def cell(text: str, more: str = "") -> str:
        return (
            f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p>'
            "</table:table-cell>"
        )

    rows = (
        cell("Room") + cell("Key"),
        cell("101", 'table:number-columns-spanned="1" table:number-rows-spanned="2"') + cell("r-1"),
        "<table:covered-table-cell/>" + cell("r-2"),
        cell("102") + cell("r-3"),
    )
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "table", "text")
    )
    path = tmp_path / "merged.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Stays">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<x:manifest xmlns:x="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    assert _rows(path)[1:] == [["101", "r-1"], ["101", "r-2"], ["102", "r-3"]]


def test_a_formula_that_was_never_computed_is_an_error(tmp_path):
    """As openpyxl writes it. An empty text is a result."""

    def fill(_workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["Key", "Name", "Email"])
        sheet.write_formula(1, 0, '="g-"&1', None, "g-1")
        sheet.write_formula(1, 1, '="A"&"nn"', None, 7)
        sheet.write_formula(1, 2, '=""', None, "")

    path = _workbook(tmp_path / "formulas.xlsx", fill)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for value in (b"<v></v>", b"<v/>", b""):
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                written = content.replace(b"<v>7</v>", value)
                # As Excel and LibreOffice write it.
                archive.writestr(name, written.replace(b'r="C2"', b'r="C2" t="str"'))
        assert _rows(path)[1] == ["g-1", ErrorCell(""), None]


def test_dates_of_a_workbook_that_counts_from_1904(tmp_path):
    moment = datetime(2026, 3, 4, 15, 0)  # noqa: DTZ001 - a spreadsheet's clock has no zone

    def fill(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write_datetime(0, 0, moment, workbook.add_format({"num_format": "d/m/yy hh:mm"}))

    assert _rows(_workbook(tmp_path / "mac.xlsx", fill, date_1904=True)) == [[moment]]


def test_a_sheet_with_two_far_cells_is_refused(tmp_path):
    """calamine would ask for 550 GB, which ends the program."""

    def fill(_workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 0, "Key")
        sheet.write(1_048_575, 16_383, "stray")

    with pytest.raises(TableRefusedError, match="row 1,048,576 and column 16,384"):
        _read(_workbook(tmp_path / "far.xlsx", fill))


def test_a_sheet_with_far_cells_in_another_way_of_writing_is_refused(tmp_path):
    with zipfile.ZipFile(FILES / "workbook.xlsx") as source:
        parts = {name: source.read(name) for name in source.namelist()}
    far = "<row r = '1048576' ><c  t='n' r= 'XFD1048576'><v>1</v></c></row></sheetData>"
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", far.encode())
    with zipfile.ZipFile(tmp_path / "far.xlsx", "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    with pytest.raises(TableRefusedError, match="row 1,048,576 and column 16,384"):
        _read(tmp_path / "far.xlsx")


def test_formats_of_empty_cells_dont_make_a_sheet_large(tmp_path):
    def fill(workbook: Workbook, sheet: Worksheet) -> None:
        bold = workbook.add_format({"bold": True})
        sheet.write(0, 0, "Key")
        sheet.write_blank(1_048_575, 16_383, None, bold)
        sheet.set_row(1_048_575, 20, bold)

    assert _rows(_workbook(tmp_path / "formats.xlsx", fill)) == [["Key"]]


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 100_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(200_000))
    with pytest.raises(TableRefusedError, match="too large"):
        _read(path)


def test_a_part_that_unpacks_to_more_than_it_says_is_refused(tmp_path):
    content = bytearray((FILES / "workbook.xlsx").read_bytes())
    with zipfile.ZipFile(FILES / "workbook.xlsx") as archive:
        size = next(each.file_size for each in archive.infolist() if "sheet1" in each.filename)
    assert size.to_bytes(4, "little") in content
    path = tmp_path / "liar.xlsx"
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(TableRefusedError, match="damaged"):
        _read(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(TableRefusedError, match="no longer there"):
        _read(tmp_path / "gone.csv")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(TableRefusedError, match="folder or a device"):
        _read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(TableRefusedError, match="folder or a device"):
        _read(tmp_path / "pipe.csv")


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(file_content.LARGEST_FILE + 1)
    with pytest.raises(TableRefusedError, match="too large"):
        _read(path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "growing.csv"
    path.write_text("Key,Name\n")

    def grow(_done: int, _total: int) -> None:
        with path.open("a") as file:
            file.write("g-1,Ann\n")

    with pytest.raises(TableRefusedError, match="was changed"):
        FileTables().read(path, ReadOptions(), grow)


@pytest.mark.parametrize("name", ["workbook.xlsx", "workbook.ods", "en-US-utf-8-comma.csv"])
def test_progress_can_cancel(name):
    def cancel(_done: int, _total: int) -> None:
        raise ReadingCancelledError

    with pytest.raises(ReadingCancelledError):
        FileTables().read(FILES / name, ReadOptions(), cancel)


def test_progress_never_goes_beyond_its_total():
    for path in FILES.iterdir():
        seen: list[tuple[int, int]] = []
        FileTables().read(path, ReadOptions(), lambda *done, seen=seen: seen.append(done))
        assert seen
        assert all(0 <= done <= total for done, total in seen)


def test_a_refusal_holds_no_more_than_40_characters_of_a_cell(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text('Key,Name\ng-1,"' + "Ann Miller " * 50)
    with pytest.raises(TableRefusedError) as caught:
        _read(path)
    assert "Ann" not in caught.value.details()


def test_100_000_rows_are_all_there(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("Key;Name\n" + "".join(f"g-{row};Ann\n" for row in range(100_000)))
    sheet = _read(path).sheet
    assert len(sheet.rows) == len(sheet.lines) == 100_001
    assert sheet.rows[-1] == ("g-99999", "Ann")
    assert sheet.lines[-1] == 100_001
