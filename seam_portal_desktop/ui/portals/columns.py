"""The columns of the portals table: widths, order, visibility and the sort indicator."""

from __future__ import annotations

import struct
from contextlib import suppress

from PySide6.QtCore import QByteArray, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.ui.portals.delegate import PortalDelegate
from seam_portal_desktop.ui.portals.model import COLUMNS
from seam_portal_desktop.ui.portals.row_text import COLUMN_TITLES, WIDEST_TEXTS
from seam_portal_desktop.ui.toolkit.theme import Spacing

_CUSTOMER_KEY = COLUMNS.index(PortalColumn.CUSTOMER_KEY)
_SHRUNK_TO_ICON = (PortalColumn.SENT, PortalColumn.PREVIEW)
_HIDDEN_LAST = (
    PortalColumn.CUSTOMER_KEY,
    PortalColumn.STATUS,
    PortalColumn.EXPIRES,
    *_SHRUNK_TO_ICON,
)
_HIDDEN_FIRST = tuple(column for column in reversed(COLUMNS) if column not in _HIDDEN_LAST)
_SHORT_KEY = "customer-key-16c"
_ARROW_WIDTH = 16
_STATE = struct.Struct(">B?")
_STATE_VERSION = 2


class ColumnLayout(QObject):
    """Fits the columns to the width until the user changes them by hand.

    The customer key gets the free width. In a narrow view the less important columns shrink to
    their icons or are hidden.
    """

    sort_changed = Signal(PortalColumn, bool)
    """The user chose another order: the column, and whether it is descending."""

    def __init__(self, view: QTableView, delegate: PortalDelegate) -> None:
        super().__init__(view)
        self._view = view
        self._delegate = delegate
        self._is_arranged = False
        self._is_fitting = False
        header = self._header = view.horizontalHeader()
        header.setAccessibleName("Columns")
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(2 * Spacing.XL)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(COLUMNS.index(PortalColumn.CREATED), Qt.SortOrder.DescendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_menu)
        header.sortIndicatorChanged.connect(self._on_sort)
        header.sectionResized.connect(self._on_resized)
        header.sectionMoved.connect(self._on_moved)

    def sort_order(self) -> tuple[PortalColumn, bool]:
        """The column that the rows are sorted by, and whether it is descending."""
        order = self._header.sortIndicatorOrder()
        return COLUMNS[self._header.sortIndicatorSection()], order is Qt.SortOrder.DescendingOrder

    def fill_menu(self, menu: QMenu) -> None:
        """Set a checkable action for each column that can be hidden, and one that resets all."""
        menu.clear()
        for section, column in enumerate(COLUMNS):
            if section == _CUSTOMER_KEY:
                continue
            action = menu.addAction(COLUMN_TITLES[column])
            action.setCheckable(True)
            action.setChecked(not self._header.isSectionHidden(section))
            action.setData(section)
            action.triggered.connect(self._on_toggled)
        menu.addSeparator()
        menu.addAction("Arrange columns automatically").triggered.connect(self.reset)

    def reset(self) -> None:
        """Undo what was arranged by hand, and fit the columns again."""
        self._is_arranged = False
        self._is_fitting = True
        for section in range(len(COLUMNS)):
            self._header.moveSection(self._header.visualIndex(section), section)
        self._is_fitting = False
        self.fit()

    def fit(self) -> None:
        """Fit the columns to the view's width, unless they were arranged by hand."""
        if self._is_arranged or self._view.model() is None:
            return
        free = self._view.viewport().width()
        widths = {
            section: max(
                self._delegate.width_of(section, WIDEST_TEXTS[column]),
                self._title_width(column),
            )
            for section, column in enumerate(COLUMNS)
            if section != _CUSTOMER_KEY
        }
        least = self._delegate.width_of(_CUSTOMER_KEY, _SHORT_KEY)
        hidden: list[int] = []
        for column in _HIDDEN_FIRST:
            if sum(widths.values()) + least > free:
                hidden.append(COLUMNS.index(column))
                del widths[hidden[-1]]
        for column in _SHRUNK_TO_ICON:
            if sum(widths.values()) + least > free:
                section = COLUMNS.index(column)
                widths[section] = max(
                    self._delegate.width_of(section, ""), self._title_width(column)
                )
        if sum(widths.values()) + least > free:
            hidden.append(COLUMNS.index(PortalColumn.PREVIEW))
            del widths[hidden[-1]]
        widths[_CUSTOMER_KEY] = max(least, free - sum(widths.values()))
        self._is_fitting = True
        for section in range(len(COLUMNS)):
            self._header.setSectionHidden(section, section in hidden)
        for section, width in widths.items():
            self._header.resizeSection(section, width)
        self._is_fitting = False

    def save_state(self) -> bytes:
        """Order, widths, visibility and sorting of the columns, for `restore_state`."""
        header = self._header.saveState().data()
        return _STATE.pack(_STATE_VERSION, self._is_arranged) + bytes(header)

    def restore_state(self, state: bytes) -> bool:
        """Apply what `save_state` returned; False, without a change, if it can't be used."""
        with suppress(struct.error):
            version, is_arranged = _STATE.unpack_from(state)
            if version == _STATE_VERSION:
                return self._restore(QByteArray(state[_STATE.size :]), is_arranged=is_arranged)
        return False

    def _restore(self, state: QByteArray, *, is_arranged: bool) -> bool:
        before = self._header.saveState()
        self._is_fitting = True
        restored = self._header.restoreState(state)
        section = self._header.sortIndicatorSection()
        if not restored or self._header.count() != len(COLUMNS) or section >= len(COLUMNS):
            self._header.restoreState(before)
            restored = False
        self._header.showSection(_CUSTOMER_KEY)
        self._is_fitting = False
        if restored:
            self._is_arranged = is_arranged
            self.fit()
        return restored

    def _title_width(self, column: PortalColumn) -> int:
        metrics = self._header.fontMetrics()
        return metrics.horizontalAdvance(COLUMN_TITLES[column]) + 2 * Spacing.S + _ARROW_WIDTH

    def _on_sort(self, section: int, order: Qt.SortOrder) -> None:
        if not self._is_fitting:
            self.sort_changed.emit(COLUMNS[section], order is Qt.SortOrder.DescendingOrder)

    def _on_resized(self, section: int, before: int, after: int) -> None:
        del section
        # Hiding and showing a column resizes it to and from 0.
        if not self._is_fitting and before and after and self._view.isVisible():
            self._is_arranged = True

    def _on_moved(self) -> None:
        if not self._is_fitting:
            self._is_arranged = True
        self._view.viewport().update()

    def _on_toggled(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._is_arranged = True
            self._header.setSectionHidden(action.data(), not action.isChecked())

    def _open_menu(self, position: QPoint) -> None:
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu)
        menu.popup(self._header.viewport().mapToGlobal(position))
