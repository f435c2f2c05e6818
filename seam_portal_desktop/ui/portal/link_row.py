"""The link of a portal, masked until it is asked for, with its two buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from seam_portal_desktop.domain.secret import MASK, Secret
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconButton, IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

_WIDE_CHARACTERS = 70


class LinkRow(QWidget):
    """Mask, eye button, 'Copy link' and 'Mark as sent…'.

    A shown link is hidden again after `reveal_seconds`. Ctrl+C in the shown link presses `copy`:
    every copy has the clipboard's time limit.
    """

    reveal_requested = Signal()

    def __init__(
        self, icons: Icons, parent: QWidget | None = None, *, reveal_seconds: float
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._sent = False
        self._copy_is_primary = True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._mask = ElidedLabel()
        self._eye = IconButton(icons.icon("eye"), "Show the link")
        self._eye.clicked.connect(self.toggle)
        self.copy = QPushButton("Copy link")
        self._line = _ShownLink(self.copy)
        self.send = QPushButton("Mark as sent…")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(reveal_seconds * 1000))
        self._timer.timeout.connect(self.hide_url)
        self._make_layout()
        self.hide_url()

    def set_state(self, host: str | None, *, live: bool, sent: bool) -> None:
        """`host` is the public part of the link. Only a live link can be copied and sent."""
        self._mask.set_full_text(f"{host}/{MASK}" if host else MASK)
        self._mask.setAccessibleName(f"Link on {host}, hidden" if host else "Link, hidden")
        self.copy.setVisible(live)
        self.send.setVisible(live and not sent)
        self._sent = sent
        self._update_copy()

    def set_copy_primary(self, primary: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Whether 'Copy link' is the primary button; never for a link that was sent."""
        self._copy_is_primary = primary
        self._update_copy()

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
        return [self._line, self._eye, self.copy, self.send]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def _make_layout(self) -> None:
        holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pages = QStackedLayout(holder)
        self._pages.addWidget(self._mask)
        self._pages.addWidget(self._line)
        link = QHBoxLayout()
        link.setSpacing(Spacing.S)
        link.addWidget(IconView(self._icons.icon("link")))
        link.addWidget(holder, 1)
        link.addWidget(self._eye)
        buttons = QHBoxLayout()
        buttons.setSpacing(Spacing.S)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.send)
        buttons.addStretch(1)
        self._link_and_buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._link_and_buttons.setContentsMargins(0, 0, 0, 0)
        self._link_and_buttons.setSpacing(Spacing.S)
        self._link_and_buttons.addLayout(link, 1)
        self._link_and_buttons.addLayout(buttons)

    def _update_layout(self) -> None:
        # A shown link gets the whole width, and a narrow panel has two lines.
        narrow = self.width() < self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        self._link_and_buttons.setDirection(
            QBoxLayout.Direction.TopToBottom
            if narrow or self.is_revealed
            else QBoxLayout.Direction.LeftToRight
        )

    def _update_copy(self) -> None:
        kind = "primary" if self._copy_is_primary and not self._sent else "secondary"
        if self.copy.property("kind") != kind:
            set_kind(self.copy, kind)

    def _update_eye(self) -> None:
        self._update_layout()
        text = "Hide the link" if self.is_revealed else "Show the link"
        self._eye.set_icon_and_name(
            self._icons.icon("eye-off" if self.is_revealed else "eye"), text
        )


class _ShownLink(QLineEdit):
    """The unmasked link, read-only. Ctrl+C presses `copy`."""

    def __init__(self, copy: QPushButton) -> None:
        super().__init__()
        self._copy = copy
        self.setReadOnly(True)
        self.setAccessibleName("Link")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy.click()
        else:
            super().keyPressEvent(event)

    def wipe(self) -> None:
        # Selecting with the mouse put the text into X11's selection.
        clipboard = QGuiApplication.clipboard()
        if self.hasSelectedText() and clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)
        self.setText("")  # clear() would keep it in the undo history
