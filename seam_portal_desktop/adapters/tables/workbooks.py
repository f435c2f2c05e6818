"""Sheets of Excel and OpenDocument files, read by calamine."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from seam_portal_desktop.adapters.tables.scan_result import Position, SheetScan
from seam_portal_desktop.adapters.tables.sheet_scan import is_encrypted, scan_sheet
from seam_portal_desktop.domain.tables.sheet import (
    CellValue,
    ErrorCell,
    Progress,
    ReadingCancelledError,
    Sheet,
    TableRefusedError,
)
from seam_portal_desktop.domain.tables.text_table import without_empty_end
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_EXACT = 1e15
"""Spreadsheets keep 15 digits of a number."""

MAX_UNPACKED = 512 * 1024 * 1024
"""Bytes of all parts of a file."""

_MAX_PARTS = 10_000
_CHUNK = 1024 * 1024
_ROWS_PER_PROGRESS = 1_000


def read_workbook(
    content: bytes, name: str, wanted: str | None, progress: Progress
) -> tuple[Sheet, tuple[str, ...], str]:
    """The rows of a sheet, the names of all sheets with the hidden ones last, and its name.

    Blocking; calamine lets other threads run. Raises TableRefusedError.
    """
    with _calamine_errors(name):
        _refuse_large_parts(content, name)
        workbook = _opened(content, name)
        names = _sheet_names(workbook)
        sheet, sheet_name = Sheet((), ()), ""
        for sheet_name in (wanted,) if wanted in names else names:
            scan = scan_sheet(content, workbook.sheet_names, sheet_name, progress)
            sheet = _rows(workbook.get_sheet_by_name(sheet_name), scan, progress)
            if sheet.rows:
                break
        else:
            sheet_name = next(iter(names), "")
        return sheet, names, sheet_name


def _refuse_large_parts(content: bytes, name: str) -> None:
    """A small file can unpack to hundreds of gigabytes."""
    if not content.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise TableRefusedError(
                _("{name} is too large.").format(name=name),
                _("Copy the table to a workbook of its own, or save it as a CSV file."),
            )
        for part in parts:
            # The size that it says may be wrong. Python stops there and finds that out.
            with archive.open(part) as file:
                while file.read(_CHUNK):
                    pass


def _opened(content: bytes, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook  # only for a workbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        # calamine says so only for files that it opens itself.
        if not is_encrypted(content):
            raise
        raise TableRefusedError(
            _("{name} is protected by a password.").format(name=name),
            _("Save it without a password in the program that made it, then try again."),
        ) from None


def _sheet_names(workbook: CalamineWorkbook) -> tuple[str, ...]:
    """Those with cells; the hidden ones last."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda each: each.visible != SheetVisibleEnum.Visible)
    return tuple(each.name for each in sheets)


def _rows(sheet: CalamineSheet, scan: SheetScan, progress: Progress) -> Sheet:
    start = sheet.start
    left = (None,) * (start[1] if start is not None else 0)
    height = sheet.total_height
    rows: list[tuple[CellValue, ...]] = []
    for cells in sheet.iter_rows():
        rows.append((*left, *[_value(cell) for cell in cells]))
        if not len(rows) % _ROWS_PER_PROGRESS:
            progress(len(rows), height)
    for (row, column), digits in scan.digits.items():
        if row < len(rows) and column < len(rows[row]):
            number = rows[row][column]
            if type(number) is int and (text := f"{number:0{digits}d}").startswith("0"):
                _set_cell(rows, row, column, text)
    for (row, column), text in scan.errors.items():
        _set_cell(rows, row, column, ErrorCell(text))
    if merged := [*scan.merged, *(sheet.merged_cell_ranges or ())]:
        _repeat_merged(rows, merged)
    return without_empty_end(rows, range(1, len(rows) + 1))


def _repeat_merged(
    rows: list[tuple[CellValue, ...]], merged: Iterable[tuple[Position, Position]]
) -> None:
    """A cell that is merged with those below it counts for all of these rows that have values."""
    filled = {row for row, cells in enumerate(rows) if any(cell is not None for cell in cells)}
    ends: dict[int, int] = {}
    for (first, column), (last, _column) in sorted(merged):
        value = rows[first][column] if first < len(rows) and column < len(rows[first]) else None
        # A damaged file may merge a cell twice, and without an end.
        start = max(first + 1, ends.get(column, 0))
        ends[column] = end = max(start, min(last + 1, len(rows)))
        for row in range(start, end) if value is not None else ():
            if row in filled:
                _set_cell(rows, row, column, value)


def _set_cell(rows: list[tuple[CellValue, ...]], row: int, column: int, value: CellValue) -> None:
    """calamine ends before error cells if nothing comes after them."""
    while len(rows) <= row:
        rows.append(())
    cells = rows[row]
    missing = (None,) * (column - len(cells))
    rows[row] = (*cells[:column], *missing, value, *cells[column + 1 :])


def _value(cell: CellValue) -> CellValue:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < _EXACT else cell
    return None if cell == "" else cell


@contextlib.contextmanager
def _calamine_errors(name: str) -> Iterator[None]:
    """What calamine raises for a damaged file becomes a TableRefusedError."""
    try:
        yield
    except (TableRefusedError, ReadingCancelledError, NameError, AttributeError, TypeError):
        raise  # the last three are mistakes of this program
    except Exception as error:  # noqa: BLE001 - calamine, zipfile and expat raise many classes
        raise _damaged(name, error) from None
    except BaseException as error:
        # A damaged file that calamine didn't expect. The class can't be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(name, error) from None


def _damaged(name: str, error: BaseException) -> TableRefusedError:
    return TableRefusedError(
        _("{name} is damaged, or no workbook.").format(name=name),
        _("Open it in the program that made it, save it again, then try again."),
        technical=type(error).__name__,
    )
