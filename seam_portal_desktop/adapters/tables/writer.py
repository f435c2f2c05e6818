"""Writes a table as XLSX or CSV for a spreadsheet. No cell becomes a formula or a link."""

from __future__ import annotations

import asyncio
import csv
import io
import math
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from seam_portal_desktop.adapters.files.disk import replacement_of
from seam_portal_desktop.adapters.files.user_files import not_written
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.tables.formulas import is_formula, without_formula
from seam_portal_desktop.domain.tables.sheet import CellValue, ErrorCell
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

Rows = Iterable[Sequence[CellValue]]

# Excel's own limits. XlsxWriter would leave out what is beyond them.
_MOST_ROWS = 1_048_576
_MOST_CHARACTERS = 32_767
_LARGEST_WHOLE = 10**15
"""Excel has 15 digits. A longer number is written as text, so that none is lost."""

_FIRST_YEAR = 1900
_WIDTH = 22
_NUMBER_FORMATS = {
    datetime: "yyyy-mm-dd hh:mm:ss",
    date: "yyyy-mm-dd",
    time: "hh:mm:ss",
    timedelta: "[h]:mm:ss",
}


async def write_table(
    target: Path, titles: Sequence[str], rows: Rows, separator: str = ","
) -> None:
    """See the port WriteTable. A cancelled call leaves `target` as it was, unless it is too late.

    Times with an offset are written as the clock shows them there, without the offset.
    """
    cancelled = threading.Event()

    def write() -> None:
        with replacement_of(target) as file:
            counted = _until(cancelled, rows)
            if target.suffix.lower() == ".xlsx":
                _write_xlsx(file, target, titles, counted)
            else:
                _write_csv(file, titles, counted, separator)

    try:
        await asyncio.to_thread(write)
    except asyncio.CancelledError:
        cancelled.set()
        raise
    except OSError as error:
        raise not_written(target, error) from None


def _until(cancelled: threading.Event, rows: Rows) -> Iterator[Sequence[CellValue]]:
    for row in rows:
        if cancelled.is_set():
            raise InterruptedError
        yield row


def _write_csv(file: BinaryIO, titles: Sequence[str], rows: Rows, separator: str) -> None:
    # With the byte order mark Excel reads UTF-8.
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([without_formula(title) for title in titles])
    writer.writerows([_as_text(value) for value in row] for row in rows)
    text.detach()  # it would close the file


def _as_text(value: CellValue) -> str:
    match value:
        case None:
            text = ""
        case str():
            text = without_formula(value)
        case bool():
            text = "true" if value else "false"
        case float() if value.is_integer() and abs(value) < _LARGEST_WHOLE:
            text = str(int(value))
        case datetime() | date() | time():
            text = value.isoformat()
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            text = f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case ErrorCell():
            text = value.text
        case _:
            text = str(value)
    return text


def _write_xlsx(file: BinaryIO, target: Path, titles: Sequence[str], rows: Rows) -> None:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    # XlsxWriter puts the rows into files first. The system's temporary folder may be on another
    # disk, which nobody chose for this data.
    with tempfile.TemporaryDirectory(prefix=".", dir=target.parent) as folder:
        workbook = Workbook(file, {"constant_memory": True, "tmpdir": folder})
        sheet = _XlsxSheet(workbook, titles)
        try:
            for row in rows:
                sheet.add_row(row)
            workbook.close()
        except FileCreateError as error:
            raise (error.args[0] if isinstance(error.args[0], OSError) else OSError()) from None
        finally:
            sheet.close()


class _XlsxSheet:
    """The one sheet of a workbook, with a row of titles that stays in sight."""

    def __init__(self, workbook: Workbook, titles: Sequence[str]) -> None:
        self._sheet = workbook.add_worksheet()
        self._formats = {
            each: workbook.add_format({"num_format": number_format})
            for each, number_format in _NUMBER_FORMATS.items()
        }
        # As if an apostrophe had been typed: it stays a text also when the cell is edited.
        self._inert = workbook.add_format({"quote_prefix": True})
        self._row = 0
        self._sheet.set_column(0, max(0, len(titles) - 1), _WIDTH)
        self._sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for column, title in enumerate(titles):
            self._write_text(column, title, bold)

    def add_row(self, row: Sequence[CellValue]) -> None:
        self._row += 1
        if self._row >= _MOST_ROWS:
            raise UserFacingError(
                _("An Excel file can’t hold that many rows."),
                _("Choose CSV, or save a part of them."),
            )
        for column, value in enumerate(row):
            self._write(column, value)

    def close(self) -> None:
        """XlsxWriter leaves its file open after a failure."""
        self._sheet.row_data_fh.close()

    def _write(self, column: int, value: CellValue) -> None:
        match value:
            case None | "":
                pass
            case bool():
                self._sheet.write_boolean(self._row, column, value)
            case int() | float() if math.isfinite(value) and abs(value) < _LARGEST_WHOLE:
                self._sheet.write_number(self._row, column, value)
            case datetime() | date() if value.year >= _FIRST_YEAR:
                self._write_time(column, value)
            case time() | timedelta():
                self._write_time(column, value)
            case str():
                self._write_text(column, value, self._inert if is_formula(value) else None)
            case _:
                self._write_text(column, _as_text(value), None)

    def _write_time(self, column: int, value: datetime | date | time | timedelta) -> None:
        shown = value.replace(tzinfo=None) if isinstance(value, datetime | time) else value
        self._sheet.write_datetime(self._row, column, shown, self._formats[type(shown)])

    def _write_text(self, column: int, text: str, cell_format: Format | None) -> None:
        if len(text) > _MOST_CHARACTERS:
            raise UserFacingError(
                _("An Excel file can’t hold the text of row {row}.").format(row=self._row + 1),
                _("It has more than {most:,} characters. Choose CSV.").format(
                    most=_MOST_CHARACTERS
                ),
            )
        sound = text.encode("utf-8", "replace").decode("utf-8")
        self._sheet.write_string(self._row, column, sound, cell_format)
