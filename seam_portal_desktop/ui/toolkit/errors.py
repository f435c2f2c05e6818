"""The two ways of showing an error: a card in a form, a strip at the bottom of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import heading, muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import (
    CopyButton,
    IconButton,
    IconView,
    TintedFrame,
    announce,
)
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, Tone, set_kind

_TOP = Qt.AlignmentFlag.AlignTop
_COPIED_SHOWN_FOR_MS = 2000
_MOST_KEPT = 20
_WIDE_CHARACTERS = 100
_LONGEST_TITLE = 160  # characters; the details have all of it
_LONGEST_MESSAGE = 400
_DETAIL_LINES = 5


class _ErrorFrame(TintedFrame):
    """Icon, title and message of one error, in its tone. Hidden at first."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, Tone.DANGER, parent)
        self._icons = icons
        self._icon = IconView(parent=self)
        self._title = heading("", self)
        self._title.setWordWrap(True)
        self._message = plain_label(wrap=True, parent=self)
        self.hide()

    def _set_texts(self, error: UserFacingError, title: str, message: str) -> None:
        # An unknown outcome is shown as a question, not as a failure.
        tone = Tone.VIOLET if error.outcome_unknown else Tone.DANGER
        self.set_tone(tone)
        name = "circle-help" if error.outcome_unknown else "circle-x"
        self._icon.set_icon(self._icons.icon(name, tone))
        self._title.setText(title)
        self._message.setText(message)


class ErrorCard(_ErrorFrame):
    """Shows one UserFacingError until it is dismissed, replaced or cleared.

    It never takes the focus; assistive technology is alerted instead.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self._error: UserFacingError | None = None
        self._action_buttons: list[QPushButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

        self._notes = plain_label(wrap=True, parent=self)
        self._request_id = muted_label(wrap=True, parent=self)
        self._request_id.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = CopyButton(_("Copy details"), _("Details copied"), self._details, self)
        set_kind(self._copy, "secondary")
        self._copy.clicked.connect(self._show_copied)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_SHOWN_FOR_MS)
        self._copied.timeout.connect(self._reset_copy)
        self._reset_copy()
        self._dismiss = QToolButton(self)
        self._dismiss.setAutoRaise(True)
        self._dismiss.setIcon(icons.icon("x"))
        self._dismiss.setToolTip(_("Dismiss"))
        self._dismiss.setAccessibleName(_("Dismiss this message"))
        self._dismiss.clicked.connect(self.clear)

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
        row.addWidget(self._icon, 0, _TOP)
        row.addLayout(text, 1)
        row.addWidget(self._dismiss, 0, _TOP)
        row.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        theme.changed.connect(self.update)

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
        request_id = error.seam_request_id
        self._notes.setText("\n".join(notes))
        self._request_id.setText(
            _("Seam request id: {request_id}").format(request_id=request_id) if request_id else ""
        )
        self._set_texts(error, error.title, error.message)
        for label in (self._title, self._message, self._notes, self._request_id):
            label.setVisible(bool(label.text()))
        self._reset_copy()
        self._replace_actions(actions)
        self.setAccessibleName(error.title)
        self.setAccessibleDescription(" ".join([error.message, *notes]))
        self.show()  # after the buttons were added, or they would be shown later than the card
        announce(self, str(error), urgent=True)

    def clear(self) -> None:
        """Hide the card and forget the error."""
        self._error = None
        self._replace_actions(())
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        border = QColor(self._theme.color(self._tone))
        border.setAlphaF(0.45)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.tint(self._tone))
        painter.setPen(QPen(border, 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _replace_actions(self, actions: Sequence[QAction]) -> None:
        for button in self._action_buttons:
            self._buttons.removeWidget(button)
            button.deleteLater()
        self._action_buttons = []
        for index, action in enumerate(actions):
            button = QPushButton(action.icon(), action.text(), self)
            button.setAutoDefault(False)
            set_kind(button, "secondary")
            button.setToolTip(action.toolTip() if action.toolTip() != action.text() else "")
            button.clicked.connect(action.trigger)
            self._buttons.insertWidget(index, button)
            self._action_buttons.append(button)
        previous: QWidget = self._dismiss
        for button in reversed([*self._action_buttons, self._copy]):
            QWidget.setTabOrder(button, previous)
            previous = button

    def _details(self) -> str:
        return self._error.details() if self._error is not None else ""

    def _show_copied(self) -> None:
        self._copy.setIcon(self._icons.icon("check", Tone.SUCCESS))
        self._copied.start()

    def _reset_copy(self) -> None:
        self._copy.reset()
        self._copy.setIcon(self._icons.icon("copy"))


@dataclass(frozen=True, slots=True)
class StatusAction:
    """A button beside a message: its text, and what it runs."""

    text: str
    run: Callable[[], object]


class ErrorStrip(_ErrorFrame):
    """The newest of the errors that weren't dismissed yet. Hidden without any."""

    focus_lost = Signal()
    """The strip had the focus and is hidden now."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self._entries: list[tuple[UserFacingError, StatusAction | None]] = []
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setTabChangesFocus(True)
        self._details.setAccessibleName(_("Error details"))
        self._more = QLabel()
        set_kind(self._more, "muted")
        self._action = QPushButton()
        self._action.clicked.connect(self._run_action)
        self._unfold = QPushButton(_("Details"))
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._show_details)
        self._copy = CopyButton(_("Copy details"), _("Copied"), self._details.toPlainText)
        for button in (self._unfold, self._copy):
            set_kind(button, "quiet")
        self._dismiss = IconButton(icons.icon("x"), _("Dismiss this error"))
        self._dismiss.clicked.connect(self.dismiss)
        self._make_layout()

    def push(self, error: UserFacingError, action: StatusAction | None = None) -> None:
        """Show `error`. It replaces a waiting one with the same title and message."""
        self._entries = [
            entry
            for entry in self._entries
            if (entry[0].title, entry[0].message) != (error.title, error.message)
        ][-_MOST_KEPT + 1 :]
        self._entries.append((error, action))
        self._show_newest()

    def dismiss(self) -> None:
        """Remove the shown error and show the one before it, if there is one."""
        if self._entries:
            self._entries.pop()
        self._show_newest()

    def current(self) -> UserFacingError | None:
        return self._entries[-1][0] if self._entries else None

    def _make_layout(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._title)
        texts.addWidget(self._message)
        buttons = QHBoxLayout()
        buttons.setSpacing(Spacing.S)
        for widget in (self._more, self._action, self._unfold):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        self._texts_and_buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._texts_and_buttons.setSpacing(Spacing.S)
        self._texts_and_buttons.addLayout(texts, 1)
        self._texts_and_buttons.addLayout(buttons)
        row = QHBoxLayout()
        row.setSpacing(Spacing.S)
        row.addWidget(self._icon, 0, _TOP)
        row.addLayout(self._texts_and_buttons, 1)
        row.addWidget(self._dismiss, 0, _TOP)
        self._details_row = QWidget()
        details = QHBoxLayout(self._details_row)
        details.setContentsMargins(Spacing.XL, 0, 0, 0)
        details.addWidget(self._details, 1)
        details.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignBottom)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        rows.setSpacing(Spacing.S)
        rows.addLayout(row)
        rows.addWidget(self._details_row)
        self._details_row.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In a narrow window the buttons go below the text, or the text would get too narrow.
        narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        self._texts_and_buttons.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )

    def _show_newest(self) -> None:
        self._unfold.setChecked(False)
        if not self._entries:
            had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
            self.hide()
            if had_focus:
                self.focus_lost.emit()
            return
        self._show_details(False)  # noqa: FBT003 - Qt's signal
        error, action = self._entries[-1]
        message = _cut(error.message, _LONGEST_MESSAGE)
        self._details.setPlainText(error.details())
        self._action.setVisible(action is not None)
        if action is not None:
            self._action.setText(action.text)
        waiting = len(self._entries) - 1
        self._more.setText(_("{waiting} more").format(waiting=waiting))
        self._more.setVisible(waiting > 0)
        self.setAccessibleName(_("Error: {error}").format(error=error.title))
        self.setAccessibleDescription(message)
        self._set_texts(error, _cut(error.title, _LONGEST_TITLE), message)
        self.show()

    def _show_details(self, shown: bool) -> None:  # noqa: FBT001 - a signal's argument
        # It takes long to import, and there is no error at the start.
        from seam_portal_desktop.ui.toolkit.access.expandable import set_expanded

        set_expanded(self._unfold, shown)
        self._unfold.setText(_("Hide details") if shown else _("Details"))
        self._details.setFixedHeight(self.fontMetrics().lineSpacing() * (_DETAIL_LINES + 1))
        self._details_row.setVisible(shown)
        self._copy.reset()

    def _run_action(self) -> None:
        _unused, action = self._entries[-1]
        self.dismiss()
        if action is not None:
            action.run()


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + "…"
