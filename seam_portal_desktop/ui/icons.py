"""The outline icon set (Lucide), tinted from the palette and drawn crisp at any scale."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.paths import resource
from seam_portal_desktop.ui.theme import Theme, Tone


class Icons:
    """Gives icons by Lucide's file name. They follow the scheme: colours are looked up on paint."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._sources: dict[str, str] = {}

    def icon(self, name: str, tone: Tone | None = None) -> QIcon:
        """An icon in the text's colour, or in a tone's. An unknown name raises at once."""
        if name not in self._sources:
            self._sources[name] = resource(f"icons/{name}.svg").read_text("utf-8")
        return QIcon(_TintedSvg(self._sources[name], self._theme, tone))


class _TintedSvg(QIconEngine):
    def __init__(self, source: str, theme: Theme, tone: Tone | None) -> None:
        super().__init__()
        self._source = source
        self._theme = theme
        self._tone = tone

    def clone(self) -> QIconEngine:
        return _TintedSvg(self._source, self._theme, self._tone)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        source = self._source.replace("currentColor", self._color(mode).name())
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        QSvgRenderer(QByteArray(source.encode())).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def _color(self, mode: QIcon.Mode) -> QColor:
        palette = QApplication.palette()
        if mode is QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        if mode is QIcon.Mode.Selected and self._tone is None:
            return palette.color(QPalette.ColorRole.HighlightedText)
        if self._tone is not None:
            return self._theme.color(self._tone)
        return palette.color(QPalette.ColorRole.WindowText)
