"""A thin moving line for waits that are long enough to be noticed."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QWidget

from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

BUSY_SHOWN_AFTER_MS = 150
"""A wait shorter than this shows nothing: a flash of progress is worse than none."""


class BusyBar(QWidget):
    """A thin line that moves while something is awaited. It always takes its room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown = False
        self.setFixedHeight(Spacing.XS // 2)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(BUSY_SHOWN_AFTER_MS)
        self._delay.timeout.connect(self._appear)
        self._motion = QVariantAnimation(self)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.setDuration(1200)
        self._motion.setLoopCount(-1)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._motion.valueChanged.connect(self.update)

    @property
    def is_shown(self) -> bool:
        return self._shown

    def start(self) -> None:
        self._delay.start()

    def stop(self) -> None:
        self._delay.stop()
        self._motion.stop()
        self._shown = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if not self._shown:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRectF(self.rect())
        track = QColor(self._theme.color(Tone.ACCENT))
        track.setAlphaF(0.18)
        painter.fillRect(line, track)
        if self._motion.state() is QVariantAnimation.State.Running:
            part = line.width() / 3
            line = QRectF(self._motion.currentValue() * (line.width() + part) - part, 0, part, 99)
        painter.setBrush(self._theme.color(Tone.ACCENT))
        painter.drawRect(line.intersected(QRectF(self.rect())))

    def _appear(self) -> None:
        self._shown = True
        # Who asked the system for no motion sees a still line.
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0:
            self._motion.start()
        self.update()
