"""A thin moving line for waits that are long enough to notice, and a sign at their end."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

BUSY_SHOWN_AFTER_MS = 150
"""A shorter wait shows nothing, because a short flash of progress only distracts."""


class _Attention:
    """There is one task bar for the program."""

    is_wanted = True


def set_attention_wanted(wanted: bool) -> None:  # noqa: FBT001 - a setter
    """Whether `ask_for_attention` does anything."""
    _Attention.is_wanted = wanted


def ask_for_attention(widget: QWidget) -> None:
    """Mark the window in the task bar, because work has ended, while another program is used."""
    is_used = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
    if is_used or not _Attention.is_wanted:
        return
    window = widget
    while (parent := window.parentWidget()) is not None:
        window = parent  # a dialog has no place in the task bar
    QApplication.alert(window)


class BusyBar(QWidget):
    """A thin line that moves while something is awaited. Hidden, it keeps its space."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.is_shown = False
        self.setFixedHeight(Spacing.XS // 2)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(BUSY_SHOWN_AFTER_MS)
        self._delay.timeout.connect(self._show)
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(1200)
        self._animation.setLoopCount(-1)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._animation.valueChanged.connect(self.update)

    def start(self) -> None:
        self._delay.start()

    def stop(self) -> None:
        self._delay.stop()
        self._animation.stop()
        self.is_shown = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if not self.is_shown:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRectF(self.rect())
        track = QColor(self._theme.color(Tone.ACCENT))
        track.setAlphaF(0.18)
        painter.fillRect(line, track)
        if self._animation.state() is QVariantAnimation.State.Running:
            part = line.width() / 3
            line = QRectF(
                self._animation.currentValue() * (line.width() + part) - part, 0, part, 99
            )
        painter.setBrush(self._theme.color(Tone.ACCENT))
        painter.drawRect(line.intersected(QRectF(self.rect())))

    def _show(self) -> None:
        self.is_shown = True
        # The line doesn't move if the system asks for no motion.
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0:
            self._animation.start()
        self.update()
