"""The table of one kind of customer data: keyboard, clipboard, and the metadata dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import (
    QItemSelectionModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QTableView,
    QWidget,
)

from seam_portal_desktop.domain.request.resources import (
    MISSING,
    Cell,
    Column,
    Row,
    value_at,
    with_value,
)
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.create.data.cell_delegate import CellDelegate
from seam_portal_desktop.ui.create.data.metadata_dialog import MetadataDialog
from seam_portal_desktop.ui.create.data.resource_model import Index, ResourceModel
from seam_portal_desktop.ui.create.data.tabular import (
    TableTooLargeError,
    format_copied,
    import_table,
    match_header,
    parse_pasted,
)
from seam_portal_desktop.ui.toolkit.form_parts import shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import copy_text
from seam_portal_desktop.ui.toolkit.theme import Spacing

_ROWS_SHOWN = 7
_WIDTHS = {Cell.TEXT: 18, Cell.LIST: 20, Cell.MOMENT: 20, Cell.METADATA: 22}
_OTHER_WIDTH = 13
_TITLE_CHARACTERS = 40


class ResourceTable(QTableView):
    """Enter edits, Tab while editing goes on to the next cell, Tab otherwise leaves the table.

    `message` carries the result of a paste, for the user.
    """

    message = Signal(str)

    def __init__(self, model: ResourceModel, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._icons = icons
        self.send_null = self._action(_("Send null, so that Seam clears it"), self._set_null)
        self._action(_("Remove rows"), self.remove_selected_rows)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setModel(model)
        self._delegate = CellDelegate(model, self)
        self._delegate.metadata_requested.connect(self._edit_metadata)
        self.setItemDelegate(self._delegate)
        self.setProperty("kind", "sheet")
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setCornerButtonEnabled(False)
        height = self.fontMetrics().height() + Spacing.M
        numbers = self.verticalHeader()
        numbers.setDefaultSectionSize(height)
        numbers.setSectionResizeMode(numbers.ResizeMode.Fixed)
        numbers.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        numbers.setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.setMinimumHeight(height * (_ROWS_SHOWN + 1))
        model.modelReset.connect(self._resize_columns)
        self._resize_columns()

    def selected_rows(self) -> list[int]:
        """The rows with a selected cell, without the blank row."""
        rows = {index.row() for index in self.selectionModel().selectedIndexes()}
        return sorted(row for row in rows if row < self._model.rowCount() - 1)

    def go_to(self, row: int, column: int) -> None:
        """Select only that cell, also while keys such as Shift are pressed."""
        index = self._model.index(row, column)
        select = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, select)
        self.scrollTo(index)

    def remove_selected_rows(self) -> None:
        rows = self.selected_rows()
        if not rows:
            return
        others = [
            row
            for index, row in enumerate(self._model.rows(self._model.kind.name))
            if index not in set(rows) and rows[0] <= index <= rows[-1]
        ]
        name = ngettext("remove a row", "remove {count} rows", len(rows)).format(count=len(rows))
        self._model.splice(name, rows[0], rows[-1] - rows[0] + 1, others)
        self.go_to(min(rows[0], self._model.rowCount() - 1), 0)

    def add_row(self) -> None:
        """Start typing in the blank row."""
        self.setFocus()
        self.go_to(self._model.rowCount() - 1, 0)
        self.edit(self.currentIndex())

    def paste(self, text: str) -> None:
        """Paste cells from the current cell on. Cells under a header become new rows."""
        try:
            table = parse_pasted(text)
        except TableTooLargeError as error:
            self.message.emit(str(error))
            return
        if not table:
            return
        at = self.currentIndex()
        if match_header(table[0], self._model.kind) or not at.isValid():
            self.append(import_table(table, self._model.kind, self._model.columns).rows, table[0])
            return
        columns = list(self._model.columns)[at.column() :]
        imported = import_table(table, self._model.kind, columns).rows
        old = list(self._model.rows(self._model.kind.name)[at.row() : at.row() + len(imported)])
        merged = [_merged(row, change, columns) for row, change in zip(old, imported, strict=False)]
        new = [*merged, *imported[len(old) :]]
        self._model.splice("paste", at.row(), len(old), new)
        self.go_to(at.row(), at.column())
        self.message.emit(_result(len(imported)))

    def append(self, rows: tuple[Row, ...], header: list[str] | None = None) -> None:
        end = self._model.rowCount() - 1
        if rows:
            self._model.splice(_("add rows"), end, 0, rows)
            self.go_to(end, 0)
        if header is not None:
            unknown = import_table([header], self._model.kind, self._model.columns).unknown
            left_out = (
                _("No column is called {unknown}: left out.").format(unknown=", ".join(unknown))
                if unknown
                else ""
            )
            self.message.emit(f"{_result(len(rows))} {left_out}".rstrip())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        column = self._model.columns[current.column()] if current.isValid() else None
        self.send_null.setEnabled(column is not None and column.nullable)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        handlers = {
            QKeySequence.StandardKey.Copy: self._copy,
            QKeySequence.StandardKey.Paste: lambda: self.paste(QGuiApplication.clipboard().text()),
            QKeySequence.StandardKey.Undo: self._model.undo_stack.undo,
            QKeySequence.StandardKey.Redo: self._model.undo_stack.redo,
        }
        for key, handle in handlers.items():
            if event.matches(key):
                handle()
                return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear_selected()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter goes on in the row below, as in a spreadsheet."""
        super().closeEditor(editor, hint)
        index = self.currentIndex()
        if hint is QAbstractItemDelegate.EndEditHint.SubmitModelCache and index.isValid():
            self.go_to(min(index.row() + 1, self._model.rowCount() - 1), index.column())

    def _on_enter(self, event: QKeyEvent) -> None:
        """Edit the cell. Ctrl+Enter goes to the dialog."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif self.state() != QAbstractItemView.State.EditingState:
            self.edit(self.currentIndex())

    def _action(self, text: str, handle: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(handle)
        self.addAction(action)
        return action

    def _set_null(self) -> None:
        index = self.currentIndex()
        self._model.set_value(index.row(), self._model.columns[index.column()], None)

    def _clear_selected(self) -> None:
        """Empty the selected cells; whole rows are removed."""
        whole = self.selectionModel().selectedRows()
        if whole and len(whole) == len(self.selected_rows()):
            self.remove_selected_rows()
            return
        cells: dict[int, list[Column]] = {}
        for index in self.selectionModel().selectedIndexes():
            cells.setdefault(index.row(), []).append(self._model.columns[index.column()])
        rows = self._model.rows(self._model.kind.name)
        touched = sorted(row for row in cells if row < len(rows))
        if not touched:
            return
        first, last = touched[0], touched[-1]
        changed = list(rows[first : last + 1])
        for row in touched:
            for column in cells[row]:
                changed[row - first] = with_value(changed[row - first], column.path, MISSING)
        self._model.splice(_("clear cells"), first, len(changed), changed)

    def _copy(self) -> None:
        indexes = self.selectionModel().selectedIndexes()
        if not indexes:
            return
        rows = sorted({index.row() for index in indexes})
        columns = sorted({index.column() for index in indexes})
        selected = {(index.row(), index.column()) for index in indexes}
        cells = [
            [
                self._model.index(row, column).data(Qt.ItemDataRole.EditRole) or ""
                if (row, column) in selected
                else ""
                for column in columns
            ]
            for row in rows
        ]
        copy_text(format_copied(cells))

    def _edit_metadata(self, row: int, column: Column) -> None:
        rows = self._model.rows(self._model.kind.name)
        resource: Row = rows[row] if row < len(rows) else {}
        value = value_at(resource, column.path)
        name = resource.get("name") or resource.get(self._model.kind.key) or ""
        title = shortened(str(name), _TITLE_CHARACTERS)
        metadata = value if isinstance(value, Mapping) else {}
        # An empty object stays one.
        empty = value if value == {} else MISSING
        dialog = MetadataDialog(title, metadata, self._icons, self)
        dialog.chosen.connect(lambda chosen: self._model.set_value(row, column, chosen or empty))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _resize_columns(self) -> None:
        character = self.fontMetrics().averageCharWidth()
        for index, column in enumerate(self._model.columns):
            wanted = character * _WIDTHS.get(column.cell, _OTHER_WIDTH)
            self.setColumnWidth(index, max(wanted, self.horizontalHeader().sectionSizeHint(index)))


def _merged(row: Row, change: Row, columns: list[Column]) -> Row:
    for column in columns:
        value = value_at(change, column.path)
        if value is not MISSING:
            row = with_value(row, column.path, value)
    return row


def _result(rows: int) -> str:
    return ngettext("1 row added or changed.", "{count} rows added or changed.", rows).format(
        count=rows
    )
