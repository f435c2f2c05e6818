"""What went wrong, at the bottom of the window until the user has seen it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.toolkit.form_parts import heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton, IconView, TintedFrame
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_MOST_KEPT = 20
_WIDE_CHARACTERS = 100
_LONGEST_TITLE = 160  # characters; the details have all of it
_LONGEST_MESSAGE = 400
_DETAIL_LINES = 5


@dataclass(frozen=True, slots=True)
class StatusAction:
    """A button beside a message: its text, and what it runs."""

    text: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Entry:
    error: UserFacingError
    action: StatusAction | None


class ErrorStrip(TintedFrame):
    """The newest error on top of the ones that weren't dismissed yet. Hidden without any."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, Tone.DANGER, parent)
        self._icons = icons
        self._entries: list[_Entry] = []
        self._mark = IconView()

        self._title = heading("")
        self._title.setWordWrap(True)
        self._message = plain_label(wrap=True)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setTabChangesFocus(True)
        self._details.setAccessibleName("Error details")
        self._more = QLabel()
        set_kind(self._more, "muted")
        self._action = QPushButton()
        self._action.clicked.connect(self._act)
        self._unfold = QPushButton("Details")
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._fold)
        self._copy = QPushButton("Copy details")
        self._copy.clicked.connect(self._copy_details)
        for button in (self._unfold, self._copy):
            set_kind(button, "quiet")
        self._dismiss = IconButton(icons.icon("x"), "Dismiss this error")
        self._dismiss.clicked.connect(self.dismiss)
        self._lay_out()
        self.hide()

    def push(self, error: UserFacingError, action: StatusAction | None = None) -> None:
        """Show `error`. One that says the same as a waiting one replaces it."""
        self._entries = [
            entry
            for entry in self._entries
            if (entry.error.title, entry.error.message) != (error.title, error.message)
        ][-_MOST_KEPT + 1 :]
        self._entries.append(_Entry(error, action))
        self._show_newest()

    def dismiss(self) -> None:
        """Leave the shown error for the one before it, if there is one."""
        if self._entries:
            self._entries.pop()
        self._show_newest()

    def current(self) -> UserFacingError | None:
        return self._entries[-1].error if self._entries else None

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._title)
        texts.addWidget(self._message)
        buttons = QHBoxLayout()
        buttons.setSpacing(Spacing.S)
        for widget in (self._more, self._action, self._unfold):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.setSpacing(Spacing.S)
        self._across.addLayout(texts, 1)
        self._across.addLayout(buttons)
        row = QHBoxLayout()
        row.setSpacing(Spacing.S)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self._mark, 0, top)
        row.addLayout(self._across, 1)
        row.addWidget(self._dismiss, 0, top)
        self._fold_out = QWidget()
        folded = QHBoxLayout(self._fold_out)
        folded.setContentsMargins(Spacing.XL, 0, 0, 0)
        folded.addWidget(self._details, 1)
        folded.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignBottom)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        rows.setSpacing(Spacing.S)
        rows.addLayout(row)
        rows.addWidget(self._fold_out)
        self._fold_out.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In a narrow window the buttons go under the text, or they would leave it no room.
        narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _WIDE_CHARACTERS
        self._across.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )

    def _show_newest(self) -> None:
        self._unfold.setChecked(False)
        if not self._entries:
            self.hide()
            return
        entry = self._entries[-1]
        error = entry.error
        # An outcome that isn't known is a question, not a failure.
        tone = Tone.VIOLET if error.outcome_unknown else Tone.DANGER
        self.set_tone(tone)
        name = "circle-help" if error.outcome_unknown else "circle-x"
        self._mark.set_icon(self._icons.icon(name, tone))
        message = _cut(error.message, _LONGEST_MESSAGE)
        self._title.setText(_cut(error.title, _LONGEST_TITLE))
        self._message.setText(message)
        self._details.setPlainText(error.details())
        self._action.setVisible(entry.action is not None)
        if entry.action is not None:
            self._action.setText(entry.action.text)
        waiting = len(self._entries) - 1
        self._more.setText(f"{waiting} more")
        self._more.setVisible(waiting > 0)
        self.setAccessibleName(f"Error: {error.title}")
        self.setAccessibleDescription(message)
        self.show()

    def _fold(self, unfolded: bool) -> None:  # noqa: FBT001 - Qt's signal gives it so
        self._unfold.setText("Hide details" if unfolded else "Details")
        self._details.setFixedHeight(self.fontMetrics().lineSpacing() * (_DETAIL_LINES + 1))
        self._fold_out.setVisible(unfolded)
        self._copy.setText("Copy details")

    def _act(self) -> None:
        entry = self._entries[-1]
        self.dismiss()
        if entry.action is not None:
            entry.action.run()

    def _copy_details(self) -> None:
        error = self.current()
        if error is not None:
            QGuiApplication.clipboard().setText(error.details())
            self._copy.setText("Copied")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + "…"
