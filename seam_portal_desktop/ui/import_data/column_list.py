"""The columns of the file as a table: title and first values, where it goes, and why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.import_data.column_delegate import ColumnDelegate
from seam_portal_desktop.ui.import_data.table_models import TARGET, ColumnListModel, Index
from seam_portal_desktop.ui.import_data.target_list import TargetList
from seam_portal_desktop.ui.toolkit.form_parts import in_menu
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

_ROWS_SHOWN = 5


class ColumnList(QTableView):
    """Up and Down go to a column; Enter, Space or a click on a field opens the list of targets.

    `chosen` carries the index of a column, and its ColumnTarget, or None to leave it out.
    """

    chosen = Signal(int, object)
    current_changed = Signal(int)

    def __init__(self, targets: TargetList, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = ColumnListModel(targets, self)
        self._targets = targets
        self.setModel(self.columns)
        self.setItemDelegate(ColumnDelegate(self.columns, theme, icons, self))
        self.setProperty("kind", "sheet")
        self.setAccessibleName(_("Columns of the file"))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        self._set_row_height()

    def go_to(self, row: int) -> None:
        """Select that column of the file, and take the focus."""
        index = self.columns.index(row, TARGET)
        self.selectionModel().setCurrentIndex(
            index,
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.scrollTo(index)
        self.setFocus()

    def menu_for(self, row: int) -> QMenu:
        """The list of targets for that column of the file, with the present one checked."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        column = self.columns.columns[row]
        current = -1 if column.must_ask else self._targets.row_of(column.target)
        for at in range(self._targets.rowCount()):
            action = QAction(in_menu(self._targets.item(at).text()), group)
            action.setCheckable(True)
            action.setChecked(at == current)
            action.triggered.connect(lambda _on, at=at: self._choose(row, at))
            menu.addAction(action)
            if at == current:
                menu.setActiveAction(action)
            if self._targets.ends_group(at):
                menu.addSeparator()
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit(current.row())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.columns.rowCount():
            self.go_to(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        opens = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_F2)
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in opens and is_plain and self.currentIndex().isValid():
            self._open_menu(self.currentIndex().row())
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # Ctrl+Enter is the dialog's
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == TARGET:
            self._open_menu(index.row())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_row_height()

    def _open_menu(self, row: int) -> None:
        menu = self.menu_for(row)
        field = self.visualRect(self.columns.index(row, TARGET))
        menu.setMinimumWidth(field.width())
        start = field.left()
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            start = field.right() - max(menu.sizeHint().width(), field.width())
        menu.popup(self.viewport().mapToGlobal(QPoint(start, field.bottom())))

    def _choose(self, row: int, target: int) -> None:
        name = self.columns.title(row)
        self.chosen.emit(row, self._targets.target_at(target, name))

    def _set_row_height(self) -> None:
        height = 2 * self.fontMetrics().height() + 2 * Spacing.S + Spacing.XS
        self.verticalHeader().setDefaultSectionSize(height)
        self.setMinimumHeight(height * _ROWS_SHOWN)
