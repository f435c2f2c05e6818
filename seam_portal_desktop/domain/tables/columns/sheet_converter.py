"""Puts the values of all columns together to rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seam_portal_desktop.domain.request.resources import MISSING, Cell, ColumnPath
from seam_portal_desktop.domain.tables.columns.column_reader import (
    SourceColumn,
    Steps,
    plain_reader,
)
from seam_portal_desktop.domain.tables.columns.moment_column import MomentColumn
from seam_portal_desktop.domain.tables.columns.row_places import PlaceFinder
from seam_portal_desktop.domain.tables.columns.whole_columns import (
    convert_clocks,
    convert_codes,
    convert_phones,
)
from seam_portal_desktop.domain.tables.conversion import (
    Answers,
    ConversionContext,
    ConvertedRow,
    ConvertedRows,
    Question,
    RefusedCell,
)
from seam_portal_desktop.domain.tables.mapping import ColumnTarget, NamePart, SheetMapping
from seam_portal_desktop.domain.tables.row_check import check_rows
from seam_portal_desktop.domain.tables.sheet import CellValue, Progress, Sheet, no_progress
from seam_portal_desktop.domain.tables.values.outcomes import WAITING, Noted, Outcome, Refusal
from seam_portal_desktop.domain.tables.values.texts import unwrapped
from seam_portal_desktop.texts import _

_PASSES = 3
"""Each cell is read, and put into its row. One of a stay gets its zone in between."""

_PLAIN = {str, int, float, bool, list, dict, type(None)}
"""The types of values. They need no look at what else becomes of a cell."""

_WRAPPERS = {"'", "="}
_NO_NAMES: frozenset[str] = frozenset()
_NO_NOTES: Mapping[str, str] = {}


def convert(
    sheet: Sheet,
    mapping: SheetMapping,
    answers: Answers,
    context: ConversionContext,
    progress: Progress = no_progress,
) -> ConvertedRows:
    """The rows of `sheet` below its heading, blank ones included. `progress` counts in cells, about
    every 500 of them. No cell raises an error."""
    return _SheetConverter(sheet, mapping, answers, context, progress).convert()


class _SheetConverter:
    """Converts one sheet, once."""

    def __init__(
        self,
        sheet: Sheet,
        mapping: SheetMapping,
        answers: Answers,
        context: ConversionContext,
        progress: Progress,
    ) -> None:
        self._first = mapping.first_row
        self._refused = list(check_rows(sheet, mapping).refused)
        self._left_out = {cell.row for cell in self._refused}
        self._source_rows = sheet.rows[self._first :]
        self._lines = sheet.lines[self._first :]
        self._key = mapping.kind.key
        self._context = context
        count = len(self._source_rows)
        used = [
            (index, column, column.target)
            for index, column in enumerate(mapping.columns)
            if column.target is not None
        ]
        self._steps = Steps(progress, _PASSES * count * max(1, len(used)))
        self._sources = [
            SourceColumn(
                index,
                column.title or target.column.dotted,
                target,
                self._cells(index),
                answers,
                context,
                self._steps,
            )
            for index, column, target in used
        ]
        self._questions: dict[int, list[Question]] = {}
        self._done: set[ColumnPath] = set()
        self._rows: list[dict[str, Any]] = [{} for _row in range(count)]
        self._emptied: dict[int, set[str]] = {}
        self._notes: dict[int, dict[str, str]] = {}
        self._parts: dict[int, dict[NamePart, str]] = {}

    def convert(self) -> ConvertedRows:
        moments = []
        finder = PlaceFinder(self._context, self._key)
        for source in self._sources:
            if _is_cell(source.target, Cell.MOMENT):
                moments.append(source)
                continue
            outcomes = self._read(source)
            self._put(source, outcomes)
            if _is_cell(source.target, Cell.LIST) and source.target.column.path[-1].endswith(
                "_keys"
            ):
                finder.add(source.target.column.path[0], outcomes)
        places = finder.places(self._rows) if moments else ()
        for source in moments:
            column = MomentColumn(source)
            self._put(source, column.outcomes(places))
            self._questions[source.index] = list(column.questions())
        questions = [each for _index, found in sorted(self._questions.items()) for each in found]
        self._refused.sort(key=lambda each: (each.row, each.column))
        return ConvertedRows(list(self._converted()), questions, self._refused)

    def _cells(self, column: int) -> list[CellValue]:
        """The column's cells. Rows that aren't taken say nothing about it."""
        cells = [row[column] if column < len(row) else None for row in self._source_rows]
        if self._first:
            # What is pasted without titles comes from a table, which adds nothing.
            cells = [
                unwrapped(cell) if isinstance(cell, str) and cell[:1] in _WRAPPERS else cell
                for cell in cells
            ]
        for row in self._left_out:
            cells[row - self._first] = None
        return cells

    def _read(self, source: SourceColumn) -> Sequence[Outcome]:
        question: Question | None = None
        if _is_cell(source.target, Cell.TIME):
            outcomes, question = convert_clocks(source)
        elif source.target.column.path[-1] == "phone_number":
            outcomes, question = convert_phones(source)
        elif source.target.column.path[-1].endswith("_code"):
            outcomes = convert_codes(source)
        else:
            outcomes = source.read(plain_reader(source.target))
        if question is not None:
            self._questions[source.index] = [question]
        return outcomes

    def _put(self, source: SourceColumn, outcomes: Sequence[Outcome]) -> None:
        """Put the column's values into the rows."""
        path = _path(source.target)
        is_simple = source.target.part is None and path not in self._done
        self._done.add(path)
        for chunk in self._steps.chunks(len(self._rows)):
            found = outcomes[chunk]
            if is_simple and set(map(type, found)) <= _PLAIN:
                nodes = self._rows[chunk]
                for name in path[:-1]:
                    nodes = [row.setdefault(name, {}) for row in nodes]
                last = path[-1]
                for node, outcome in zip(nodes, found, strict=True):
                    node[last] = outcome
            else:
                for index, outcome in enumerate(found, start=chunk.start):
                    if outcome is not WAITING:
                        self._put_one(source, path, index, outcome)

    def _put_one(
        self, source: SourceColumn, path: ColumnPath, index: int, outcome: Outcome
    ) -> None:
        target = source.target
        *above, last = path
        if outcome is MISSING:
            self._emptied.setdefault(index, set()).add(".".join(path))
            return
        if isinstance(outcome, Refusal):
            self._refuse(index, source.index, outcome.reason)
            return
        if isinstance(outcome, Noted):
            self._notes.setdefault(index, {})[".".join(path)] = outcome.note
            outcome = outcome.value
        row = self._rows[index]
        for name in above:
            row = row.setdefault(name, {})
        if target.part is not None:
            row[last] = self._joined_name(index, target.part, outcome)
        elif last in row:
            self._refuse(index, source.index, _("Another column has already given this"))
        else:
            row[last] = outcome

    def _joined_name(self, index: int, part: NamePart, text: str) -> str:
        """The parts of a name so far. A column for the whole name isn't there beside them."""
        parts = self._parts.setdefault(index, {})
        parts.setdefault(part, text)
        return " ".join(each for _part, each in sorted(parts.items()))

    def _refuse(self, index: int, column: int, reason: str) -> None:
        self._refused.append(RefusedCell(self._first + index, column, self._lines[index], reason))

    def _converted(self) -> Iterator[ConvertedRow]:
        for index, row in enumerate(self._rows):
            if self._first + index in self._left_out:
                continue
            emptied = _NO_NAMES
            if names := self._emptied.get(index):
                # Another column may have given the value.
                emptied = frozenset(name for name in names if not _has(row, name))
            notes = self._notes.get(index, _NO_NOTES)
            yield ConvertedRow(self._lines[index], row, emptied, notes)


def _path(target: ColumnTarget) -> ColumnPath:
    path = target.column.path
    return path if target.metadata_field is None else (*path, target.metadata_field)


def _is_cell(target: ColumnTarget, cell: Cell) -> bool:
    return target.metadata_field is None and target.column.cell is cell


def _has(row: dict[str, Any], dotted: str) -> bool:
    """Whether the row has a value. A metadata field's name may have points in it."""
    head, point, rest = dotted.partition(".")
    if not point:
        return head in row
    inner = row.get(head)
    return isinstance(inner, dict) and rest in inner
