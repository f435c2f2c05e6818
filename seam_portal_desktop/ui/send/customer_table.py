"""The customers that get a message: whom each is sent to, and whether it can be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import one_line
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import plain_tooltip
from seam_portal_desktop.ui.toolkit.theme import Tone, set_kind

Index = QModelIndex | QPersistentModelIndex

_TITLES = (_("Customer"), _("Send to"), _("State"))
_STATE_COLUMN = 2
_MOST_LINES = 8


@dataclass(frozen=True, slots=True, repr=False)
class CustomerRow:
    """One line. `icon`, `tone` and `state` say whether it can be sent; `hover` says why not."""

    customer: str
    people: str
    icon: str
    tone: Tone
    state: str
    hover: str = ""


class CustomerTable(QTableView):
    """One row is always selected: its message is shown, and its recipients can be changed."""

    row_chosen = Signal(int)

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = _CustomerModel(icons, self)
        self.setModel(self._model)
        self.setAccessibleName(_("Customers"))
        set_kind(self, "sheet")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_STATE_COLUMN, QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 8)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().currentRowChanged.connect(
            lambda current, _before: self.row_chosen.emit(current.row())
        )

    def set_rows(self, rows: Sequence[CustomerRow]) -> None:
        """Show these; a row stays selected."""
        self._model.set_rows(rows)
        if not self.currentIndex().isValid() and rows:
            self.select(0)
        line = self.verticalHeader().defaultSectionSize()
        shown = min(len(rows), _MOST_LINES)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * line + 4)

    def select(self, row: int) -> None:
        self.selectionModel().setCurrentIndex(
            self._model.index(row, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )


class _CustomerModel(QAbstractTableModel):
    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = icons
        self._rows: list[CustomerRow] = []

    def set_rows(self, rows: Sequence[CustomerRow]) -> None:
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        for at, row in enumerate(rows):
            if row != self._rows[at]:
                self._rows[at] = row
                self.dataChanged.emit(self.index(at, 0), self.index(at, _STATE_COLUMN))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_TITLES)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        texts = (row.customer, row.people, row.state)
        is_state = index.column() == _STATE_COLUMN
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(texts[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(row.hover if is_state and row.hover else texts[index.column()])
        if role == Qt.ItemDataRole.DecorationRole and is_state:
            return self._icons.icon(row.icon, row.tone)
        return None
