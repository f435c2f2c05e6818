"""The values of typed, pasted and filled cells of a request, whose spaces have zones and times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from seam_portal_desktop.domain.request.resources import Cell, Column, ResourceKind, Row, value_at
from seam_portal_desktop.domain.tables.cells import parse_cell
from seam_portal_desktop.domain.tables.conversion import (
    ConversionContext,
    ConvertedRows,
    SpaceFacts,
)
from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.ui.create.data.cells.cell_conversion import (
    conversion_context,
    convert_cells,
    convert_moment,
    moment_for_row,
    space_facts,
    zone_of,
)
from seam_portal_desktop.ui.toolkit.times import zone_name


class CellConverter:
    """`spaces` returns the rows of the request's spaces. Call forget_spaces() when they change."""

    def __init__(self, spaces: Callable[[], Sequence[Row]]) -> None:
        self._rows_of_spaces = spaces
        self._facts: Mapping[str, SpaceFacts] | None = None

    def forget_spaces(self) -> None:
        self._facts = None

    def zones(self) -> set[str]:
        """The names of the spaces' time zones."""
        return {each.time_zone for each in self._spaces().values() if each.time_zone}

    def zone(self, row: Row) -> str | None:
        """The time zone of the row's spaces; None if it is the user's."""
        return zone_of(row, self._spaces())

    def convert(
        self, sheet: Sheet, kind: ResourceKind, columns: Sequence[Column], below: Sequence[Row]
    ) -> ConvertedRows | None:
        """See convert_cells()."""
        return convert_cells(sheet, kind, columns, below, self._context())

    def read(self, text: str, row: Row, kind: ResourceKind, column: Column) -> tuple[Any, str]:
        """The value of a text that is typed into `row`, and what its space adds to it or ""."""
        if column.cell is Cell.MOMENT:
            found = convert_moment(text, row, kind, column, self._context())
            if found is not None:
                return found
        return parse_cell(column.cell, text, self.zone(row) or zone_name()), ""

    def values_below(
        self, above: Row, rows: Sequence[Row], kind: ResourceKind, column: Column
    ) -> list[Any]:
        """The values that the cells of `rows` get when they are filled from the row `above`."""
        value = value_at(above, column.path)
        if column.cell is not Cell.MOMENT:
            return [value] * len(rows)
        context = self._context()
        return [moment_for_row(value, above, row, kind, column, context) for row in rows]

    def _context(self) -> ConversionContext:
        return conversion_context(self._spaces())

    def _spaces(self) -> Mapping[str, SpaceFacts]:
        if self._facts is None:
            self._facts = space_facts(self._rows_of_spaces())
        return self._facts
