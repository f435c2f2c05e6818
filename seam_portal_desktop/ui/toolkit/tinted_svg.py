"""An SVG drawn in a colour of the theme, crisp at any scale."""

# Not part of icons.py, which is imported before the first paint: this file takes 2.4 ms to import.

from __future__ import annotations

from typing import ClassVar

import shiboken6
from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.ui.toolkit.theme import Theme, Tone


class TintedSvg(QIconEngine):
    """Draws `source` in the text's colour, in a tone's, or for a background that a tone fills."""

    # PySide gives a clone to Qt but doesn't keep the clone's Python object alive. Qt's next virtual
    # call then segfaults (seen with 6.11.3: QIcon.setIsMask on a shared icon, then pixmap). So this
    # list keeps the Python objects. Qt deletes the C++ objects itself.
    _clones: ClassVar[list[TintedSvg]] = []

    def __init__(self, source: str, theme: Theme, tone: Tone | None, *, on_solid: bool) -> None:
        super().__init__()
        self._on_solid = on_solid
        self._source = source
        self._theme = theme
        self._tone = tone

    def clone(self) -> QIconEngine:
        self._clones[:] = [clone for clone in self._clones if shiboken6.isValid(clone)]
        clone = TintedSvg(self._source, self._theme, self._tone, on_solid=self._on_solid)
        self._clones.append(clone)
        return clone

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        _draw(self._source, self._color(mode), painter, rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:  # noqa: ARG002
        return render(self._source, self._color(mode), size)

    def addPixmap(self, pixmap: QPixmap | QImage, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Nothing to add to: the SVG serves every size."""

    def _color(self, mode: QIcon.Mode) -> QColor:
        palette = QApplication.palette()
        if mode is QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        if self._on_solid:
            return self._theme.on_solid()
        if mode is QIcon.Mode.Selected and self._tone is None:
            return palette.color(QPalette.ColorRole.HighlightedText)
        if self._tone is not None:
            return self._theme.color(self._tone)
        return palette.color(QPalette.ColorRole.WindowText)


def render(source: str, color: QColor, size: QSize) -> QPixmap:
    """The SVG in `color`; `size` in pixels."""
    pixmap = QPixmap(size)
    if pixmap.isNull():  # a button without any room asks for an icon of no pixels
        return pixmap
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _draw(source, color, painter, QRect(QPoint(0, 0), size))
    painter.end()
    return pixmap


def _draw(source: str, color: QColor, painter: QPainter, rect: QRect) -> None:
    side = min(rect.width(), rect.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(QRectF(rect).center())
    tinted = source.replace("currentColor", color.name())
    QSvgRenderer(QByteArray(tinted.encode())).render(painter, square)
