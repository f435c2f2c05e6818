"""The table of portals: selection, keyboard, columns and menus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.columns import ColumnLayout
from seam_portal_desktop.ui.portals.delegate import PortalDelegate
from seam_portal_desktop.ui.portals.model import Index, PortalTableModel
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

TABLE_KEYS = (
    (_("Open the portal"), "Return"),
    (_("Give the portal the whole window"), "Space"),
    (_("Go to the first portal"), "Home"),
    (_("Go to the last portal"), "End"),
    (_("Select several portals"), "Shift+Down"),
    (_("Select all loaded portals"), "Ctrl+A"),
    (_("Copy the link of the portal"), "Ctrl+C"),
)
"""The keys of the table that aren't actions, for the sheet of shortcuts."""

_Move = QAbstractItemView.CursorAction
_SELECT_ROWS = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_MOST_OPENED = 2
"""Two portals are shown beside each other. Of more, Enter opens the current one alone."""

_ONLY_ROWS = _SELECT_ROWS | QItemSelectionModel.SelectionFlag.Clear


class PortalTable(QTableView):
    """Shows a `PortalTableModel`. `columns` arranges and sorts it; the signals carry portal ids."""

    activated_portal = Signal(str)
    """Enter or a double click."""

    left = Signal()
    """Escape, while at most one row is selected."""

    end_wanted = Signal()
    """The End key went to the last loaded row, and the list has more."""

    typed_in_vain = Signal(str)
    """No loaded row's customer key starts with what was typed."""

    selection_changed = Signal(list)
    """The ids of the selected rows from top to bottom, once after each change."""

    focus_requested = Signal()
    """Space was pressed: the selected portal is to fill the window."""
    delete_requested = Signal()
    copy_requested = Signal()

    def __init__(
        self, model: PortalTableModel, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._context_actions: list[QAction] = []
        self._typed = ""
        self._typed_at = QElapsedTimer()
        self._saved: tuple[list[str], str, int] = ([], "", 0)
        self._keeps_scroll = True
        self._emitted_selection: list[str] = []
        self._selection_timer = QTimer(self)
        self._selection_timer.setSingleShot(True)
        self._selection_timer.setInterval(0)
        self._selection_timer.timeout.connect(self._emit_selection)

        # To find the Python type of Qt's own viewport, PySide loads all types of widgets, which
        # takes as long as painting the first rows.
        viewport = QWidget()
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        viewport.setAutoFillBackground(True)
        self.setViewport(viewport)

        self.setAccessibleName(_("Portals"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._delegate = PortalDelegate(model, theme, icons, self)
        self.setItemDelegate(self._delegate)

        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(self._delegate.row_height)

        model.modelAboutToBeReset.connect(self._save_selection)
        self.setModel(model)
        model.modelReset.connect(self._restore_selection)
        model.times_passed.connect(self.viewport().update)
        self.columns = ColumnLayout(self, self._delegate)
        # One change of the selection emits this signal several times.
        self.selectionModel().selectionChanged.connect(self._selection_timer.start)
        self.doubleClicked.connect(self._activate)
        theme.changed.connect(self._update_colors)

    # Selection

    def selected_rows(self) -> list[int]:
        """The selected rows, from top to bottom."""
        # Not selectedRows: for thousands of rows it takes 100 ms and more.
        rows: set[int] = set()
        parts = self.selectionModel().selection()
        for part in map(parts.at, range(parts.count())):
            rows.update(range(part.top(), part.bottom() + 1))
        return sorted(rows)

    def selected_ids(self) -> list[str]:
        """The ids of the selected rows, from top to bottom."""
        return [self._model.portal(row).portal_id for row in self.selected_rows()]

    def select(self, *portal_ids: str) -> bool:
        """Select only these rows and scroll to the first one. False if one of them isn't loaded;
        then the others are selected."""
        rows = [row for each in portal_ids if (row := self._model.row_of(each)) is not None]
        if rows:
            # Not selectRow: with a right-to-left layout it does nothing if the last column is
            # hidden.
            first, *others = (self._model.index(row, 0) for row in rows)
            self.selectionModel().setCurrentIndex(first, _ONLY_ROWS)
            for index in others:
                self.selectionModel().select(index, _SELECT_ROWS)
            self.scrollTo(first)
        return len(rows) == len(portal_ids)

    def set_context_actions(self, actions: Sequence[QAction]) -> None:
        """Set the context menu of the rows; separators are actions too."""
        self._context_actions = list(actions)

    def start_at_top(self) -> None:
        """Don't keep the scroll position for the next page: it belongs to another query."""
        self._keeps_scroll = False

    # Keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        unmodified = plain == Qt.KeyboardModifier.NoModifier
        if unmodified and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(self.currentIndex())
        elif unmodified and event.key() == Qt.Key.Key_Space and not self._is_typing():
            self.focus_requested.emit()
        elif unmodified and event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.delete_requested.emit()
        else:
            super().keyPressEvent(event)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last row; by default they move inside the row."""
        last = self._model.rowCount() - 1
        if last >= 0 and action in (_Move.MoveHome, _Move.MoveEnd):
            row = 0 if action == _Move.MoveHome else last
            if action == _Move.MoveEnd and last + 1 < self._model.total:
                self.end_wanted.emit()
            return self._model.index(row, max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next customer whose key or name starts with the typed text."""
        restarted = not self._is_typing()
        if not search or (restarted and search.isspace()):
            return
        self._typed = search if restarted else self._typed + search
        self._typed_at.restart()
        typed, count = self._typed.casefold(), self._model.rowCount()
        # A first letter goes to the next row; with more letters this row may match too.
        start = max(0, self.currentIndex().row() + (1 if len(typed) == 1 else 0))
        for step in range(count):
            row = (start + step) % count
            portal = self._model.portal(row)
            if any(
                text.casefold().startswith(typed)
                for text in (portal.customer_key, portal.customer_name)
            ):
                self.setCurrentIndex(self._model.index(row, max(0, self.currentIndex().column())))
                return
        self.typed_in_vain.emit(self._typed)

    def _is_typing(self) -> bool:
        """Whether the next character continues what was typed to search by."""
        return self._typed_at.isValid() and not self._typed_at.hasExpired(
            QApplication.keyboardInputInterval()
        )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._context_actions or not self.selectionModel().hasSelection():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self._context_actions)
        menu.popup(self._menu_position(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hovered(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._update_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._update_focus()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._update_focus()

    # Painting

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.set_shown(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._model.set_shown(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._delegate.set_font_metrics(self.fontMetrics())
            self.verticalHeader().setDefaultSectionSize(self._delegate.row_height)
            self.columns.fit()

    def _update_colors(self) -> None:
        self._delegate.update_colors()
        self.viewport().update()

    def _set_hovered(self, row: int) -> None:
        if row != self._delegate.hovered_row:
            self._delegate.hovered_row = row
            self.viewport().update()

    def _update_focus(self) -> None:
        self._delegate.focused_row = self.currentIndex().row() if self.hasFocus() else -1
        self.viewport().update()

    def _menu_position(self, event: QContextMenuEvent) -> QPoint:
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            return event.globalPos()
        cell = self.visualRect(self.currentIndex())
        return self.viewport().mapToGlobal(cell.bottomLeft())

    # Selection across resets of the model

    def _save_selection(self) -> None:
        current = self.currentIndex().row()
        is_selected = self.selectionModel().isRowSelected(current)
        current_id = self._model.portal(current).portal_id if is_selected else ""
        self._saved = (self.selected_ids(), current_id, self.verticalScrollBar().value())

    def _restore_selection(self) -> None:
        selected, current, scroll = self._saved
        selection = QItemSelection()
        for portal_id in selected:
            row = self._model.row_of(portal_id)
            if row is not None:
                index = self._model.index(row, 0)
                selection.select(index, index)
        row = self._model.row_of(current) if current else None
        if row is not None:
            self.selectionModel().setCurrentIndex(
                self._model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        if not selection.isEmpty():
            self.selectionModel().select(selection, _SELECT_ROWS)
        self.executeDelayedItemsLayout()
        if self._keeps_scroll:
            self.verticalScrollBar().setValue(scroll)
        elif row is not None:
            self.scrollTo(self._model.index(row, 0))
        else:
            self.scrollToTop()
        self._keeps_scroll = True
        self.columns.fit()
        self._selection_timer.start()

    def _emit_selection(self) -> None:
        selected = self.selected_ids()
        if selected != self._emitted_selection:
            self._emitted_selection = selected
            self.selection_changed.emit(selected)

    def _leave(self) -> None:
        """Go from several selected rows to one, and from one to the search box."""
        current = self.currentIndex()
        if len(self.selected_rows()) > 1 and current.isValid():
            self.selectionModel().setCurrentIndex(current, _ONLY_ROWS)
        else:
            self.left.emit()

    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            if len(self.selected_rows()) > _MOST_OPENED:
                self.selectionModel().setCurrentIndex(index, _ONLY_ROWS)
            self.activated_portal.emit(self._model.portal(index.row()).portal_id)
