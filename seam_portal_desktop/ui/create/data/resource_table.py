"""The table of one kind of customer data: keyboard, clipboard, and the metadata dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
)
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
from seam_portal_desktop.ui.create.data.cell_bar import clean_keys
from seam_portal_desktop.ui.create.data.cells.cell_clipboard import CellClipboard, selected_ranges
from seam_portal_desktop.ui.create.data.cells.cell_delegate import CellDelegate
from seam_portal_desktop.ui.create.data.cells.cell_text import widest_moment
from seam_portal_desktop.ui.create.data.metadata_dialog import MetadataDialog
from seam_portal_desktop.ui.create.data.resource_model import Index, ResourceModel
from seam_portal_desktop.ui.import_data.file_drop import dropped_file
from seam_portal_desktop.ui.toolkit.form_parts import shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing

_ROWS_SHOWN = 7
_WIDTHS = {Cell.TEXT: 18, Cell.LIST: 20, Cell.METADATA: 22}
_WIDTHS_BY_NAME = {"name": 24, "email_address": 30, "address": 30, "phone_number": 20}
_OTHER_WIDTH = 13
_TITLE_CHARACTERS = 40
_FILL_DOWN = QKeySequence("Ctrl+D")


class ResourceTable(QTableView):
    """Enter edits, Tab while editing goes on to the next cell, Tab otherwise leaves the table.

    `message` carries the result of a paste, for the user. `import_requested` carries a Sheet that
    was pasted, and the row that its first row goes to from the current column on, or None if it has
    a heading: the import has to ask something. `file_dropped` carries a path. `current_changed`
    carries the row and the Column of the current cell.
    """

    message = Signal(str)
    import_requested = Signal(object, object)
    file_dropped = Signal(str)
    current_changed = Signal(int, object)

    def __init__(self, model: ResourceModel, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._icons = icons
        self._clipboard = CellClipboard(self, model)
        self._clipboard.message.connect(self.message)
        self._clipboard.import_requested.connect(self.import_requested)
        keys = QKeySequence.StandardKey
        self._action("copy", _("Copy"), self._clipboard.copy, keys.Copy)
        self._action("clipboard-paste", _("Paste"), self.paste, keys.Paste)
        self.fill_down = self._action(
            "arrow-down", _("Fill down"), self._clipboard.fill_down, _FILL_DOWN
        )
        self.send_null = self._action("", _("Send null, so that Seam clears it"), self._set_null)
        self.clean_key = self._action("", _("Clean up the key"), self._clean_key)
        self._action("", _("Remove blank rows"), self._remove_blank_rows)
        self._action("trash-2", _("Remove rows"), self.remove_selected_rows)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.viewport().setAcceptDrops(True)
        self.setModel(model)
        self._delegate = CellDelegate(model, self)
        self._delegate.metadata_requested.connect(self._edit_metadata)
        self._delegate.refused.connect(self.message)
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
        side = self.fontMetrics().height()
        self.setIconSize(QSize(side, side))
        height = side + Spacing.M
        numbers = self.verticalHeader()
        numbers.setDefaultSectionSize(height)
        numbers.setSectionResizeMode(numbers.ResizeMode.Fixed)
        numbers.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        numbers.setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        for header in (numbers, self.horizontalHeader()):
            # To paint a heading, Qt looks at each row whether it is selected, which takes seconds
            # for 100,000 selected rows. Headings that aren't highlighted need no selection.
            header.setSelectionModel(QItemSelectionModel(model, header))
        self.setMinimumHeight(height * (_ROWS_SHOWN + 1))
        model.modelReset.connect(self._resize_columns)
        model.checked.connect(self._update_clean_key)
        model.edited.connect(self._update_clean_key)
        self._resize_columns()

    def selected_rows(self) -> list[int]:
        """The rows with a selected cell, without the blank row."""
        end = self._model.rowCount() - 1
        rows: set[int] = set()
        for each in selected_ranges(self):
            rows.update(range(each.top, min(each.bottom + 1, end)))
        return sorted(rows)

    def go_to(self, row: int, column: int) -> None:
        """Select only that cell, also while keys such as Shift are pressed."""
        index = self._model.index(row, column)
        select = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, select)
        self.scrollTo(index)

    def remove_selected_rows(self) -> None:
        self._remove_rows(self.selected_rows())

    def apply_rows(
        self, text: str, rows: Sequence[Row], changed: Mapping[int, frozenset[str]]
    ) -> None:
        """Replace all rows of the kind that is shown, as one undo step that is called `text`.

        The cells in `changed`, dotted paths by the row's index, are highlighted until an edit. The
        table scrolls to the first of them.
        """
        self._model.apply_rows(text, rows, changed)
        if not changed:
            return
        first = min(changed)
        paths = [column.dotted for column in self._model.columns]
        column = next((at for at, path in enumerate(paths) if path in changed[first]), 0)
        self.go_to(first, column)
        self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtTop)

    def add_row(self) -> None:
        """Start typing in the blank row."""
        self.setFocus()
        self.go_to(self._model.rowCount() - 1, 0)
        self.edit(self.currentIndex())

    def paste(self) -> None:
        """Paste the clipboard's cells at the selection."""
        self._clipboard.paste(QGuiApplication.clipboard().mimeData())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        column = self._model.columns[current.column()] if current.isValid() else None
        self.send_null.setEnabled(column is not None and column.nullable)
        self._update_clean_key()
        self.current_changed.emit(current.row(), column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        handlers: dict[QKeySequence.StandardKey, Callable[[], None]] = {
            QKeySequence.StandardKey.Copy: self._clipboard.copy,
            QKeySequence.StandardKey.Paste: self.paste,
            QKeySequence.StandardKey.Undo: self._model.undo_stack.undo,
            QKeySequence.StandardKey.Redo: self._model.undo_stack.redo,
        }
        for key, handle in handlers.items():
            if event.matches(key):
                handle()
                return
        if QKeySequence(event.keyCombination()) == _FILL_DOWN:
            self._clipboard.fill_down()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear_selected()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._accept_drag(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._accept_drag(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Cells are pasted where they are dropped. A file is imported."""
        data = event.mimeData()
        path = dropped_file(data)
        event.acceptProposedAction()
        if path is not None:
            self.file_dropped.emit(path)
        elif data.hasUrls():
            self.message.emit(_("Drop one file of this computer at a time."))
        else:
            index = self.indexAt(event.position().toPoint())
            row = index.row() if index.isValid() else self._model.rowCount() - 1
            self.go_to(row, max(0, index.column()))
            self._clipboard.paste(data)

    @staticmethod
    def _accept_drag(event: QDragMoveEvent) -> None:
        data = event.mimeData()
        if data.hasUrls() or data.hasHtml() or data.hasText():
            event.acceptProposedAction()
        else:
            event.ignore()

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

    def _action(
        self,
        icon: str,
        text: str,
        handle: Callable[[], None],
        shortcut: QKeySequence | QKeySequence.StandardKey | None = None,
    ) -> QAction:
        action = QAction(self._icons.icon(icon) if icon else QIcon(), text, self)
        if shortcut is not None:
            action.setShortcut(shortcut)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)
        action.triggered.connect(handle)
        self.addAction(action)
        return action

    def _update_clean_key(self) -> None:
        index = self.currentIndex()
        column = self._model.columns[index.column()] if index.isValid() else None
        findings = self._model.key_findings(index.row(), column) if column is not None else {}
        self.clean_key.setEnabled(any(each.cleaned for each in findings.values()))

    def _set_null(self) -> None:
        index = self.currentIndex()
        self._model.set_value(index.row(), self._model.columns[index.column()], None)

    def _clean_key(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            clean_keys(self._model, [(index.row(), self._model.columns[index.column()])])

    def _remove_blank_rows(self) -> None:
        rows = self._model.rows(self._model.kind.name)
        self._remove_rows([index for index, row in enumerate(rows) if not row])

    def _remove_rows(self, rows: Sequence[int]) -> None:
        """Remove rows by their indexes, which are in order."""
        if not rows:
            return
        first, last, removed = rows[0], rows[-1], set(rows)
        before = self._model.rows(self._model.kind.name)
        others = [before[at] for at in range(first, last + 1) if at not in removed]
        name = ngettext("remove a row", "remove {count} rows", len(rows)).format(count=len(rows))
        self._model.splice(name, first, last - first + 1, others)
        self.go_to(min(first, self._model.rowCount() - 1), 0)

    def _clear_selected(self) -> None:
        """Empty the selected cells; whole rows are removed."""
        ranges = selected_ranges(self)
        last_column = len(self._model.columns) - 1
        if ranges and all(each.left == 0 and each.right == last_column for each in ranges):
            self.remove_selected_rows()
            return
        columns = self._model.columns
        rows = self._model.rows(self._model.kind.name)
        new: dict[int, Row] = {}
        for each in ranges:
            for row in range(each.top, min(each.bottom + 1, len(rows))):
                changed = new.get(row, rows[row])
                for column in columns[each.left : each.right + 1]:
                    if value_at(changed, column.path) is not MISSING:
                        changed = with_value(changed, column.path, MISSING)
                new[row] = changed
        if not new:
            return
        first, last = min(new), max(new)
        between = [new.get(row, rows[row]) for row in range(first, last + 1)]
        self._model.splice(_("clear cells"), first, len(between), between)

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
        metrics = self.fontMetrics()
        character = metrics.averageCharWidth()
        icon = metrics.height() + 4 * Spacing.XS
        moment = metrics.horizontalAdvance(widest_moment(self._model.converter.zones())) + icon
        for index, column in enumerate(self._model.columns):
            width = _WIDTHS_BY_NAME.get(column.path[-1]) or _WIDTHS.get(column.cell, _OTHER_WIDTH)
            wanted = character * width
            if column.cell is Cell.MOMENT:
                wanted = moment
            self.setColumnWidth(index, max(wanted, self.horizontalHeader().sectionSizeHint(index)))
