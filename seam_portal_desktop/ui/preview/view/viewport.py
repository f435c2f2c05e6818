"""The area of the page: all of it, or a device's outline in the middle."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from seam_portal_desktop.ui.preview.emulation.settings import EmulatedDevice, EmulationSettings
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, TextSize, Theme

_BEZEL = Spacing.S
_AROUND = Spacing.M
_SMALLEST_FIT = 0.15


class Viewport(QScrollArea):
    """Gives a page its device's size times the scale, and scrolls if that is larger than the area.

    `scale` is the size of a CSS pixel on the screen. `scale_changed` comes when it has changed.
    """

    scale_changed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = EmulationSettings()
        self._scale = 1.0
        self._page: QWidget | None = None
        self._canvas = _Canvas(theme)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._canvas)

    @property
    def scale(self) -> float:
        """The size of a CSS pixel on the screen."""
        return self._scale

    def set_page(self, page: QWidget) -> None:
        self._page = page
        page.setParent(self._canvas)
        self._update_layout()
        page.show()

    def remove_page(self, page: QWidget) -> None:
        page.hide()
        if self._page is page:
            self._page = None

    def set_emulation(self, settings: EmulationSettings) -> None:
        self._settings = settings
        self._update_layout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def _update_layout(self) -> None:
        device = self._settings.device
        # The size without scroll bars. Otherwise the scale would depend on the scroll bars, which
        # depend on the scale.
        room = self.maximumViewportSize()
        if device is None:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._canvas.set_page_rect(room, None, "")
            page = QRect(0, 0, room.width(), room.height())
            scale = self._settings.zoom or 1.0
        else:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            edge = self._canvas.edge()
            scale = self._settings.zoom or _fitting(device, room, edge)
            size = QSize(round(device.width * scale), round(device.height * scale))
            needed = size.grownBy(edge)
            canvas = needed.expandedTo(self._room_for(needed, room))
            page = QRect(
                (canvas.width() - size.width()) // 2,
                edge.top() + (canvas.height() - needed.height()) // 2,
                size.width(),
                size.height(),
            )
            text = f"{device.name}, {device.width} × {device.height} at {round(scale * 100)} %"
            self._canvas.set_page_rect(canvas, page, text)
        if self._page is not None:
            self._page.setGeometry(page)
        if scale != self._scale:
            self._scale = scale
            self.scale_changed.emit(scale)

    def _room_for(self, needed: QSize, room: QSize) -> QSize:
        """The room that scroll bars leave, where they are needed."""
        bar = self.style().pixelMetric(self.style().PixelMetric.PM_ScrollBarExtent)
        tall = needed.height() > room.height()
        wide = needed.width() > room.width() - (bar if tall else 0)
        tall = needed.height() > room.height() - (bar if wide else 0)
        return QSize(room.width() - (bar if tall else 0), room.height() - (bar if wide else 0))


def _fitting(device: EmulatedDevice, room: QSize, edge: QMargins) -> float:
    inside = room.shrunkBy(edge)
    scale = min(inside.width() / device.width, inside.height() / device.height, 1.0)
    return max(scale, _SMALLEST_FIT)


class _Canvas(QWidget):
    """Paints around the page: the device's outline, and below it the device's name and size."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._page_rect: QRect | None = None
        self._text = ""
        theme.changed.connect(self.update)

    def edge(self) -> QMargins:
        """The room that the outline and its text need around the page."""
        side = _AROUND + _BEZEL
        below = self._line() + Spacing.XS
        return QMargins(side, side, side, side + below)

    def set_page_rect(self, size: QSize, page_rect: QRect | None, text: str) -> None:
        self._page_rect = page_rect
        self._text = text
        self.setAccessibleName(text)
        self.resize(size)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.role(QPalette.ColorRole.Window))
        if self._page_rect is None:
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self._page_rect.marginsAdded(QMargins(*[int(_BEZEL)] * 4))).adjusted(
            0.5, 0.5, -0.5, -0.5
        )
        painter.setPen(QPen(self._theme.edge(), 1))
        painter.setBrush(self._theme.role(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(body, RADIUS * 2, RADIUS * 2)
        painter.setPen(self._theme.role(QPalette.ColorRole.PlaceholderText))
        painter.setFont(self._theme.font(TextSize.SMALL))
        line = QRect(0, int(body.bottom()) + Spacing.XS, self.width(), self._line())
        text = painter.fontMetrics().elidedText(
            self._text, Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def _line(self) -> int:
        return self.fontMetrics().height()
