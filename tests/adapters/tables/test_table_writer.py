"""Tables that are written for spreadsheets come back as they were, and no cell is a formula."""

from __future__ import annotations

import asyncio
import csv
import stat
import sys
import threading
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from seam_portal_desktop.adapters.tables import writer
from seam_portal_desktop.adapters.tables.file_tables import FileTables
from seam_portal_desktop.adapters.tables.writer import write_table
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.tables.formulas import REASON_TITLE, restored
from seam_portal_desktop.domain.tables.sheet import ErrorCell, ReadOptions

pytestmark = pytest.mark.anyio

MOMENT = datetime.fromisoformat("2026-03-14T15:30:07")
TITLES = ["Key", "Name", "=Reason"]


def read_csv(path: Path, separator: str = ",") -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=separator))


def read_xlsx(path: Path) -> list[list[object]]:
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


# What an XML file can't hold, and half characters, which no file can.
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5)
FOLDER = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FOLDER
@given(ROWS, st.sampled_from(",;\t"))
def test_a_csv_file_has_the_same_texts(tmp_path, rows, separator):
    target = tmp_path / "table.csv"
    asyncio.run(write_table(target, TITLES, rows, separator))
    found = read_csv(target, separator)
    assert [[restored(cell) for cell in row] for row in found] == [TITLES, *rows]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row)


@FOLDER
@given(ROWS)
def test_a_workbook_has_the_same_texts(tmp_path, rows):
    target = tmp_path / "table.xlsx"
    asyncio.run(write_table(target, TITLES, rows))
    found = read_xlsx(target)
    assert found[0] == TITLES
    for written, row in zip(found[1:], rows, strict=False):
        assert [str(cell) for cell in written] == row
    assert not any(cell for row in rows[len(found) - 1 :] for cell in row)


async def test_values_keep_their_types_in_a_workbook(tmp_path):
    target = tmp_path / "table.XLSX"
    row = [
        *(None, "", True, 7, -2.5, 10**17, float("inf"), ErrorCell("#N/A"), "007", "1e5"),
        *(MOMENT, MOMENT.date(), time(15, 30), timedelta(hours=30)),
        *(date(1, 1, 1), MOMENT.replace(tzinfo=UTC), "http://example.com"),
    ]
    await write_table(target, [str(number) for number in range(len(row))], [row])
    assert read_xlsx(target)[1] == [
        *("", "", True, 7, -2.5, "1" + "0" * 17, "inf", "#N/A", "007", "1e5"),
        *(MOMENT, MOMENT.date(), time(15, 30), timedelta(hours=30)),
        *("0001-01-01", MOMENT, "http://example.com"),
    ]


async def test_values_are_texts_in_a_csv_file(tmp_path):
    target = tmp_path / "table.csv"
    row = [
        *(None, False, 7, 7.0, -2.5, ErrorCell("#N/A"), "007", "half \ud83c"),
        *(MOMENT, MOMENT.date(), time(15, 30), timedelta(hours=30)),
    ]
    await write_table(target, ["a"], [row], ";")
    assert read_csv(target, ";")[1] == [
        *("", "false", "7", "7", "-2.5", "#N/A", "007", "half ?"),
        *("2026-03-14T15:30:07", "2026-03-14", "15:30:00", "30:00:00"),
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
async def test_only_the_owner_can_read_the_file(tmp_path, suffix):
    target = tmp_path / f"table{suffix}"
    target.write_bytes(b"before")
    target.chmod(0o644)
    await write_table(target, TITLES, [["a", "b", "c"]])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [target.name]


def unfinished(error: BaseException):
    yield ["a", "b", "c"]
    raise error


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("error", [OSError(28, "No space"), ValueError("a bug")], ids=repr)
async def test_after_a_failure_the_old_file_is_there(tmp_path, suffix, error):
    target = tmp_path / f"table{suffix}"
    target.write_bytes(b"before")
    expected = UserFacingError if isinstance(error, OSError) else ValueError
    with pytest.raises(expected) as raised:
        await write_table(target, TITLES, unfinished(error))
    if isinstance(error, OSError):
        assert "disk is full" in str(raised.value)
    assert target.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
async def test_a_folder_that_is_gone_is_explained(tmp_path, suffix):
    with pytest.raises(UserFacingError, match="could not be written"):
        await write_table(tmp_path / "gone" / f"table{suffix}", TITLES, [])


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
async def test_a_cancelled_table_leaves_the_old_file(tmp_path, suffix):
    target = tmp_path / f"table{suffix}"
    target.write_bytes(b"before")
    begun, cancelled, ended = threading.Event(), threading.Event(), threading.Event()

    def rows():
        try:
            while True:
                yield ["a", "b", "c"]
                begun.set()
                cancelled.wait(10)
        finally:
            ended.set()

    task = asyncio.create_task(write_table(target, TITLES, rows()))
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    cancelled.set()
    assert await asyncio.to_thread(ended.wait, 10)
    assert target.read_bytes() == b"before"


async def test_what_a_workbook_cannot_hold_is_refused(tmp_path, monkeypatch):
    target = tmp_path / "table.xlsx"
    with pytest.raises(UserFacingError, match="row 2"):
        await write_table(target, TITLES, [["x" * 32_768]])
    monkeypatch.setattr(writer, "_MOST_ROWS", 3)
    await write_table(target, TITLES, [["x"]] * 2)
    with pytest.raises(UserFacingError, match="that many rows"):
        await write_table(target, TITLES, [["x"]] * 3)
    assert len(read_xlsx(target)) == 3


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
async def test_rows_that_were_saved_with_their_problems_are_read_as_they_were(tmp_path, suffix):
    target = tmp_path / f"table{suffix}"
    titles = ["Phone number", "=Name", REASON_TITLE]
    rows = [["+49 30 23125 000", "'=x", "-"], ["'+49", "O'Hara", "=1"]]
    await write_table(target, titles, rows)
    sheet = FileTables().read(target, ReadOptions()).sheet
    assert [list(row) for row in sheet.rows] == [titles, *rows]


async def test_apostrophes_of_other_files_stay(tmp_path):
    target = tmp_path / "table.csv"
    target.write_text("Phone number\n'+49 30 23125 000\n")
    sheet = FileTables().read(target, ReadOptions()).sheet
    assert list(sheet.rows[1]) == ["'+49 30 23125 000"]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
async def test_links_stay_texts_and_none_is_lost(tmp_path, suffix):
    """XlsxWriter leaves cells with links of more than 2,079 characters empty."""
    target = tmp_path / f"links{suffix}"
    start = "https://portal.example.com/portals/0?t="
    links = [f"{start:x<{length}}" for length in (40, 255, 256, 2079, 2080, 2500)]
    await write_table(target, ["key", "link"], [("=A()", link) for link in links])
    rows = read_xlsx(target) if suffix == ".xlsx" else read_csv(target)
    assert rows[0] == ["key", "link"]
    assert [row[1] for row in rows[1:]] == links
    if suffix == ".xlsx":
        with zipfile.ZipFile(target) as parts:
            assert b"<hyperlink" not in b"".join(map(parts.read, parts.namelist()))
