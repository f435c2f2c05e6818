"""The row above the page: reload or stop, the masked address, open in the browser."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import (
    QInputMethodEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton, QWidget

from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.preview.request_policy import MaskedAddress, Security
from seam_portal_desktop.ui.theme import RADIUS, Space, Theme, Tone

_SECURITY = {
    Security.ENCRYPTED: ("lock", Tone.SUCCESS, "Encrypted connection"),
    Security.THIS_MACHINE: ("laptop", Tone.NEUTRAL, "Not encrypted, but never leaves this machine"),
}


class AddressBar(QWidget):
    """Buttons and the address. Knows only the masked address, so no more can leak from it."""

    reload_requested = Signal()
    stop_requested = Signal()
    open_requested = Signal()
    back_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._loading = False
        self._back = self._button("arrow-left", "Back to the list", self.back_requested)
        self._back.hide()
        self._reload = self._button("refresh-cw", "Reload", None)
        self._reload.clicked.connect(self._reload_or_stop)
        self._line = _AddressField(theme, icons)
        self._open = self._button("external-link", "Open in browser", self.open_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.XS)
        for widget in (self._back, self._reload):
            layout.addWidget(widget)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._open)
        self.set_loading(loading=False)
        self.set_usable(reload=False, open_externally=False)

    def set_address(self, address: MaskedAddress | None) -> None:
        self._line.set_address(address)

    def set_loading(self, *, loading: bool) -> None:
        self._loading = loading
        words = "Stop loading" if loading else "Reload"
        self._reload.setIcon(self._icons.icon("x" if loading else "refresh-cw"))
        self._reload.setToolTip(words)
        self._reload.setAccessibleName(words)

    def set_usable(self, *, reload: bool, open_externally: bool) -> None:
        self._reload.setEnabled(reload)
        self._open.setEnabled(open_externally)

    def set_back_visible(self, *, visible: bool) -> None:
        self._back.setVisible(visible)

    def _reload_or_stop(self) -> None:
        (self.stop_requested if self._loading else self.reload_requested).emit()

    def _button(self, icon: str, words: str, signal: object) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIcon(self._icons.icon(icon))
        side = self.fontMetrics().height() + Space.XS // 2
        button.setIconSize(QSize(side, side))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if signal is not None:
            button.clicked.connect(signal)
        return button


class _AddressField(QFrame):
    """A calm pill: how safe the connection is, the host, and a muted rest."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._address: MaskedAddress | None = None
        self._text = QLineEdit()
        self._text.setFrame(False)
        self._text.setReadOnly(True)
        self._text.setDragEnabled(False)
        self._text.setPlaceholderText("No page")
        self._text.setAccessibleName("Address, without its secret part")
        palette = self._text.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self._text.setPalette(palette)
        self._safety = self._text.addAction(
            icons.icon("globe", Tone.NEUTRAL), QLineEdit.ActionPosition.LeadingPosition
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.XS, Space.XS // 2, Space.XS, Space.XS // 2)
        layout.addWidget(self._text)
        theme.changed.connect(self._dress)
        self._dress()

    def set_address(self, address: MaskedAddress | None) -> None:
        self._address = address
        icon, tone, words = _SECURITY[address.security] if address else ("globe", Tone.NEUTRAL, "")
        self._safety.setIcon(self._icons.icon(icon, tone))
        self._safety.setToolTip(words)
        self._safety.setText(words)
        self._text.setToolTip(f"{words}: {address.text}" if address else "")
        self._text.setAccessibleDescription(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Window))
        focused = self._text.hasFocus()
        painter.setPen(self._theme.color(Tone.ACCENT) if focused else self._theme.border())
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)

    def _fit(self) -> None:
        """Give up the path first, then the host's beginning: its end says whose it is."""
        if self._address is None:
            self._text.clear()
            return
        metrics = self._text.fontMetrics()
        room = max(0, self._text.width() - metrics.height() - 3 * Space.S)
        host, path = self._address.host, self._address.path
        if metrics.horizontalAdvance(host + path) > room:
            path = ""
            host = metrics.elidedText(host, Qt.TextElideMode.ElideLeft, room)
        self._text.setText(host + path)
        self._text.setCursorPosition(0)
        self._mute(len(host), len(path))

    def _mute(self, start: int, length: int) -> None:
        # The one way to give parts of a QLineEdit's text a colour of their own.
        form = QTextCharFormat()
        form.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        kind = QInputMethodEvent.AttributeType.TextFormat
        attributes = [QInputMethodEvent.Attribute(kind, start, length, form)] if length else []
        QCoreApplication.sendEvent(self._text, QInputMethodEvent("", attributes))

    def _dress(self) -> None:
        palette = self._text.palette()
        color = self.palette().color(QPalette.ColorRole.Text)
        palette.setColor(QPalette.ColorRole.Text, color)
        self._text.setPalette(palette)
        self._fit()
        self.update()
