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
from PySide6.QtGui import QIcon, QUndoStack

from seam_portal_desktop.domain.request.resources import (
    Column,
    ResourceKind,
    Row,
    resource_kinds,
    value_at,
    with_value,
)
from seam_portal_desktop.domain.request.verticals import ANY, Vertical
from seam_portal_desktop.domain.tables.cells import format_cell
from seam_portal_desktop.domain.tables.checks.cell_check import CheckedData
from seam_portal_desktop.domain.tables.checks.keys import KeyFindings
from seam_portal_desktop.domain.tables.checks.row_keys import CellPlace
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.cells.cell_converter import CellConverter
from seam_portal_desktop.ui.create.data.cells.cell_marks import CellMarks
from seam_portal_desktop.ui.create.data.cells.cell_text import (
    column_title,
    column_tooltip,
    display_text,
    typed_text_problem,
    value_tooltip,
)
from seam_portal_desktop.ui.create.data.cells.splice_command import SpliceCommand
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Tone

Index = QModelIndex | QPersistentModelIndex

_FLAGS = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsEditable


class ResourceModel(QAbstractTableModel):
    """Shows one kind at a time, with a blank row at the end for a new one.

    `edited` carries the kind whose rows were changed, by the user or by undo. `kind_shown` carries
    another kind that undo has changed. `checked` follows new marks at the cells. `noted`
    carries what was added to a typed text.
    """

    edited = Signal(str)
    kind_shown = Signal(str)
    checked = Signal()
    noted = Signal(str)

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kinds = {kind.name: kind for kind in resource_kinds()}
        self._rows: dict[str, list[Row]] = {name: [] for name in self._kinds}
        self._kind = next(iter(self._kinds.values()))
        self._vertical = ANY
        self._columns: tuple[Column, ...] = self._kind.columns
        self._marks = CellMarks()
        self.converter = CellConverter(lambda: self._rows["spaces"])
        self._error_icon = icons.icon("circle-x", Tone.DANGER)
        self._warning_icon = icons.icon("triangle-alert", Tone.WARNING)
        self._theme = icons.theme
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
        self._marks = CellMarks()
        self.converter.forget_spaces()
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
            SpliceCommand(self.apply, text, self._kind.name, at, (old, tuple(inserted)))
        )

    def apply_rows(
        self, text: str, rows: Sequence[Row], changed: Mapping[int, frozenset[str]]
    ) -> None:
        """Replace all rows of the kind that is shown, as one undo step that is called `text`.

        The cells in `changed`, dotted paths by the row's index, are highlighted until an edit.
        """
        kind = self._kind.name
        self.splice(text, 0, len(self._rows[kind]), rows)
        self._marks.set_changed(kind, changed)
        self._emit_data_changed()

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
        self._marks.on_edited(kind, at, removed, len(inserted))
        if kind == "spaces":
            self.converter.forget_spaces()
        if kind != self._kind.name:
            rows[at : at + removed] = inserted
            self.edited.emit(kind)
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
        self.edited.emit(kind)

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
        self._marks.set_error(self._place(row, column), reason)
        self._emit_data_changed()

    def clear_errors(self) -> None:
        if self._marks.clear_errors():
            self._emit_data_changed()

    def set_checked(self, checked: CheckedData) -> None:
        """Mark the cells of all kinds that a check of the present rows found. Earlier ones go."""
        self._marks.set_checked(checked)
        self._emit_data_changed()
        self.checked.emit()

    def problem(self, row: int, column: Column) -> str | None:
        """The error of a cell, or None; the blank row has none."""
        rows = self._rows[self._kind.name]
        if row >= len(rows):
            return None
        error = self._marks.error(self._place(row, column), self._kind, rows[row])
        if error is None:
            return None
        return typed_text_problem(rows[row], column, self.converter.zone(rows[row])) or error

    def warning(self, row: int, column: Column) -> str | None:
        """The warnings of a cell, or None."""
        return self._marks.warning(self._place(row, column))

    def key_findings(self, row: int, column: Column) -> Mapping[str, KeyFindings]:
        """What is wrong with the keys in a cell, by key."""
        return self._marks.keys_at(self._place(row, column))

    def cells_with_unclean_keys(self) -> list[CellPlace]:
        """The cells of the kind that is shown with a key that can be cleaned up."""
        return self._marks.unclean_places(self._kind.name)

    def edit_text(self, row: int, column: Column) -> str:
        """A cell as text that gives the same value when it is pasted."""
        rows = self._rows[self._kind.name]
        return format_cell(column.cell, value_at(rows[row], column.path)) if row < len(rows) else ""

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
            return column_title(column, self._vertical)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column_tooltip(column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(  # noqa: PLR0911 - one for each role
        self, index: Index, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        row, column = index.row(), self._columns[index.column()]
        rows = self._rows[self._kind.name]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                display_text(rows[row], column, self.converter.zone(rows[row]))
                if row < len(rows)
                else ""
            )
        if role == Qt.ItemDataRole.EditRole:
            return self.edit_text(row, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(row, column)
        if role == Qt.ItemDataRole.BackgroundRole:
            is_changed = self._marks.is_changed(self._place(row, column))
            return self._theme.tint(Tone.SUCCESS) if is_changed else None
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
            rows = self._rows[self._kind.name]
            row: Row = rows[index.row()] if index.row() < len(rows) else {}
            read, note = self.converter.read(value, row, self._kind, column)
            self.set_value(index.row(), column, read)
            if note:
                self.noted.emit(note)
        return True

    def _row_header(self, row: int) -> str:
        return str(row + 1) if row < len(self._rows[self._kind.name]) else "+"

    def _place(self, row: int, column: Column) -> CellPlace:
        return self._kind.name, row, column.dotted

    def _icon(self, row: int, column: Column) -> QIcon | None:
        if self.problem(row, column):
            return self._error_icon
        return self._warning_icon if self.warning(row, column) else None

    def _shown_text(self, row: int, column: Column) -> str:
        rows = self._rows[self._kind.name]
        if row >= len(rows):
            return ""
        return display_text(rows[row], column, self.converter.zone(rows[row]))

    def _tooltip(self, row: int, column: Column) -> str:
        rows = self._rows[self._kind.name]
        if row >= len(rows):
            return ""
        parts = (
            self.problem(row, column),
            self.warning(row, column),
            value_tooltip(rows[row], column, self.converter.zone(rows[row])),
        )
        return plain_tooltip("\n".join(part for part in parts if part))

    def _accessible_text(self, row: int, column: Column) -> str:
        title = self._vertical.column(column.path)
        rows = self._rows[self._kind.name]
        if row >= len(rows):
            return _("{title}, new row").format(title=title)
        shown = self._shown_text(row, column) or _("empty")
        cell = f"{title}: {shown}"
        if self._marks.is_changed(self._place(row, column)):
            cell = _("{cell}, changed").format(cell=cell)
        problem = self.problem(row, column)
        if problem:
            return _("{cell}, wrong: {problem}").format(cell=cell, problem=problem)
        warning = self.warning(row, column)
        return (
            _("{cell}, warning: {warning}").format(cell=cell, warning=warning) if warning else cell
        )

    def _emit_data_changed(self) -> None:
        bottom = self.index(self.rowCount() - 1, max(0, self.columnCount() - 1))
        self.dataChanged.emit(self.index(0, 0), bottom)
