"""The list of the kinds of customer data, each with its number of rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.domain.request.verticals import ANY, Vertical
from seam_portal_desktop.texts import _

_WIDTH_IN_CHARACTERS = 25
_NAME = Qt.ItemDataRole.UserRole


class KindList(QListWidget):
    """The vertical's own kinds first, then all others. `chosen` carries the name of a kind."""

    chosen = Signal(str)

    def __init__(self, count: Callable[[str], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count
        self._vertical = ANY
        self.setProperty("kind", "choices")
        self.setAccessibleName(_("Kinds of data"))
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.currentItemChanged.connect(self._on_current_changed)

    def names(self) -> list[str]:
        """The names of the kinds in their order."""
        names = [kind.name for kind in resource_kinds()]
        return [
            *self._vertical.kinds,
            *(each for each in names if each not in self._vertical.kinds),
        ]

    def show_vertical(self, vertical: Vertical, current: str) -> None:
        """Use that vertical's titles and order, and select `current` without emitting `chosen`."""
        self._vertical = vertical
        blocker = QSignalBlocker(self)
        for row, name in enumerate(self.names()):
            # The items stay: PySide crashes now and then when clear() deletes them.
            if row == self.count():
                self.addItem("")
            item = self.item(row)
            item.setData(_NAME, name)
            self._update_item(item)
            if name == current:
                self.setCurrentItem(item, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        blocker.unblock()

    def update_count(self, name: str) -> None:
        """Show the number of rows of that kind again."""
        item = self._item(name)
        if item is not None:
            self._update_item(item)

    def set_current_kind(self, name: str) -> None:
        item = self._item(name)
        if item is not None:
            self.setCurrentItem(item)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Rows that were laid out before the style sheet was set keep their old height.
        self.scheduleDelayedItemsLayout()

    def _item(self, name: str) -> QListWidgetItem | None:
        items = (self.item(row) for row in range(self.count()))
        return next((item for item in items if item.data(_NAME) == name), None)

    def _update_item(self, item: QListWidgetItem) -> None:
        name = item.data(_NAME)
        title, count = self._vertical.many(name), self._count(name)
        item.setText(f"{title} · {count}" if count else title)
        item.setToolTip(name)
        font = item.font()
        font.setBold(bool(count))
        item.setFont(font)

    def _on_current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_NAME))
