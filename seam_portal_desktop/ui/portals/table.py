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

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.ui.portals.columns import ColumnLayout
from seam_portal_desktop.ui.portals.delegate import PortalDelegate
from seam_portal_desktop.ui.portals.model import Index, PortalTableModel
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

_Move = QAbstractItemView.CursorAction
_SELECT_ROWS = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_ONLY_ROWS = _SELECT_ROWS | QItemSelectionModel.SelectionFlag.Clear


class PortalTable(QTableView):
    """Shows a `PortalTableModel` and says by portal id what the user does with its rows."""

    activated_portal = Signal(str)
    """Enter or a double click."""

    selection_changed = Signal(list)
    """The ids of the selected rows from top to bottom, once after each change."""

    current_changed = Signal(str)
    """The id of the selected row that has the focus, or '' when there is none."""

    delete_requested = Signal()
    copy_requested = Signal()

    sort_changed = Signal(PortalColumn, bool)
    """The user wants another order: the column, and whether it is descending."""

    def __init__(
        self, model: PortalTableModel, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self._context_actions: list[QAction] = []
        self._typed = ""
        self._typed_at = QElapsedTimer()
        self._kept: tuple[list[str], str, int] = ([], "", 0)
        self._keeps_scroll = True
        self._told: tuple[list[str], str] = ([], "")
        self._tell = QTimer(self)
        self._tell.setSingleShot(True)
        self._tell.timeout.connect(self._tell_selection)

        # To tell what kind of widget Qt's own one is, PySide loads every kind there is, which takes
        # as long as painting the first rows.
        viewport = QWidget()
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        viewport.setAutoFillBackground(True)
        self.setViewport(viewport)

        self.setAccessibleName("Portals")
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

        model.modelAboutToBeReset.connect(self._keep)
        self.setModel(model)
        model.modelReset.connect(self._restore)
        model.times_passed.connect(self.viewport().update)
        self.columns = ColumnLayout(self, self._delegate)
        self.columns.sort_changed.connect(self.sort_changed)
        self.selectionModel().selectionChanged.connect(self._change)
        self.selectionModel().currentRowChanged.connect(self._change)
        self.doubleClicked.connect(self._activate)
        theme.changed.connect(self._recolor)

    def row_height(self) -> int:
        """In device-independent pixels; follows the font."""
        return self._delegate.row_height

    # What is chosen

    def selected_ids(self) -> list[str]:
        """The ids of the selected rows, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._model.portal(row).portal_id for row in rows]

    def current_id(self) -> str:
        """The id of the selected row that has the focus, or ''."""
        current = self.currentIndex()
        if not current.isValid() or not self.selectionModel().isRowSelected(current.row()):
            return ""
        return self._model.portal(current.row()).portal_id

    def select(self, portal_id: str) -> bool:
        """Select that row alone and bring it into view; False when it isn't loaded."""
        row = self._model.row_of(portal_id)
        if row is None:
            return False
        # Not selectRow: reading right to left it does nothing when the last column is hidden.
        index = self._model.index(row, 0)
        self.selectionModel().setCurrentIndex(index, _ONLY_ROWS)
        self.scrollTo(index)
        return True

    def set_context_actions(self, actions: Sequence[QAction]) -> None:
        """What the context menu of the rows offers; separators are actions too."""
        self._context_actions = list(actions)

    # Columns

    def sort_order(self) -> tuple[PortalColumn, bool]:
        """The column that the header shows as sorted by, and whether it is descending."""
        return self.columns.sort_order()

    def save_state(self) -> bytes:
        """Order, widths, visibility and sorting of the columns, for `restore_state`."""
        return self.columns.save_state()

    def restore_state(self, state: bytes) -> bool:
        """Bring back what `save_state` gave; False, and no change, when it can't be used."""
        return self.columns.restore_state(state)

    def start_at_top(self) -> None:
        """The next page answers another question: don't keep the scroll position for it."""
        self._keeps_scroll = False

    # Keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        bare = plain == Qt.KeyboardModifier.NoModifier
        if bare and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.delete_requested.emit()
        else:
            super().keyPressEvent(event)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last row; Qt would move inside the row."""
        last = self._model.rowCount() - 1
        if last >= 0 and action in (_Move.MoveHome, _Move.MoveEnd):
            row = 0 if action == _Move.MoveHome else last
            return self._model.index(row, max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next customer key that starts with what is being typed."""
        fresh = not self._typed_at.isValid() or self._typed_at.hasExpired(
            QApplication.keyboardInputInterval()
        )
        if not search or (fresh and search.isspace()):
            return
        self._typed = search if fresh else self._typed + search
        self._typed_at.restart()
        typed, count = self._typed.casefold(), self._model.rowCount()
        # The same first letter again goes on to the next row; more letters may stay on this one.
        start = max(0, self.currentIndex().row() + (1 if len(typed) == 1 else 0))
        for step in range(count):
            row = (start + step) % count
            if self._model.portal(row).customer_key.casefold().startswith(typed):
                self.setCurrentIndex(self._model.index(row, max(0, self.currentIndex().column())))
                return

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._context_actions or not self.selectionModel().hasSelection():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self._context_actions)
        menu.popup(self._menu_position(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._show_focus()

    # Looks

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.set_watched(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._model.set_watched(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._delegate.set_font_metrics(self.fontMetrics())
            self.verticalHeader().setDefaultSectionSize(self._delegate.row_height)
            self.columns.fit()

    def _recolor(self) -> None:
        self._delegate.forget_colors()
        self.viewport().update()

    def _hover(self, row: int) -> None:
        if row != self._delegate.hovered_row:
            self._delegate.hovered_row = row
            self.viewport().update()

    def _show_focus(self) -> None:
        self._delegate.focused_row = self.currentIndex().row() if self.hasFocus() else -1
        self.viewport().update()

    def _menu_position(self, event: QContextMenuEvent) -> QPoint:
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            return event.globalPos()
        cell = self.visualRect(self.currentIndex())
        return self.viewport().mapToGlobal(cell.bottomLeft())

    # Selection across refreshes

    def _keep(self) -> None:
        self._kept = (self.selected_ids(), self.current_id(), self.verticalScrollBar().value())

    def _restore(self) -> None:
        selected, current, scroll = self._kept
        choice = QItemSelection()
        for portal_id in selected:
            row = self._model.row_of(portal_id)
            if row is not None:
                index = self._model.index(row, 0)
                choice.select(index, index)
        row = self._model.row_of(current) if current else None
        if row is not None:
            self.selectionModel().setCurrentIndex(
                self._model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        if not choice.isEmpty():
            self.selectionModel().select(choice, _SELECT_ROWS)
        self.executeDelayedItemsLayout()
        if self._keeps_scroll:
            self.verticalScrollBar().setValue(scroll)
        elif row is not None:
            self.scrollTo(self._model.index(row, 0))
        else:
            self.scrollToTop()
        self._keeps_scroll = True
        self.columns.fit()
        self._change()

    def _change(self) -> None:
        # A reset, or one key that moves both, changes several things: they are told once.
        self._tell.start(0)

    def _tell_selection(self) -> None:
        told = (self.selected_ids(), self.current_id())
        before, self._told = self._told, told
        if told[0] != before[0]:
            self.selection_changed.emit(told[0])
        if told[1] != before[1]:
            self.current_changed.emit(told[1])

    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            self.activated_portal.emit(self._model.portal(index.row()).portal_id)
