"""The base of the program's forms: a body that scrolls, one primary button, waiting."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout
from seam_portal_desktop.ui.toolkit.busy_bar import BUSY_SHOWN_AFTER_MS, BusyBar, ask_for_attention
from seam_portal_desktop.ui.toolkit.errors import ErrorCard
from seam_portal_desktop.ui.toolkit.form_parts import BodyScroll, heading, muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, set_kind

ASKING_SEAM = _("Asking Seam…")

LARGEST_DIALOG = QSize(960, 690)
"""Fits 1024 × 768 with a frame and a task bar."""


class FormDialog(QDialog):
    """A modal form. While it is busy, its fields are locked and its dismiss button cancels.

    Subclasses fill `body` and set the text of `submit_button`. They implement `submit` and
    `lock_fields` if the user types something or waits. The dialog stays busy after
    `cancel_requested` until its controller calls `set_busy(False)`.
    """

    cancel_requested = Signal()
    width_in_characters = 92
    grows = True
    """Whether the dialog grows with its body, as long as the screen is tall enough."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.icons = icons
        self._busy = False
        self._waiting_text = ""

        content = QWidget(self)
        self.error_card = ErrorCard(theme, icons, content)
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, Spacing.L)
        self.body.setSpacing(Spacing.S)
        self.body.addWidget(self.error_card)
        self.body_scroll = BodyScroll(content, self)
        self.body_scroll.grown.connect(self._grow_soon)

        self.busy_bar = BusyBar(theme, self)
        self.status = muted_label(parent=self)
        self._status_delay = QTimer(self)
        self._status_delay.setSingleShot(True)
        self._status_delay.setInterval(BUSY_SHOWN_AFTER_MS)
        self._status_delay.timeout.connect(lambda: self.status.setText(self._waiting_text))

        self._button_box = QDialogButtonBox(self)
        self.submit_button = _SubmitButton(self)
        self.submit_button.setObjectName("submitButton")
        self.submit_button.clicked.connect(self.submit)
        self.dismiss_button = QPushButton(_("Close"), self)
        self.dismiss_button.setObjectName("dismissButton")
        self.dismiss_button.clicked.connect(self.reject)
        self._button_box.addButton(self.submit_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self._button_box.addButton(self.dismiss_button, QDialogButtonBox.ButtonRole.RejectRole)
        self.dismiss_button.setAutoDefault(False)
        self.set_submit("OK", loud=False)

        footer = self._footer = QHBoxLayout()
        footer.setContentsMargins(Spacing.XL, Spacing.M, Spacing.XL, Spacing.L)
        footer.setSpacing(Spacing.M)
        footer.addWidget(self.status, 1)
        footer.addWidget(self._button_box)
        self.header = QVBoxLayout()
        self.header.setSpacing(0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self.header)
        outer.addWidget(self.body_scroll, 1)
        outer.addWidget(self.busy_bar)
        outer.addLayout(footer)
        width = self.fontMetrics().averageCharWidth() * self.width_in_characters
        self.resize(min(width, LARGEST_DIALOG.width()), 1)
        self._grow_soon()

    @property
    def is_busy(self) -> bool:
        return self._busy

    @property
    def is_submit_paused(self) -> bool:
        """Whether `pause_submit` was called a moment ago."""
        return self.submit_button.pause.isActive()

    def submit(self) -> None:
        """Called for the primary button and for Enter."""
        self.accept()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        """Keep the fields visible but read-only while `locked`."""

    def set_question(self, question: str, explanation: str) -> None:
        """Fill the body with a question and the consequences of a yes. "Keep" means no."""
        title = heading(question, self)
        title.setWordWrap(True)
        text = muted_label(explanation, wrap=True, parent=self)
        self.body.addWidget(title)
        self.body.addWidget(text)
        self.body.addStretch(1)
        self.dismiss_button.setText(_("Keep"))

    def set_submit(self, text: str, *, loud: bool) -> None:
        """Set the primary button's text. It is red if `loud`: it acts on production or deletes."""
        self.submit_button.setText(text)
        set_kind(self.submit_button, "danger" if loud else "primary")
        self.submit_button.setDefault(True)

    def pause_submit(self) -> None:
        """Ignore Ctrl+Enter, and the mouse at the primary button, for the time of a double click.

        The second press of two was meant for another dialog, whose button was at this place.
        """
        self.submit_button.pause.start(QApplication.doubleClickInterval())

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001 - a setter
        """Start or stop waiting: lock the fields, and show `text` and the busy bar."""
        if busy == self._busy:
            return
        self._busy = busy
        self.lock_fields(busy)
        self.dismiss_button.setEnabled(True)
        self.dismiss_button.setText(_("Cancel") if busy else _("Close"))
        self.submit_button.setEnabled(not busy)
        if busy:
            self.error_card.clear()
            self._waiting_text = text or ASKING_SEAM
            self._status_delay.start()
            self.busy_bar.start()
        else:
            ask_for_attention(self)
            self._status_delay.stop()
            self.status.clear()
            self.busy_bar.stop()

    def set_waiting_text(self, text: str) -> None:
        """Show the progress while the dialog is busy."""
        self._waiting_text = text
        if not self._status_delay.isActive():
            self.status.setText(text)

    def show_error(self, error: UserFacingError) -> None:
        """Stop waiting and show why it failed. The fields keep their texts."""
        self.set_busy(False)
        self.error_card.set_error(error)
        self.show_top()

    def show_top(self) -> None:
        """Scroll to the error card."""
        self.body_scroll.verticalScrollBar().setValue(0)

    def reject(self) -> None:
        """Close; while busy emit `cancel_requested` instead, once."""
        if not self._busy:
            super().reject()
        elif self.dismiss_button.isEnabled():
            self.dismiss_button.setEnabled(False)
            self._waiting_text = _("Cancelling…")
            self.status.setText(self._waiting_text)
            self.cancel_requested.emit()

    def done(self, result: int) -> None:
        self.set_busy(False)
        super().done(result)

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(LARGEST_DIALOG)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        order_by_layout(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
        event.setAccepted(not self.isVisible())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Ctrl+Enter presses the primary button from every field.
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.isAutoRepeat():
            return  # the key was pressed for the dialog before
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not self.is_submit_paused:
                self.submit_button.click()
            return
        super().keyPressEvent(event)

    def _grow_soon(self) -> None:
        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        """Grow to fit the body, within the screen. The dialog never shrinks by itself."""
        if not self.grows:
            return
        rest = super().sizeHint().height() - self.body_scroll.sizeHint().height()
        needed = rest + self.body_scroll.wanted_height(self.width())
        height = min(needed, self.screen().availableGeometry().height() - 2 * Spacing.XL)
        if self.height() < height:
            self.resize(self.width(), height)


class _SubmitButton(QPushButton):
    """The mouse doesn't press it while ``pause`` runs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.pause.isActive():
            super().mousePressEvent(event)
