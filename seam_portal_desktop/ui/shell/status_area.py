"""The bottom of the window: messages, progress, errors and a permanent state."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.busy_bar import BusyBar, ask_for_attention
from seam_portal_desktop.ui.toolkit.errors import ErrorStrip, StatusAction
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

__all__ = ["StatusAction", "StatusArea"]

MESSAGE_SECONDS = 6.0
_TONE_ICONS = {
    Tone.SUCCESS: "check",
    Tone.WARNING: "triangle-alert",
    Tone.DANGER: "circle-x",
}


@dataclass(slots=True)
class _Message:
    text: str
    tone: Tone
    icon: str
    action: StatusAction | None
    remaining_ms: int


class StatusArea(QWidget):
    """Messages that disappear, progress, errors that stay, and a permanent state on the right.

    It never takes the focus. Errors have a strip of their own above the line, so a later message
    doesn't hide them. A message with an action (Undo) comes back after a newer message, for the
    time that it had left; its time stops while the pointer or the focus is on it. `withdraw`
    removes it as soon as there is nothing to undo. When one action takes the place of another, the
    button does nothing for the time of a double click: that click was meant for the first one.
    """

    focus_lost = Signal()
    """The button that had the focus is hidden now."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._messages: list[_Message] = []
        self._progress_text = ""
        self._progress_action: StatusAction | None = None
        self._shown_action: StatusAction | None = None
        self._since_replaced = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._remove_message)
        self.setAccessibleName(_("Status"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

        self.errors = ErrorStrip(theme, icons)
        self.errors.focus_lost.connect(self.focus_lost)
        self._icon = IconView()
        self.text = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._action = QPushButton()
        set_kind(self._action, "link")
        self._action.clicked.connect(self._run_action)
        self._action.installEventFilter(self)
        self._bar = BusyBar(theme)
        self._permanent_icon = IconView()
        self._permanent = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        set_kind(self._permanent, "muted")
        self._make_layout()
        theme.changed.connect(self._update_sizes)
        self._update_sizes()
        self._show_top()

    def show_message(
        self,
        text: str,
        *,
        tone: Tone = Tone.SUCCESS,
        icon: str | None = None,
        seconds: float = MESSAGE_SECONDS,
        action: StatusAction | None = None,
    ) -> None:
        """Show `text` for `seconds`. The default icon depends on the tone."""
        self._stop_timer()
        self._messages = [waiting for waiting in self._messages if waiting.action is not None]
        icon = icon or _TONE_ICONS.get(tone, "info")
        self._messages.append(_Message(text, tone, icon, action, round(seconds * 1000)))
        self._show_top()
        announce(self, f"{text} {action.text}" if action else text)

    def withdraw(self, action: StatusAction) -> None:
        """Remove the message with `action`, if it is still there: it has nothing to do now."""
        self._stop_timer()
        self._messages = [waiting for waiting in self._messages if waiting.action is not action]
        self._show_top()

    def show_progress(
        self, text: str, *, action: StatusAction | None = None, over_messages: bool = False
    ) -> None:
        """Show progress until `end_progress`; messages hide it meanwhile.

        With an `action` (Stop), earlier messages that have none are removed, or they would hide
        the action. With `over_messages` all of them are.
        """
        was_shown = bool(self._progress_text)
        if over_messages:
            self._messages.clear()
        elif action is not None:
            self._messages = [waiting for waiting in self._messages if waiting.action is not None]
        self._progress_text = text
        self._progress_action = action
        self._show_top()
        if not was_shown:
            announce(self, text)

    def end_progress(self) -> None:
        self._progress_text = ""
        self._progress_action = None
        self._show_top()
        ask_for_attention(self)

    def show_error(self, error: UserFacingError, *, action: StatusAction | None = None) -> None:
        """Show `error` until it is dismissed."""
        self.errors.push(error, action)
        announce(self, str(error), urgent=True)

    def set_permanent(
        self, text: str, *, icon: str, tone: Tone = Tone.NEUTRAL, tooltip: str = ""
    ) -> None:
        """Show a state on the right, such as 'All links saved'; `tooltip` explains it."""
        self._permanent_icon.set_icon(self._icons.icon(icon, tone))
        self._permanent.set_full_text(text, hover=tooltip)
        self._permanent_icon.setToolTip(tooltip)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched in (self._line, self._action):
            if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
                self._stop_timer()
            elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
                self._start_timer()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - one line is painted
        painter = QPainter(self)
        painter.setPen(self._theme.border())
        painter.drawLine(self.rect().topLeft(), self.rect().topRight())
        painter.end()

    def _make_layout(self) -> None:
        self._line = QWidget()
        self._line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._line.installEventFilter(self)
        line = QHBoxLayout(self._line)
        line.setContentsMargins(Spacing.M, Spacing.XS, Spacing.M, Spacing.XS)
        line.setSpacing(Spacing.S)
        line.addWidget(self._icon)
        line.addWidget(self.text)
        line.addWidget(self._action)
        line.addWidget(self._bar)
        line.addStretch(1)
        line.addWidget(self._permanent_icon)
        line.addWidget(self._permanent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 1, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.errors)
        rows.addWidget(self._line)

    def _update_sizes(self) -> None:
        height = self.fontMetrics().height()
        self._bar.setFixedWidth(height * 5)
        self._line.setMinimumHeight(height + 2 * Spacing.S)

    def _show_top(self) -> None:
        top = self._messages[-1] if self._messages else None
        busy = top is None and bool(self._progress_text)
        if top is not None:
            self._icon.set_icon(self._icons.icon(top.icon, top.tone))
        elif busy:
            self._icon.set_icon(self._icons.icon("loader", Tone.INFO))
        self._icon.setVisible(top is not None or busy)
        self.text.set_full_text(top.text if top else self._progress_text)
        self._bar.setVisible(busy)
        if busy:
            self._bar.start()
        else:
            self._bar.stop()
        action = top.action if top else self._progress_action
        had_focus = self._action.hasFocus()
        self._action.setVisible(action is not None)
        if had_focus and action is None:
            self.focus_lost.emit()
        if action is not None:
            self._action.setText(action.text)
            if self._shown_action not in (None, action):
                self._since_replaced.start()
        self._shown_action = action
        self._timer.stop()
        self._start_timer()

    def _stop_timer(self) -> None:
        if self._timer.isActive():
            self._messages[-1].remaining_ms = max(0, self._timer.remainingTime())
            self._timer.stop()

    def _start_timer(self) -> None:
        if self._messages and not (self._line.underMouse() or self._action.hasFocus()):
            self._timer.start(self._messages[-1].remaining_ms)

    def _remove_message(self) -> None:
        if self._messages:
            self._messages.pop()
        self._show_top()

    def _run_action(self) -> None:
        replaced = self._since_replaced
        if replaced.isValid() and not replaced.hasExpired(QApplication.doubleClickInterval()):
            return
        action = self._messages[-1].action if self._messages else self._progress_action
        self._timer.stop()
        self._remove_message()
        if action is not None:
            action.run()
