"""The outline icon set (Lucide), tinted from the palette and drawn crisp at any scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import shiboken6
from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.paths import resource

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from seam_portal_desktop.ui.toolkit.theme import Theme, Tone

_CACHED_PIXMAPS = 256


class Icons:
    """Gives icons by Lucide's file name. They follow the scheme: colours are looked up on paint."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, int, float], QPixmap] = {}

    def icon(self, name: str, tone: Tone | None = None, *, on_solid: bool = False) -> QIcon:
        """An icon in the text's colour, in a tone's, or for a surface that a tone fills (such as
        a primary button). An unknown name raises at once."""
        drawn = QIcon(_TintedSvg(self._source(name), self._theme, tone, on_solid=on_solid))
        # A copy, for PySide makes the engine a child of the first QIcon's Python half alone. When
        # cyclic garbage takes that half, the engine's goes too, though Qt still holds the engine
        # in a button: the next paint or the end of the program segfaults (seen with 6.11.3).
        return QIcon(drawn)

    def pixmap(self, name: str, color: QColor, side: int, ratio: float) -> QPixmap:
        """The icon in `color`, `side` device-independent pixels square, for delegates.

        `ratio` is the device pixel ratio. The last few hundred are kept: a table paints the same
        dozen again and again.
        """
        key = (name, color.rgba(), side, ratio)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            if len(self._pixmaps) >= _CACHED_PIXMAPS:
                self._pixmaps.clear()
            pixmap = _render(self._source(name), color, QSize(side, side) * ratio)
            pixmap.setDevicePixelRatio(ratio)
            self._pixmaps[key] = pixmap
        return pixmap

    def _source(self, name: str) -> str:
        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = resource(f"icons/{name}.svg").read_text("utf-8")
        return source


class _TintedSvg(QIconEngine):
    """Draws `source` in the text's colour, in a tone's, or for a surface that a tone fills."""

    # PySide hands a clone to Qt without keeping its Python half alive, and Qt's next virtual call
    # segfaults (seen with 6.11.3: QIcon.setIsMask on a shared icon, then pixmap). Whatever Qt
    # may still hold is kept here; Qt deletes the C++ half itself.
    _clones: ClassVar[list[_TintedSvg]] = []

    def __init__(self, source: str, theme: Theme, tone: Tone | None, *, on_solid: bool) -> None:
        super().__init__()
        self._on_solid = on_solid
        self._source = source
        self._theme = theme
        self._tone = tone

    def clone(self) -> QIconEngine:
        self._clones[:] = [clone for clone in self._clones if shiboken6.isValid(clone)]
        clone = _TintedSvg(self._source, self._theme, self._tone, on_solid=self._on_solid)
        self._clones.append(clone)
        return clone

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        _draw(self._source, self._color(mode), painter, rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:  # noqa: ARG002
        return _render(self._source, self._color(mode), size)

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


def _render(source: str, color: QColor, size: QSize) -> QPixmap:
    """The SVG in `color`; `size` in pixels."""
    pixmap = QPixmap(size)
    if pixmap.isNull():  # a button that is being squeezed away asks for no pixels at all
        return pixmap
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _draw(source, color, painter, QRect(QPoint(0, 0), size))
    painter.end()
    return pixmap


def _draw(source: str, color: QColor, painter: QPainter, rect: QRect) -> None:
    from PySide6.QtSvg import QSvgRenderer  # loaded with the first icon, not before the window

    side = min(rect.width(), rect.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(QRectF(rect).center())
    tinted = source.replace("currentColor", color.name())
    QSvgRenderer(QByteArray(tinted.encode())).render(painter, square)
