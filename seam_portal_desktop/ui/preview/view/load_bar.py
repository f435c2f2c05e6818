"""How far a page has come, as a thin line."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone


class LoadBar(QWidget):
    """Grows with the page; at 0 and 100 percent it is only the line below the address."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._percent = 0
        self.setFixedHeight(Spacing.XS // 2)

    def set_percent(self, percent: int) -> None:
        self._percent = percent % 100
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.border())
        if self._percent:
            width = self.width() * self._percent // 100
            painter.fillRect(0, 0, width, self.height(), self._theme.color(Tone.ACCENT))
        painter.end()
