"""The columns of the portals table: widths, order, visibility and the sort indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from seam_portal_desktop.domain.portal.query import PortalColumn
from seam_portal_desktop.domain.preferences import is_whole
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.delegate import PortalDelegate
from seam_portal_desktop.ui.portals.model import COLUMNS
from seam_portal_desktop.ui.portals.row_text import COLUMN_TITLES, widest_text
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
_NEWEST_FIRST = (COLUMNS.index(PortalColumn.CREATED), Qt.SortOrder.DescendingOrder)
_SHORT_KEY = "customer-key-16c"
_ARROW_WIDTH = 16
_WIDEST = 10_000  # pixels; a wider stored column is unusable
_WIDTH_OF_NEW = 100  # pixels of a column that the stored state doesn't have


class ColumnLayout(QObject):
    """Fits the columns to the width until the user changes them by hand.

    The customer key gets the free width. In a narrow view the less important columns shrink to
    their icons or are hidden.
    """

    sort_changed = Signal(PortalColumn, bool)
    """The user chose another order: the column, and whether it is descending."""

    grouping_changed = Signal(bool)
    """The rows of each customer are together from now on, or no longer."""

    def __init__(self, view: QTableView, delegate: PortalDelegate) -> None:
        super().__init__(view)
        self._view = view
        self._delegate = delegate
        self._is_arranged = False
        self._is_fitting = False
        self.by_customer = False
        header = self._header = view.horizontalHeader()
        header.setAccessibleName(_("Columns"))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(2 * Spacing.XL)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(*_NEWEST_FIRST)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_menu)
        header.sortIndicatorChanged.connect(self._on_sort)
        header.sectionResized.connect(self._on_resized)
        header.sectionMoved.connect(self._on_moved)

    def sort_order(self) -> tuple[PortalColumn, bool]:
        """The column that the rows are sorted by, and whether it is descending."""
        order = self._header.sortIndicatorOrder()
        return COLUMNS[self._header.sortIndicatorSection()], order is Qt.SortOrder.DescendingOrder

    def set_by_customer(self, by_customer: bool) -> None:  # noqa: FBT001 - a slot
        """Put the rows of each customer together, newest first. Another order ends that."""
        if by_customer == self.by_customer:
            return
        self.by_customer = by_customer
        self._is_fitting = True
        self._header.setSortIndicator(*_NEWEST_FIRST)
        self._is_fitting = False
        self.grouping_changed.emit(by_customer)
        self.sort_changed.emit(*self.sort_order())

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
        menu.addAction(_("Arrange columns automatically")).triggered.connect(self.reset)

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
                self._delegate.width_of(section, widest_text(column)),
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

    def save_state(self) -> dict[str, Any]:
        """Order, widths, visibility and sorting of the columns as values of JSON.

        The columns are in the order on the screen. A hidden one has no width.
        """
        header = self._header
        columns = []
        for position in range(len(COLUMNS)):
            section = header.logicalIndex(position)
            hidden = header.isSectionHidden(section)
            width = None if hidden else header.sectionSize(section)
            columns.append({"name": COLUMNS[section].value, "width": width})
        column, descending = self.sort_order()
        return {
            "arranged": self._is_arranged,
            "columns": columns,
            "sort": {"name": column.value, "descending": descending},
            "by_customer": self.by_customer,
        }

    def restore_state(self, state: object) -> bool:
        """Apply what `save_state` returned; False, without a change, if it can't be used."""
        kept = _ColumnsState.parse(state)
        if kept is None:
            return False
        header = self._header
        self._is_fitting = True
        order = Qt.SortOrder.DescendingOrder if kept.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(kept.sorted_by, order)
        for position, section in enumerate(kept.widths):
            header.moveSection(header.visualIndex(section), position)
        for section, width in kept.widths.items():
            header.setSectionHidden(section, width is None)
            if width is not None:
                header.resizeSection(section, width)
        self._is_fitting = False
        self._is_arranged = kept.arranged
        self.by_customer = kept.by_customer
        self.fit()
        return True

    def _title_width(self, column: PortalColumn) -> int:
        metrics = self._header.fontMetrics()
        return metrics.horizontalAdvance(COLUMN_TITLES[column]) + 2 * Spacing.S + _ARROW_WIDTH

    def _on_sort(self, section: int, order: Qt.SortOrder) -> None:
        if not self._is_fitting:
            if self.by_customer:
                self.by_customer = False
                self.grouping_changed.emit(False)  # noqa: FBT003 - a signal's only argument
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


@dataclass(frozen=True, slots=True)
class _ColumnsState:
    """``widths`` has each section once, in the order on the screen; None is a hidden one."""

    arranged: bool
    widths: Mapping[int, int | None]
    sorted_by: int
    descending: bool
    by_customer: bool

    @classmethod
    def parse(cls, state: object) -> _ColumnsState | None:
        """None if a value is missing or unusable. Columns that were added since go to the end."""
        if not isinstance(state, dict) or not isinstance(state.get("columns"), list):
            return None
        sort, arranged = state.get("sort"), state.get("arranged")
        if not isinstance(sort, dict) or not isinstance(arranged, bool):
            return None
        widths: dict[int, int | None] = {}
        for column in state["columns"]:
            section = _section(column)
            width = column.get("width") if isinstance(column, dict) else 0
            if section is None or section in widths:
                return None
            if width is not None and not is_whole(width, 2 * Spacing.XL, _WIDEST):
                return None
            widths[section] = width
        for section in range(len(COLUMNS)):
            widths.setdefault(section, _WIDTH_OF_NEW)
        sorted_by, descending = _section(sort), sort.get("descending")
        if sorted_by is None or not isinstance(descending, bool) or widths[_CUSTOMER_KEY] is None:
            return None
        newest_first = (sorted_by, descending) == (_NEWEST_FIRST[0], True)
        by_customer = state.get("by_customer") is True and newest_first
        return cls(arranged, widths, sorted_by, descending, by_customer)


def _section(entry: object) -> int | None:
    """The section of the column that a stored entry names."""
    name = entry.get("name") if isinstance(entry, dict) else None
    return next((index for index, each in enumerate(COLUMNS) if each.value == name), None)
