"""The link of a portal, masked until it is asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QStackedLayout, QWidget

from seam_portal_desktop.domain.secret import MASK, Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconButton, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing


class LinkRow(QWidget):
    """The mask and the eye button.

    A shown link is hidden again after `reveal_seconds`. Ctrl+C in the shown link emits
    `copy_requested`: every copy has the clipboard's time limit.
    """

    reveal_requested = Signal()
    copy_requested = Signal()

    def __init__(
        self, icons: Icons, parent: QWidget | None = None, *, reveal_seconds: float
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._mask = ElidedLabel()
        self._eye = IconButton(icons.icon("eye"), _("Show the link"))
        self._eye.clicked.connect(self.toggle)
        self._line = _ShownLink()
        self._line.copy_requested.connect(self.copy_requested)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(reveal_seconds * 1000))
        self._timer.timeout.connect(self.hide_url)
        self._make_layout()
        self.hide_url()

    def set_host(self, host: str | None) -> None:
        """`host` is the public part of the link."""
        self._mask.set_full_text(f"{host}/{MASK}" if host else MASK)
        self._mask.setAccessibleName(
            _("Link on {host}, hidden").format(host=host) if host else _("Link, hidden")
        )

    def set_url(self, url: Secret) -> None:
        """Show the whole link until it is hidden again."""
        self._line.setText(url.reveal())
        self._line.setCursorPosition(0)
        self._pages.setCurrentWidget(self._line)
        self._update_eye()
        self._timer.start()

    def hide_url(self) -> None:
        """Mask the link and remove it from the widget."""
        self._timer.stop()
        self._line.wipe()
        self._pages.setCurrentWidget(self._mask)
        self._update_eye()

    @property
    def is_revealed(self) -> bool:
        return self._pages.currentWidget() is self._line

    def toggle(self) -> None:
        if self.is_revealed:
            self.hide_url()
        else:
            self.reveal_requested.emit()

    def tab_order(self) -> list[QWidget]:
        return [self._line, self._eye]

    def _make_layout(self) -> None:
        holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pages = QStackedLayout(holder)
        self._pages.addWidget(self._mask)
        self._pages.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        row.addWidget(IconView(self._icons.icon("link")))
        row.addWidget(holder, 1)
        row.addWidget(self._eye)

    def _update_eye(self) -> None:
        text = _("Hide the link") if self.is_revealed else _("Show the link")
        self._eye.set_icon_and_name(
            self._icons.icon("eye-off" if self.is_revealed else "eye"), text
        )


class _ShownLink(QLineEdit):
    """The unmasked link, read-only."""

    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(_("Link"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)

    def wipe(self) -> None:
        # Selecting with the mouse put the text into X11's selection.
        clipboard = QGuiApplication.clipboard()
        if self.hasSelectedText() and clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)
        self.setText("")  # clear() would keep it in the undo history
