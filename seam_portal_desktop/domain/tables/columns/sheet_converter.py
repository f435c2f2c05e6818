"""Puts the values of all columns together to rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seam_portal_desktop.domain.request.resources import MISSING, Cell
from seam_portal_desktop.domain.tables.columns.asked_columns import convert_clocks, convert_phones
from seam_portal_desktop.domain.tables.columns.column_reader import (
    SourceColumn,
    Steps,
    plain_reader,
)
from seam_portal_desktop.domain.tables.columns.moment_column import MomentColumn, RowPlaces
from seam_portal_desktop.domain.tables.conversion import (
    Answers,
    ConversionContext,
    ConvertedRow,
    ConvertedRows,
    Question,
    RefusedCell,
)
from seam_portal_desktop.domain.tables.mapping import ColumnTarget, Match, SheetMapping
from seam_portal_desktop.domain.tables.sheet import Progress, Sheet
from seam_portal_desktop.domain.tables.values.outcomes import WAITING, Noted, Outcome, Refusal
from seam_portal_desktop.domain.tables.values.texts import is_blank
from seam_portal_desktop.texts import _

_PASSES = 2
"""Each cell is read once, and put into its row once."""


class SheetConverter:
    """Converts one sheet, once."""

    def __init__(
        self,
        sheet: Sheet,
        mapping: SheetMapping,
        answers: Answers,
        context: ConversionContext,
        progress: Progress,
    ) -> None:
        self._first = 0 if mapping.heading is None else mapping.heading + 1
        self._rows = sheet.rows[self._first :]
        self._lines = sheet.lines[self._first :]
        self._mapping = mapping
        self._context = context
        used = [
            (index, column, column.target)
            for index, column in enumerate(mapping.columns)
            if column.target is not None
        ]
        self._steps = Steps(progress, _PASSES * len(self._rows) * max(1, len(used)))
        self._sources = [
            SourceColumn(
                index,
                column.title or target.column.dotted,
                target,
                [row[index] if index < len(row) else None for row in self._rows],
                answers,
                context,
                self._steps,
            )
            for index, column, target in used
        ]
        self._questions: dict[int, list[Question]] = {}
        self._refused: list[RefusedCell] = []
        self._places: dict[tuple[str, ...], RowPlaces] = {}
        self._titled = _titled(mapping)

    def convert(self) -> ConvertedRows:
        ready: list[tuple[SourceColumn, Sequence[Outcome]]] = []
        moments: list[tuple[SourceColumn, MomentColumn]] = []
        for source in self._sources:
            if source.target.metadata_field is None and source.target.column.cell is Cell.MOMENT:
                moments.append((source, MomentColumn(source)))
            else:
                ready.append((source, self._read(source)))
        rows = []
        for chunk in self._steps.chunks(len(self._rows)):
            for index in range(chunk.start, chunk.stop):
                if self._is_too_long(index):
                    continue
                builder = _RowBuilder()
                for source, outcomes in ready:
                    self._add(builder, source, index, outcomes[index])
                if moments:
                    places = self._places_of(builder.row)
                    for source, column in moments:
                        self._add(builder, source, index, column.outcome(index, places))
                rows.append(builder.converted(self._lines[index]))
        for source, column in moments:
            self._questions[source.index] = list(column.questions())
        questions = [each for _index, found in sorted(self._questions.items()) for each in found]
        self._refused.sort(key=lambda each: (each.row, each.column))
        return ConvertedRows(rows, questions, self._refused)

    def _read(self, source: SourceColumn) -> Sequence[Outcome]:
        target = source.target
        question: Question | None = None
        if target.metadata_field is None and target.column.cell is Cell.TIME:
            outcomes, question = convert_clocks(source)
        elif target.metadata_field is None and target.column.path[-1] == "phone_number":
            outcomes, question = convert_phones(source)
        else:
            outcomes = source.read(plain_reader(target))
        if question is not None:
            self._questions[source.index] = [question]
        return outcomes

    def _add(
        self, builder: _RowBuilder, source: SourceColumn, index: int, outcome: Outcome
    ) -> None:
        if outcome is WAITING:
            return
        if outcome.__class__ is not Refusal:
            outcome = builder.add(source.target, outcome)
        if outcome.__class__ is Refusal:
            self._refuse(index, source.index, outcome.reason)

    def _refuse(self, index: int, column: int, reason: str) -> None:
        self._refused.append(RefusedCell(self._first + index, column, self._lines[index], reason))

    def _places_of(self, row: dict[str, Any]) -> RowPlaces:
        """The row's spaces. Other places count as well if a space has the same key."""
        spaces = self._context.spaces
        if not spaces:
            return _NO_PLACES
        keys = tuple(
            key
            for name, value in row.items()
            if name.endswith("_keys") and isinstance(value, list)
            for key in value
            if key in spaces
        )
        places = self._places.get(keys)
        if places is None:
            found = tuple((key, spaces[key]) for key in dict.fromkeys(keys))
            places = self._places[keys] = RowPlaces(found)
        return places

    def _is_too_long(self, index: int) -> bool:
        """Refuses a row that goes on after the last title. An unquoted comma may have moved its
        cells, so none of them is taken."""
        if self._mapping.heading is None:
            return False
        columns = self._mapping.columns
        row = self._rows[index]
        for at in range(self._titled, len(row)):
            if is_blank(row[at]):
                continue
            column = columns[at] if at < len(columns) else None
            if column is None or (column.target is None and column.match is not Match.CHOSEN):
                reason = _("The row has more cells than the heading, so none of them is taken")
                self._refuse(index, at, reason)
                return True
        return False


def _titled(mapping: SheetMapping) -> int:
    """The number of columns up to the last title."""
    titles = [column.title for column in mapping.columns]
    while titles and not titles[-1].strip():
        titles.pop()
    return len(titles)


_NO_PLACES = RowPlaces()


class _RowBuilder:
    """Collects the values of one row."""

    def __init__(self) -> None:
        self.row: dict[str, Any] = {}
        self._emptied: list[str] = []
        self._set: set[str] = set()
        self._notes: dict[str, str] = {}

    def add(self, target: ColumnTarget, outcome: Outcome) -> Outcome:
        """Sets a value. Returns a Refusal for one that another column has set."""
        name = target.column.dotted
        path = target.column.path
        if target.metadata_field is not None:
            name, path = f"{name}.{target.metadata_field}", (*path, target.metadata_field)
        if outcome is MISSING:
            self._emptied.append(name)
            return None
        node = self.row
        for each in path[:-1]:
            node = node.setdefault(each, {})
        if path[-1] in node:
            return Refusal(_("Another column has already given this value"))
        if outcome.__class__ is Noted:
            self._notes[name] = outcome.note
            outcome = outcome.value
        node[path[-1]] = outcome
        self._set.add(name)
        return None

    def converted(self, line: int) -> ConvertedRow:
        return ConvertedRow(line, self.row, frozenset(self._emptied) - self._set, self._notes)
