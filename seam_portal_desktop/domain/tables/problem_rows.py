"""Rows of customer data with what is wrong with them, as a table for a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Cell,
    Column,
    ResourceKind,
    Row,
    value_at,
)
from seam_portal_desktop.domain.request.verticals import Vertical
from seam_portal_desktop.domain.tables.cells import format_cell
from seam_portal_desktop.domain.tables.formulas import REASON_TITLE
from seam_portal_desktop.domain.tables.sheet import CellValue
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.problems import Problem


class ProblemRows:
    """The rows of `kind` that have problems, in their order. The titles and cells are those that an
    import reads again; the last column says what is wrong."""

    def __init__(
        self,
        kind: ResourceKind,
        rows: Sequence[Row],
        problems: Iterable[Problem],
        vertical: Vertical,
    ) -> None:
        self._rows = rows
        self._vertical = vertical
        self._reasons = _reasons_by_row(kind, problems, vertical, len(rows))
        self._columns = [
            column
            for column in kind.columns
            if column.required
            or any(value_at(rows[row], column.path) is not MISSING for row in self._reasons)
        ]

    def __len__(self) -> int:
        return len(self._reasons)

    @property
    def titles(self) -> list[str]:
        titles = [self._vertical.column(column.path) for column in self._columns]
        return [*titles, REASON_TITLE]

    def __iter__(self) -> Iterator[Sequence[CellValue]]:
        for row, reasons in sorted(self._reasons.items()):
            cells = (_cell(column, self._rows[row]) for column in self._columns)
            yield [*cells, "; ".join(reasons)]


def _reasons_by_row(
    kind: ResourceKind, problems: Iterable[Problem], vertical: Vertical, count: int
) -> dict[int, list[str]]:
    start = f"customer_data.{kind.name}."
    found: dict[int, list[str]] = {}
    for problem in problems:
        row, _unused, inside = problem.path.removeprefix(start).partition(".")
        if not problem.path.startswith(start) or not row.isdecimal() or int(row) >= count:
            continue
        column = kind.column_with(inside)
        reason = problem.reason
        if column is not None:
            title = vertical.column(column.path)
            reason = _("{title}: {reason}").format(title=title, reason=reason)
        found.setdefault(int(row), []).append(reason)
    return found


def _cell(column: Column, row: Row) -> CellValue:
    value = value_at(row, column.path)
    if column.cell in (Cell.WHOLE, Cell.NUMBER) and isinstance(value, int | float):
        return value
    return format_cell(column.cell, value)
