"""The model of all rows of customer data, of which one kind is shown. Changes can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QUndoCommand, QUndoStack

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Cell,
    Column,
    ResourceKind,
    Row,
    resource_kinds,
    row_problems,
    value_at,
    with_value,
)
from seam_portal_desktop.domain.request.verticals import ANY, Vertical
from seam_portal_desktop.domain.tables.cells import format_cell, parse_cell, parse_instant
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.toolkit.times import short, zone_name

Index = QModelIndex | QPersistentModelIndex

_MAX_CACHED_CHECKS = 512
_FLAGS = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsEditable


class ResourceModel(QAbstractTableModel):
    """Shows one kind at a time, with a blank row at the end for a new one.

    `edited` carries the kind whose rows were changed, by the user or by undo. `kind_shown` carries
    another kind that undo has changed.
    """

    edited = Signal(str)
    kind_shown = Signal(str)

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kinds = {kind.name: kind for kind in resource_kinds()}
        self._rows: dict[str, list[Row]] = {name: [] for name in self._kinds}
        self._kind = next(iter(self._kinds.values()))
        self._vertical = ANY
        self._columns: tuple[Column, ...] = self._kind.columns
        self._checks: dict[int, tuple[Row, Mapping[str, str]]] = {}
        self._errors: dict[tuple[str, int, str], str] = {}
        self._error_icon = icons.icon("circle-x", Tone.DANGER)
        self.undo_stack = QUndoStack(self)

    @property
    def kind(self) -> ResourceKind:
        return self._kind

    @property
    def columns(self) -> Sequence[Column]:
        return self._columns

    def rows(self, kind: str) -> Sequence[Row]:
        return self._rows[kind]

    def reset(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Replace all rows by `rows`, by kind. Earlier changes can't be undone afterwards."""
        self.beginResetModel()
        self._rows = {name: list(rows.get(name) or ()) for name in self._kinds}
        self._errors.clear()
        self._checks.clear()
        self.undo_stack.clear()
        self.endResetModel()

    def show_kind(self, kind: str, vertical: Vertical, columns: Sequence[Column]) -> None:
        self.beginResetModel()
        self._kind, self._vertical, self._columns = self._kinds[kind], vertical, tuple(columns)
        self.endResetModel()

    def splice(self, text: str, at: int, removed: int, inserted: Iterable[Row]) -> None:
        """Replace `removed` rows from `at` on by `inserted`. `text` is the undo command's text."""
        old = tuple(self._rows[self._kind.name][at : at + removed])
        self.undo_stack.push(
            _SpliceCommand(self, text, self._kind.name, at, (old, tuple(inserted)))
        )

    def set_value(self, row: int, column: Column, value: Any) -> None:  # noqa: ANN401
        """Set one cell. A value in the blank row adds a row."""
        rows = self._rows[self._kind.name]
        old: Row = rows[row] if row < len(rows) else {}
        before = value_at(old, column.path)
        if type(value) is type(before) and value == before:
            return
        new = with_value(old, column.path, value)
        self.splice(_("change a cell"), row, int(row < len(rows)), [new])

    def apply(self, kind: str, at: int, removed: int, inserted: Sequence[Row]) -> None:
        """Change the rows. Only undo commands call it; everything else calls splice()."""
        rows = self._rows[kind]
        if kind != self._kind.name:
            rows[at : at + removed] = inserted
            self._on_changed(kind)
            self.kind_shown.emit(kind)
            return
        common = min(removed, len(inserted))
        rows[at : at + common] = inserted[:common]
        if common:
            last = max(0, self.columnCount() - 1)
            self.dataChanged.emit(self.index(at, 0), self.index(at + common - 1, last))
        at += common
        if removed > common:
            self.beginRemoveRows(QModelIndex(), at, at + removed - common - 1)
            del rows[at : at + removed - common]
            self.endRemoveRows()
        elif len(inserted) > common:
            self._insert(rows, at, inserted[common:])
        self._on_changed(kind)

    def _insert(self, rows: list[Row], at: int, new: Sequence[Row]) -> None:
        # At the end the blank row becomes the first new row, so that an editor in it stays open.
        is_end = at == len(rows)
        first = at + int(is_end)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        rows[at:at] = [{}, *new[1:]] if is_end else new
        self.endInsertRows()
        if is_end:
            rows[at] = new[0]
            self.dataChanged.emit(self.index(at, 0), self.index(at, max(0, self.columnCount() - 1)))
        self.headerDataChanged.emit(Qt.Orientation.Vertical, at, self.rowCount() - 1)

    def set_error(self, row: int, column: Column, reason: str) -> None:
        """Mark a cell of the kind that is shown, until something is edited."""
        self._errors[self._kind.name, row, column.dotted] = reason
        self._emit_data_changed()

    def clear_errors(self) -> None:
        if self._errors:
            self._errors.clear()
            self._emit_data_changed()

    def problem(self, row: int, column: Column) -> str | None:
        """The error of a cell, or None; the blank row has none."""
        rows = self._rows[self._kind.name]
        if row >= len(rows):
            return None
        error = self._errors.get((self._kind.name, row, column.dotted))
        return error or self._problems(rows[row]).get(column.dotted)

    def rowCount(self, parent: Index | None = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return len(self._rows[self._kind.name]) + 1

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own
        if orientation == Qt.Orientation.Vertical:
            return self._row_header(section) if role == Qt.ItemDataRole.DisplayRole else None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._vertical.column(column.path) + (" *" if column.required else "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                _("{dotted}: required").format(dotted=column.dotted)
                if column.required
                else column.dotted
            )
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        row, column = index.row(), self._columns[index.column()]
        rows = self._rows[self._kind.name]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._display_text(rows[row], column) if row < len(rows) else ""
        if role == Qt.ItemDataRole.EditRole:
            value = value_at(rows[row], column.path) if row < len(rows) else MISSING
            return format_cell(column.cell, value)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._error_icon if self.problem(row, column) else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._accessible_text(row, column)
        return None

    def setData(
        self,
        index: Index,
        value: Any,  # noqa: ANN401 - Qt's own
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        column = self._columns[index.column()]
        # An editor that was only opened and closed must not replace the value by its text.
        if value != self.data(index, role):
            self.set_value(index.row(), column, parse_cell(column.cell, value, zone_name()))
        return True

    def _row_header(self, row: int) -> str:
        return str(row + 1) if row < len(self._rows[self._kind.name]) else "+"

    def _display_text(self, row: Row, column: Column) -> str:
        value = value_at(row, column.path)
        if value is None:
            return "(null)"
        if column.cell is Cell.MOMENT and isinstance(value, str):
            moment = parse_instant(value)
            if moment is not None:
                return short(moment)
        return " ".join(format_cell(column.cell, value).split())

    def _tooltip(self, row: int, column: Column) -> str:
        problem = self.problem(row, column)
        rows = self._rows[self._kind.name]
        text = format_cell(column.cell, value_at(rows[row], column.path)) if row < len(rows) else ""
        return "\n".join(part for part in (problem, text) if part)

    def _accessible_text(self, row: int, column: Column) -> str:
        title = self._vertical.column(column.path)
        rows = self._rows[self._kind.name]
        if row >= len(rows):
            return _("{title}, new row").format(title=title)
        shown = self._display_text(rows[row], column) or _("empty")
        problem = self.problem(row, column)
        cell = f"{title}: {shown}"
        return _("{cell}, wrong: {problem}").format(cell=cell, problem=problem) if problem else cell

    def _problems(self, row: Row) -> Mapping[str, str]:
        cached = self._checks.get(id(row))
        if cached is None or cached[0] is not row:
            if len(self._checks) >= _MAX_CACHED_CHECKS:
                self._checks.clear()
            cached = self._checks[id(row)] = (row, row_problems(self._kind, row))
        return cached[1]

    def _on_changed(self, kind: str) -> None:
        self._errors.clear()
        self.edited.emit(kind)

    def _emit_data_changed(self) -> None:
        bottom = self.index(self.rowCount() - 1, max(0, self.columnCount() - 1))
        self.dataChanged.emit(self.index(0, 0), bottom)


class _SpliceCommand(QUndoCommand):
    def __init__(
        self,
        model: ResourceModel,
        text: str,
        kind: str,
        at: int,
        rows: tuple[Sequence[Row], Sequence[Row]],
    ) -> None:
        super().__init__(text)
        self._model = model
        self._kind = kind
        self._at = at
        self._old, self._new = rows

    def redo(self) -> None:
        self._model.apply(self._kind, self._at, len(self._old), self._new)

    def undo(self) -> None:
        self._model.apply(self._kind, self._at, len(self._new), self._old)
