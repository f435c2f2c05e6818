"""An error, shown in place: what happened, what to do, and what to tell Seam's support."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.toolkit.announce import announce
from seam_portal_desktop.ui.toolkit.form_parts import heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, Tone, set_kind

_COPIED_SHOWN_FOR_MS = 2000


class ErrorCard(QFrame):
    """Shows one UserFacingError until it is dismissed, replaced or cleared.

    Hidden at first. It never takes the focus; assistive technology is alerted instead.
    `dismissed` is emitted when the user closed the card.
    """

    dismissed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._error: UserFacingError | None = None
        self._tone = Tone.DANGER
        self._action_buttons: list[QPushButton] = []

        self._mark = IconView(parent=self)
        self._title = heading("", self)
        self._title.setWordWrap(True)
        self._message = plain_label(wrap=True, parent=self)
        self._notes = plain_label(wrap=True, parent=self)
        self._request_id = plain_label(wrap=True, parent=self)
        set_kind(self._request_id, "muted")
        self._request_id.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = QPushButton(self)
        self._copy.setAutoDefault(False)
        set_kind(self._copy, "secondary")
        self._copy.clicked.connect(self._copy_details)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_SHOWN_FOR_MS)
        self._copied.timeout.connect(self._offer_copy)
        self._offer_copy()
        self._dismiss = QToolButton(self)
        self._dismiss.setAutoRaise(True)
        self._dismiss.setIcon(icons.icon("x"))
        self._dismiss.setToolTip("Dismiss")
        self._dismiss.setAccessibleName("Dismiss this message")
        self._dismiss.clicked.connect(self._dismissed)

        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(Spacing.S)
        self._buttons.addWidget(self._copy)
        self._buttons.addStretch(1)
        text = QVBoxLayout()
        text.setSpacing(Spacing.XS)
        for label in (self._title, self._message, self._notes, self._request_id):
            text.addWidget(label)
        text.addSpacing(Spacing.XS)
        text.addLayout(self._buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.M, Spacing.M, Spacing.S, Spacing.M)
        row.setSpacing(Spacing.S)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        row.addWidget(self._dismiss, 0, Qt.AlignmentFlag.AlignTop)
        row.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        theme.changed.connect(self.update)
        self.hide()

    @property
    def error(self) -> UserFacingError | None:
        return self._error

    def set_error(
        self,
        error: UserFacingError,
        *,
        notes: Sequence[str] = (),
        actions: Sequence[QAction] = (),
    ) -> None:
        """Show `error`; `notes` are further lines, `actions` become buttons before 'Copy details'.

        An error whose outcome is unknown is shown as a question, not as a failure.
        """
        self._error = error
        self._tone = Tone.VIOLET if error.outcome_unknown else Tone.DANGER
        name = "circle-help" if error.outcome_unknown else "circle-x"
        self._mark.set_icon(self._icons.icon(name, self._tone))
        self._write(self._title, error.title)
        self._write(self._message, error.message)
        self._write(self._notes, "\n".join(notes))
        request_id = error.seam_request_id
        self._write(self._request_id, f"Seam request id: {request_id}" if request_id else "")
        self._offer_copy()
        self._replace_actions(actions)
        self.setAccessibleName(error.title)
        self.setAccessibleDescription(" ".join([error.message, *notes]))
        self.show()
        announce(self, str(error), urgent=True)

    def clear(self) -> None:
        """Hide the card and forget the error."""
        self._error = None
        self._replace_actions(())
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        edge = QColor(self._theme.color(self._tone))
        edge.setAlphaF(0.45)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.tint(self._tone))
        painter.setPen(QPen(edge, 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    @staticmethod
    def _write(label: QWidget, text: str) -> None:
        label.setProperty("text", text)
        label.setVisible(bool(text))

    def _replace_actions(self, actions: Sequence[QAction]) -> None:
        for button in self._action_buttons:
            self._buttons.removeWidget(button)
            button.deleteLater()
        self._action_buttons = []
        for place, action in enumerate(actions):
            button = QPushButton(action.icon(), action.text(), self)
            button.setAutoDefault(False)
            set_kind(button, "secondary")
            button.setToolTip(action.toolTip() if action.toolTip() != action.text() else "")
            button.clicked.connect(action.trigger)
            self._buttons.insertWidget(place, button)
            self._action_buttons.append(button)
        previous: QWidget = self._dismiss
        for button in reversed([*self._action_buttons, self._copy]):
            QWidget.setTabOrder(button, previous)
            previous = button

    def _offer_copy(self) -> None:
        self._copy.setText("Copy details")
        self._copy.setIcon(self._icons.icon("copy"))

    def _copy_details(self) -> None:
        if self._error is None:
            return
        QGuiApplication.clipboard().setText(self._error.details())
        self._copy.setText("Details copied")
        self._copy.setIcon(self._icons.icon("check", Tone.SUCCESS))
        self._copied.start()

    def _dismissed(self) -> None:
        self.clear()
        self.dismissed.emit()
