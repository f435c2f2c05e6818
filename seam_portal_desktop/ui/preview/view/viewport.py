"""The area of the page: all of it, or a device's outline in the middle."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.settings import (
    EmulatedDevice,
    EmulationSettings,
    fitting_scale,
)
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, TextSize, Theme

_BEZEL = Spacing.XS
_AROUND = Spacing.XS // 2
_WHEEL_STEP = 120  # of an angle, see QWheelEvent


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
        self.ensureVisible(0, 0)
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

    def scroll_by_wheel(self, event: QWheelEvent) -> bool:
        """Scroll the device's outline. False if it is at its end, so that the page scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False  # that zooms
        moved = False
        steps = event.angleDelta()
        for bar, pixels, angle in (
            (self.horizontalScrollBar(), event.pixelDelta().x(), steps.x()),
            (self.verticalScrollBar(), event.pixelDelta().y(), steps.y()),
        ):
            before = bar.value()
            lines = QApplication.wheelScrollLines() * bar.singleStep()
            bar.setValue(before - (pixels or round(angle / _WHEEL_STEP * lines)))
            moved = moved or bar.value() != before
        return moved

    def _update_layout(self) -> None:
        device = self._settings.device
        # The size without scroll bars. Otherwise the scale would depend on the scroll bars, which
        # depend on the scale.
        room = self.maximumViewportSize()
        if device is None:
            self._set_scroll_bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._canvas.set_page_rect(room, None, "")
            page = QRect(0, 0, room.width(), room.height())
            scale = self._settings.zoom or 1.0
        else:
            self._set_scroll_bars(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            edge = self._canvas.edge()
            scale = self._settings.zoom or self._fitting(device, room.shrunkBy(edge))
            size = QSize(round(device.width * scale), round(device.height * scale))
            needed = size.grownBy(edge)
            canvas = needed.expandedTo(self._room_for(needed, room))
            page = QRect(
                (canvas.width() - size.width()) // 2,
                edge.top() + (canvas.height() - needed.height()) // 2,
                size.width(),
                size.height(),
            )
            text = _("{device} {width} × {height} at {scale} %").format(
                device=device.name,
                width=device.width,
                height=device.height,
                scale=round(scale * 100),
            )
            self._canvas.set_page_rect(canvas, page, text)
        if self._page is not None:
            self._page.setGeometry(page)
        if scale != self._scale:
            self._scale = scale
            self.scale_changed.emit(scale)

    def _fitting(self, device: EmulatedDevice, room: QSize) -> float:
        """The scale that uses all of `room`, also if a scroll bar takes some of it."""
        whole = self._settings.whole
        scale = fitting_scale(device, room.width(), room.height(), whole=whole)
        if device.height * scale <= room.height():
            return scale
        width = room.width() - self._bar_extent()
        return fitting_scale(device, width, room.height(), whole=whole)

    def _room_for(self, needed: QSize, room: QSize) -> QSize:
        """The room that scroll bars leave, where they are needed."""
        bar = self._bar_extent()
        tall = needed.height() > room.height()
        wide = needed.width() > room.width() - (bar if tall else 0)
        tall = needed.height() > room.height() - (bar if wide else 0)
        return QSize(room.width() - (bar if tall else 0), room.height() - (bar if wide else 0))

    def _bar_extent(self) -> int:
        return self.style().pixelMetric(self.style().PixelMetric.PM_ScrollBarExtent)

    def _set_scroll_bars(self, policy: Qt.ScrollBarPolicy) -> None:
        self.setVerticalScrollBarPolicy(policy)
        self.setHorizontalScrollBarPolicy(policy)


class _Canvas(QWidget):
    """Paints around the page: the device's outline, and above it its name, size and scale."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._page_rect: QRect | None = None
        self._text = ""
        theme.changed.connect(self.update)

    def edge(self) -> QMargins:
        """The room that the outline and its text need around the page."""
        side = _AROUND + _BEZEL
        return QMargins(side, self._line() + Spacing.XS + side, side, side)

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
        bottom = int(body.top()) - Spacing.XS
        # In the middle of what is seen before the device is panned.
        parent = self.parentWidget()
        width = min(self.width(), parent.width()) if parent is not None else self.width()
        line = QRect(0, bottom - self._line(), width, self._line())
        text = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def _line(self) -> int:
        return self.fontMetrics().height()
