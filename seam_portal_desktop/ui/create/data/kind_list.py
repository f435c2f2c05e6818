"""The kinds of customer data to choose from, each with how many rows it has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from seam_portal_desktop.ui.create.data.resources import resource_kinds
from seam_portal_desktop.ui.create.data.verticals import ANY, Vertical

_CHARACTERS = 25
_NAME = Qt.ItemDataRole.UserRole


class KindList(QListWidget):
    """The vertical's own kinds first, then all others. `chosen` carries the kind's name."""

    chosen = Signal(str)

    def __init__(self, count: Callable[[str], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count
        self._vertical = ANY
        self.setProperty("kind", "choices")
        self.setAccessibleName("Kinds of data")
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * _CHARACTERS)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.currentItemChanged.connect(self._tell)

    def names(self) -> list[str]:
        """The kinds in their order."""
        names = [kind.name for kind in resource_kinds()]
        return [
            *self._vertical.kinds,
            *(each for each in names if each not in self._vertical.kinds),
        ]

    def show_vertical(self, vertical: Vertical, current: str) -> None:
        """Use that line of business's words and order; `current` is chosen, and not told."""
        self._vertical = vertical
        quiet = QSignalBlocker(self)
        self.clear()
        for name in self.names():
            item = QListWidgetItem(self)
            item.setData(_NAME, name)
            self._write(item)
            if name == current:
                self.setCurrentItem(item, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        quiet.unblock()

    def refresh(self, name: str) -> None:
        """The number of rows of that kind has changed."""
        item = self._item(name)
        if item is not None:
            self._write(item)

    def choose(self, name: str) -> None:
        item = self._item(name)
        if item is not None:
            self.setCurrentItem(item)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Rows that were placed before the style sheet came would stay as low as without one.
        self.scheduleDelayedItemsLayout()

    def _item(self, name: str) -> QListWidgetItem | None:
        items = (self.item(place) for place in range(self.count()))
        return next((item for item in items if item.data(_NAME) == name), None)

    def _write(self, item: QListWidgetItem) -> None:
        name = item.data(_NAME)
        words, count = self._vertical.many(name), self._count(name)
        item.setText(f"{words} · {count}" if count else words)
        item.setToolTip(name)
        font = item.font()
        font.setBold(bool(count))
        item.setFont(font)

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_NAME))
