"""Above the page: reload or stop, the masked address, open in the browser, the progress."""

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
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QStyle,
    QStyleOptionFrame,
    QToolButton,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.security.addresses import MaskedAddress, PageSecurity
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_SECURITY = {
    PageSecurity.ENCRYPTED: ("lock", Tone.SUCCESS, _("Encrypted connection")),
    PageSecurity.THIS_MACHINE: (
        "laptop",
        Tone.NEUTRAL,
        _("Not encrypted, but never leaves this machine"),
    ),
    PageSecurity.NONE: ("lock-open", Tone.DANGER, _("Not encrypted")),
}
_NO_ADDRESS = ("globe", Tone.NEUTRAL, _("No page is open"))


class AddressBar(QWidget):
    """Buttons and the address. It gets only the masked address, so no more can leak from it.

    The ``close_button`` is hidden at first.
    """

    reload_requested = Signal()
    stop_requested = Signal()
    open_requested = Signal()
    close_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._loading = False
        self._chosen = False
        self._reload = self._button("refresh-cw", _("Reload"), None)
        self._reload.clicked.connect(self._reload_or_stop)
        self._field = _AddressField(theme, icons)
        self._open = self._button("external-link", _("Open in browser"), self.open_requested)
        self.close_button = self._button("x", _("Close this preview"), self.close_requested)
        self.close_button.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Spacing.S, Spacing.S, Spacing.S, Spacing.S)
        layout.setSpacing(Spacing.XS)
        layout.addWidget(self._reload)
        layout.addWidget(self._field, 1)
        layout.addWidget(self._open)
        layout.addWidget(self.close_button)
        self.set_loading(loading=False)
        self.set_usable(reload=False, open_externally=False)

    def set_address(self, address: MaskedAddress | None) -> None:
        self._field.set_address(address)

    def focus_field(self) -> None:
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_loading(self, *, loading: bool) -> None:
        self._loading = loading
        words = _("Stop loading") if loading else _("Reload")
        self._reload.setIcon(self._icons.icon("x" if loading else "refresh-cw"))
        self._reload.setToolTip(words)
        self._reload.setAccessibleName(words)

    def set_usable(self, *, reload: bool, open_externally: bool) -> None:
        self._reload.setEnabled(reload)
        self._open.setEnabled(open_externally)

    def set_chosen(self, *, chosen: bool) -> None:
        """Mark this bar as the chosen view's, if there are two."""
        self._chosen = chosen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        if self._chosen:
            painter = QPainter(self)
            painter.fillRect(0, 0, self.width(), Spacing.XS // 2, self._theme.color(Tone.ACCENT))
            painter.end()

    def _reload_or_stop(self) -> None:
        (self.stop_requested if self._loading else self.reload_requested).emit()

    def _button(self, icon: str, words: str, signal: object) -> QToolButton:
        button = QToolButton()
        set_kind(button, "quiet")
        button.setIcon(self._icons.icon(icon))
        side = self.fontMetrics().height() + Spacing.XS // 2
        button.setIconSize(QSize(side, side))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if signal is not None:
            button.clicked.connect(signal)
        return button


class LoadBar(QWidget):
    """Shows the progress of a load. At 0 and 100 percent it is only a line below the address."""

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


class _AddressField(QLineEdit):
    """An icon for the connection's security, the host, and the path in grey. Read only."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._address: MaskedAddress | None = None
        self.setReadOnly(True)
        self.setDragEnabled(False)
        self.setAccessibleName(_("Address, without its secret part"))
        self._security = self.addAction(
            icons.icon("globe"), QLineEdit.ActionPosition.LeadingPosition
        )
        theme.changed.connect(self._update_layout)
        self.set_address(None)

    def set_address(self, address: MaskedAddress | None) -> None:
        self._address = address
        icon, tone, words = _SECURITY[address.security] if address else _NO_ADDRESS
        self._security.setIcon(self._icons.icon(icon, tone))
        self._security.setToolTip(words)
        self._security.setText(words)
        self.setToolTip(f"{address.text}\n{words}" if address else "")
        self.setAccessibleDescription(words)
        self._update_layout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def _update_layout(self) -> None:
        """Drop the path if there is no room for it, then the host's beginning, not its end.

        The end of a host shows who owns it.
        """
        if self._address is None:
            self.clear()
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        style, element = self.style(), QStyle.SubElement.SE_LineEditContents
        icon = style.pixelMetric(QStyle.PixelMetric.PM_LineEditIconSize, option, self)
        inside = style.subElementRect(element, option, self).width()
        room = max(0, inside - icon - 2 * Spacing.S)
        metrics = self.fontMetrics()
        host, path = self._address.host, self._address.path
        if metrics.horizontalAdvance(host + path) > room:
            path = ""
            host = metrics.elidedText(host, Qt.TextElideMode.ElideLeft, room)
        self.setText(host + path)
        self.setCursorPosition(0)
        self._set_muted(len(host), len(path))

    def _set_muted(self, start: int, length: int) -> None:
        # The one way to give a part of a QLineEdit's text a colour of its own.
        form = QTextCharFormat()
        form.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        kind = QInputMethodEvent.AttributeType.TextFormat
        attributes = [QInputMethodEvent.Attribute(kind, start, length, form)] if length else []
        QCoreApplication.sendEvent(self, QInputMethodEvent("", attributes))
