"""The columns of the file as a table: title and first values, where it goes, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QActionGroup, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from seam_portal_desktop.domain.tables.mapping import MappedColumn
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.import_data.column_delegate import ColumnDelegate
from seam_portal_desktop.ui.import_data.target_list import TargetList
from seam_portal_desktop.ui.import_data.words import column_title, reason_text, sample_text
from seam_portal_desktop.ui.toolkit.form_parts import in_menu
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

Index = QModelIndex | QPersistentModelIndex

FILE, TARGET, REASON = range(3)
"""The columns of the table."""

_ROWS_SHOWN = 5
_TITLES = (_("In the file"), _("Goes to"), _("Why"))
_DISPLAY = Qt.ItemDataRole.DisplayRole
_TOOLTIP = Qt.ItemDataRole.ToolTipRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


class ColumnListModel(QAbstractTableModel):
    """One row for each column of the file. The delegate reads its `columns` and `question`."""

    def __init__(self, targets: TargetList, parent: QWidget) -> None:
        super().__init__(parent)
        self.targets = targets
        self.columns: Sequence[MappedColumn] = ()
        self._questions: Sequence[str] = ()

    def set_columns(self, columns: Sequence[MappedColumn], questions: Sequence[str]) -> None:
        """`questions` say what has to be chosen, or are empty."""
        if len(columns) != len(self.columns):
            self.beginResetModel()
            self.columns, self._questions = columns, questions
            self.endResetModel()
            return
        self.columns, self._questions = columns, questions
        if columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(columns) - 1, REASON))

    def title(self, row: int) -> str:
        return column_title(self.columns[row].title, row)

    def target_text(self, row: int) -> str:
        column = self.columns[row]
        return _("Choose…") if column.must_ask else self.targets.title_of(column.target)

    def question(self, row: int) -> str:
        return self._questions[row]

    def reason(self, row: int) -> str:
        return self._questions[row] or reason_text(self.columns[row])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own
        if role == _DISPLAY and orientation == Qt.Orientation.Horizontal:
            return _TITLES[section]
        return None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own
        row = index.row()
        if role == _SPOKEN:
            return _("{title} goes to: {target}. {reason}").format(
                title=self.title(row), target=self.target_text(row), reason=self.reason(row)
            )
        if role not in (_DISPLAY, _TOOLTIP):
            return None
        if index.column() == FILE:
            text = self.title(row)
            if role == _TOOLTIP:
                text = f"{text}\n{sample_text(self.columns[row].samples)}"
        else:
            text = self.target_text(row) if index.column() == TARGET else self.reason(row)
        return plain_tooltip(text) if role == _TOOLTIP else text


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
