"""The rows of the portals table, loaded page by page, with their texts at the present time."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.query import (
    NEWEST_FIRST,
    PortalColumn,
    PortalQuery,
    RecordPage,
)
from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus
from seam_portal_desktop.ui.portals.groups import CustomerGroups, GroupPlace, place_in_group
from seam_portal_desktop.ui.portals.row_text import (
    COLUMN_TITLES,
    cell_texts,
    spoken_cell,
    spoken_row,
    tooltip,
)

COLUMNS: tuple[PortalColumn, ...] = tuple(PortalColumn)

# PySide compares enums in Python, which is several times slower than comparing ints, and Qt asks
# for a handful of roles per cell and paint.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_USER = int(Qt.ItemDataRole.UserRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE_TEXT = int(Qt.ItemDataRole.AccessibleTextRole)
_INITIAL_SORT_ORDER = int(Qt.ItemDataRole.InitialSortOrderRole)
_TEXT_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_HORIZONTAL = Qt.Orientation.Horizontal
_FLAGS = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_NO_FLAGS = Qt.ItemFlag.NoItemFlags
_LEADING = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter

_AFTER_PAINT_MS = 50
_MINUTE = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=1)
_ROOT = QModelIndex()

Index = QModelIndex | QPersistentModelIndex


class PortalTableModel(QAbstractTableModel):
    """Rows of one ledger query, in the ledger's order. The ledger searches and sorts.

    The columns are those of `PortalColumn`, in that order; UserRole gives the `PortalRecord`.
    """

    more_wanted = Signal(int)
    """The view needs the page that starts at this offset. Emitted once, until `give_up_page`."""

    status_elapsed = Signal()
    """The status of a row changed because time passed; counts and filters must be updated."""

    times_passed = Signal()
    """The texts of relative times changed; views must repaint."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._now = clock()
        self._rows: list[PortalRecord] = []
        self._row_of: dict[str, int] = {}
        self._total = 0
        self._wanted_offset: int | None = None
        self._is_shown = False
        self._is_grouped = False
        self._groups: CustomerGroups | None = None
        # Caches by row, filled when first asked for: a page holds far more rows than fit a window.
        self._statuses: list[PortalStatus | None] = []
        self._texts: list[tuple[str, ...] | None] = []
        self._next_change: datetime | None = None
        self._next_change_known = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    # Rows

    @property
    def total(self) -> int:
        """How many rows match the query, loaded or not."""
        return self._total

    def set_page(self, page: RecordPage, *, by_customer: bool = False) -> None:
        """Replace all rows by `page`, whatever its offset. `by_customer`: its rows are grouped."""
        self.beginResetModel()
        self._is_grouped = by_customer
        self._now = self._clock()
        self._rows = list(page.rows)
        self._index_rows()
        self._statuses = [None] * len(self._rows)
        self._texts = [None] * len(self._rows)
        self._total = max(page.total, len(self._rows))
        self._wanted_offset = None
        self.endResetModel()
        self._restart_timer()

    def append_page(self, page: RecordPage) -> None:
        """Add the page that `more_wanted` asked for. A page that doesn't follow the loaded rows
        is ignored, and may be asked for again."""
        first = len(self._rows)
        if page.offset != first:
            self._wanted_offset = None
            return
        fresh = [portal for portal in page.rows if portal.portal_id not in self._row_of]
        self._total = page.total if page.rows else first
        if not fresh:
            return
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        self._rows += fresh
        self._row_of.update(
            (portal.portal_id, row) for row, portal in enumerate(fresh, start=first)
        )
        self._groups = None
        self._statuses += [None] * len(fresh)
        self._texts += [None] * len(fresh)
        self.endInsertRows()
        self._restart_timer()

    def give_up_page(self, offset: int) -> None:
        """The page that `more_wanted` asked for doesn't come; the view may ask for it again."""
        if self._wanted_offset == offset:
            self._wanted_offset = None

    def apply_change(self, change: LedgerChange, query: PortalQuery) -> bool:
        """Apply a commit's changes to the loaded rows of `query`.

        A record that belongs after the loaded rows isn't inserted. `total` doesn't count it then,
        until `set_total`. False: the rows have to be read again, because groups of customers may
        have another order.
        """
        if query.by_customer:
            return self._apply_in_place(change, query)
        for portal_id in change.removed:
            self._remove(portal_id)
        for record in change.records:
            if query.matches(record, self._now):
                self._update_row(record, query)
            else:
                self._remove(record.portal_id)
        self._restart_timer()
        return True

    def set_total(self, total: int) -> None:
        self._total = max(total, len(self._rows))
        self._groups = None

    def _apply_in_place(self, change: LedgerChange, query: PortalQuery) -> bool:
        """Apply changes that move no row. False if there are others."""
        if any(portal_id in self._row_of for portal_id in change.removed):
            return False
        for record in change.records:
            row, matches = self._row_of.get(record.portal_id), query.matches(record, self._now)
            if row is None and not matches:
                continue
            if (
                row is None
                or not matches
                or place_in_group(record) != place_in_group(self._rows[row])
            ):
                return False
            self._rows[row] = record
            self._statuses[row] = self._texts[row] = None
            self._emit_row_changed(row)
        self._restart_timer()
        return True

    def _update_row(self, record: PortalRecord, query: PortalQuery) -> None:
        row = self._row_of.get(record.portal_id)
        if row is not None and self._rows[row] == record:
            return
        others = self._rows if row is None else self._rows[:row] + self._rows[row + 1 :]

        def sort_key(each: PortalRecord) -> tuple[Any, ...]:
            return query.sort_key(each, self._now)

        target = bisect_left(others, sort_key(record), key=sort_key)
        if row is not None and target == row:
            self._rows[row] = record
            self._statuses[row] = self._texts[row] = None
            self._emit_row_changed(row)
        elif target == len(others) and len(self._rows) < self._total:
            self._remove(record.portal_id)  # it belongs among the rows that aren't loaded
        elif row is None:
            self.beginInsertRows(QModelIndex(), target, target)
            self._insert_row(target, record)
            self._total += 1
            self.endInsertRows()
        else:
            # Qt wants the row before which it goes, counted before the move.
            before = target if target < row else target + 1
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), before)
            self._delete_row(row)
            self._insert_row(target, record)
            self.endMoveRows()
            self._emit_row_changed(target)

    def _remove(self, portal_id: str) -> None:
        row = self._row_of.get(portal_id)
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            self._delete_row(row)
            self._total -= 1
            self.endRemoveRows()

    def _insert_row(self, row: int, record: PortalRecord) -> None:
        self._rows.insert(row, record)
        self._statuses.insert(row, None)
        self._texts.insert(row, None)
        self._index_rows()

    def _delete_row(self, row: int) -> None:
        del self._rows[row], self._statuses[row], self._texts[row]
        self._index_rows()

    def _index_rows(self) -> None:
        self._row_of = {record.portal_id: row for row, record in enumerate(self._rows)}
        self._groups = None

    def portal(self, row: int) -> PortalRecord:
        return self._rows[row]

    def row_of(self, portal_id: str) -> int | None:
        """The portal's row, or None if it isn't loaded."""
        return self._row_of.get(portal_id)

    def group(self, row: int) -> GroupPlace | None:
        """The row's place in its customer's group. None if rows aren't grouped."""
        if not self._is_grouped:
            return None
        if self._groups is None:
            self._groups = CustomerGroups(self._rows, are_all=len(self._rows) >= self._total)
        return self._groups.place(row)

    def status(self, row: int) -> PortalStatus:
        """The row's status at `now`."""
        status = self._statuses[row]
        if status is None:
            status = self._statuses[row] = self._rows[row].status(self._now)
        return status

    def texts(self, row: int) -> tuple[str, ...]:
        """The texts of the row's cells, in the order of `COLUMNS`."""
        texts = self._texts[row]
        if texts is None:
            texts = cell_texts(self._rows[row], self.status(row), self._now)
            self._texts[row] = texts
        return texts

    # Time

    @property
    def now(self) -> datetime:
        return self._now

    def set_shown(self, shown: bool) -> None:  # noqa: FBT001 - a Qt-style setter
        """Set whether a view is shown. Only then relative times are updated every minute."""
        self._is_shown = shown
        if shown:
            self._move_to(self._clock())
        self._restart_timer()

    def format_times_again(self) -> None:
        """Show the rows' times as they are written now."""
        self._texts = [None] * len(self._rows)
        self.times_passed.emit()

    def set_now(self, now: datetime) -> None:
        """Show the rows as they are at `now` (aware)."""
        back = now < self._now
        self._move_to(now)
        if back or not self._next_change_known or self._is_due(now):
            self._derive_statuses()
        self._start_timer()

    def _move_to(self, now: datetime) -> None:
        if now != self._now:
            self._now = now
            self.format_times_again()

    def _is_due(self, now: datetime) -> bool:
        return self._next_change is not None and now >= self._next_change

    def _derive_statuses(self) -> None:
        now, changed = self._now, []
        for row, portal in enumerate(self._rows):
            status = portal.status(now)
            if self._statuses[row] is not status:
                if self._statuses[row] is not None:
                    changed.append(row)
                self._statuses[row] = status
        self._next_change = min(
            (moment for portal in self._rows if (moment := portal.next_change(now))), default=None
        )
        self._next_change_known = True
        for row in changed:
            self._emit_row_changed(row)
        if changed:
            self.status_elapsed.emit()

    def _restart_timer(self) -> None:
        # The statuses of a whole page are computed only after the page was painted.
        self._next_change_known = False
        self._timer.start(_AFTER_PAINT_MS)

    def _start_timer(self) -> None:
        wait = _MINUTE if self._is_shown else _LONGEST_WAIT
        if self._next_change is not None:
            wait = min(wait, self._next_change - self._now)
        # Timers stop while the machine sleeps, hence the upper limit.
        if self._rows:
            self._timer.start(max(1, round(wait / timedelta(milliseconds=1))))

    def _on_timeout(self) -> None:
        self.set_now(self._clock() if self._next_change_known else self._now)

    def _emit_row_changed(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    # QAbstractTableModel

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else _NO_FLAGS

    def data(self, index: Index, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own variant
        row = index.row()
        if not 0 <= row < len(self._rows):
            return None
        if role == _DISPLAY:
            return self.texts(row)[index.column()]
        if role == _USER:
            return self._rows[row]
        if role == _TOOL_TIP:
            return tooltip(self._rows[row], COLUMNS[index.column()], self.status(row))
        if role == _ACCESSIBLE_TEXT:
            column, text = COLUMNS[index.column()], self.texts(row)[index.column()]
            return spoken_cell(self._rows[row], column, self.status(row), text)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:  # noqa: ANN401 - Qt's own variant
        if role == _ACCESSIBLE_TEXT and orientation != _HORIZONTAL and section < len(self._rows):
            # A screen reader speaks a row's header once, before the cells.
            return spoken_row(
                self._rows[section], self.status(section), self._now, self.group(section)
            )
        if orientation != _HORIZONTAL or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role in (_DISPLAY, _ACCESSIBLE_TEXT):
            return COLUMN_TITLES[column]
        if role == _TEXT_ALIGNMENT:
            return _LEADING
        if role == _INITIAL_SORT_ORDER:
            newest_first = column in NEWEST_FIRST
            return Qt.SortOrder.DescendingOrder if newest_first else Qt.SortOrder.AscendingOrder
        return None

    def canFetchMore(self, parent: Index) -> bool:
        loaded = len(self._rows)
        return not parent.isValid() and loaded < self._total and self._wanted_offset != loaded

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._wanted_offset = len(self._rows)
            self.more_wanted.emit(self._wanted_offset)
