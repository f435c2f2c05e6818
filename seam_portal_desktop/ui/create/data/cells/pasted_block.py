"""Where pasted cells go: each keeps its place, also a blank one. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Column,
    Row,
    value_at,
    with_value,
)
from seam_portal_desktop.domain.tables.conversion import ConvertedRows
from seam_portal_desktop.domain.tables.sheet import CellValue, Sheet

Cells = Mapping[Column, Any]
"""The values that a row gets, by column. MISSING empties the cell."""


@dataclass(frozen=True, slots=True)
class PlacedCells:
    """``rows`` replace ``removed`` rows from ``at`` on. The rest counts rows and cells: ``changed``
    were there and differ now, ``emptied`` cells had a value, ``blank`` rows are new and empty."""

    at: int
    removed: int
    rows: Sequence[Row]
    changed: int
    added: int
    emptied: int
    blank: int


def has_text(sheet: Sheet) -> bool:
    """Whether there is a cell that isn't blank."""
    return not all(_is_blank(cell) for row in sheet.rows for cell in row)


def is_single_cell(sheet: Sheet) -> bool:
    return len(sheet.rows) == 1 and len(sheet.rows[0]) == 1


def width(sheet: Sheet) -> int:
    """The number of columns."""
    return max(map(len, sheet.rows), default=0)


def without_blank_columns(sheet: Sheet, most: int) -> Sheet:
    """The sheet without cells from column `most` on, if all of them are blank."""
    if all(_is_blank(cell) for row in sheet.rows for cell in row[most:]):
        return Sheet([row[:most] for row in sheet.rows], sheet.lines)
    return sheet


def repeated_to(sheet: Sheet, rows: int, columns: int) -> Sheet:
    """The sheet repeated side by side and below itself, where its size divides that of the area."""
    wide, high = width(sheet), len(sheet.rows)
    across = columns // wide if wide and columns % wide == 0 else 1
    down = rows // high if high and rows % high == 0 else 1
    if across <= 1 and down <= 1:
        return sheet
    repeated = [[*row, *[""] * (wide - len(row))] * max(1, across) for row in sheet.rows]
    return Sheet(repeated * max(1, down), range(1, max(1, down) * high + 1))


def cells_by_row(sheet: Sheet, columns: Sequence[Column], converted: ConvertedRows) -> list[Cells]:
    """The values of each row of a sheet without a heading, whose columns go to `columns`.

    A row that is shorter says nothing about the columns behind its end.
    """
    by_line = {each.line: each.row for each in converted.rows}
    return [
        {
            column: value_at(by_line.get(line, {}), column.path)
            for column, _cell in zip(columns, row, strict=False)
        }
        for row, line in zip(sheet.rows, sheet.lines, strict=True)
    ]


def place_block(rows: Sequence[Row], at: int, block: Sequence[Cells]) -> PlacedCells:
    """Put the rows of `block` over `rows` from `at` on, and behind their end."""
    old = rows[at : at + len(block)]
    return _placed(at, old, block)


def place_cells(rows: Sequence[Row], cells: Mapping[int, Cells]) -> PlacedCells:
    """Give some of `rows` the values in `cells`, by index. One behind their end is a new row."""
    first, last = min(cells), max(cells)
    return _placed(
        first, rows[first : last + 1], [cells.get(row, {}) for row in range(first, last + 1)]
    )


def _is_blank(cell: CellValue) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _placed(at: int, old: Sequence[Row], block: Iterable[Cells]) -> PlacedCells:
    new: list[Row] = []
    changed = emptied = blank = 0
    for index, cells in enumerate(block):
        before: Row = old[index] if index < len(old) else {}
        row = before
        for column, value in cells.items():
            old_value = value_at(row, column.path)
            emptied += value is MISSING and old_value is not MISSING
            if value is not old_value:
                row = with_value(row, column.path, value)
        new.append(row)
        changed += index < len(old) and row != before
        blank += index >= len(old) and not row
    return PlacedCells(at, len(old), new, changed, max(0, len(new) - len(old)), emptied, blank)
