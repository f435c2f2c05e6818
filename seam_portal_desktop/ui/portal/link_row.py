"""The link of a portal: masked until asked, with the two things one does with it."""

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
    """Mask, eye, 'Copy link' and 'Mark as sent…'.

    A shown link is hidden again after `reveal_seconds`. Copying from the shown line asks for
    `copy_requested` too, so that no copy escapes the clipboard's time limit.
    """

    reveal_requested = Signal()
    copy_requested = Signal()
    send_requested = Signal()

    def __init__(
        self, icons: Icons, parent: QWidget | None = None, *, reveal_seconds: float
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._sent = False
        self._back = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._mask = ElidedLabel()
        self._line = _ShownLink()
        self._line.copy_requested.connect(self.copy_requested)
        self._eye = IconButton(icons.icon("eye"), "Show the link")
        self._eye.clicked.connect(self.toggle)
        self.copy = QPushButton("Copy link")
        self.copy.clicked.connect(self.copy_requested)
        self.send = QPushButton("Mark as sent…")
        self.send.clicked.connect(self.send_requested)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(reveal_seconds * 1000))
        self._timer.timeout.connect(self.hide_url)
        self._lay_out()
        self.hide_url()

    def set_state(self, host: str | None, *, live: bool, sent: bool) -> None:
        """`host` is the part of the link that is no secret; a dead link can only be looked at."""
        self._mask.set_full_text(f"{host}/{MASK}" if host else MASK)
        self._mask.setAccessibleName(f"Link on {host}, hidden" if host else "Link, hidden")
        self.copy.setVisible(live)
        self.send.setVisible(live and not sent)
        self._sent = sent
        self._restyle_copy()

    def step_back(self, *, back: bool) -> None:
        """Leave being the primary action to what has been opened beside this row."""
        self._back = back
        self._restyle_copy()

    def set_url(self, url: Secret) -> None:
        """Show the whole link until it is hidden again."""
        self._line.setText(url.reveal())
        self._line.setCursorPosition(0)
        self._pages.setCurrentWidget(self._line)
        self._revealed_or_not()
        self._timer.start()

    def hide_url(self) -> None:
        """Mask the link and forget it."""
        self._timer.stop()
        self._line.forget()
        self._pages.setCurrentWidget(self._mask)
        self._revealed_or_not()

    @property
    def is_revealed(self) -> bool:
        return self._pages.currentWidget() is self._line

    def toggle(self) -> None:
        if self.is_revealed:
            self.hide_url()
        else:
            self.reveal_requested.emit()

    def stops(self) -> list[QWidget]:
        """What the Tab key visits, in reading order."""
        return [self._line, self._eye, self.copy, self.send]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
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
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(Spacing.S)
        self._across.addLayout(link, 1)
        self._across.addLayout(buttons)

    def _arrange(self) -> None:
        # A link in clear gets the whole width, and a narrow panel two lines.
        narrow = self.width() < self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        self._across.setDirection(
            QBoxLayout.Direction.TopToBottom
            if narrow or self.is_revealed
            else QBoxLayout.Direction.LeftToRight
        )

    def _restyle_copy(self) -> None:
        kind = "secondary" if self._sent or self._back else "primary"
        if self.copy.property("kind") != kind:
            set_kind(self.copy, kind)

    def _revealed_or_not(self) -> None:
        self._arrange()
        text = "Hide the link" if self.is_revealed else "Show the link"
        self._eye.set_face(self._icons.icon("eye-off" if self.is_revealed else "eye"), text)


class _ShownLink(QLineEdit):
    """The link in clear, read-only."""

    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName("Link")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)

    def forget(self) -> None:
        # Selecting with the mouse put the text into X11's selection.
        clipboard = QGuiApplication.clipboard()
        if self.hasSelectedText() and clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)
        self.setText("")  # clear() would keep it in the undo history
