"""A question asked in place, above the page, that blocks nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_COMFORTABLE_LINE = 38


@dataclass(frozen=True, slots=True)
class BarChoice:
    """A button: its text, and the function that it calls. The bar is hidden before that call."""

    label: str
    act: Callable[[], None]
    primary: bool = False


class InlineBar(QWidget):
    """A text with up to three buttons. They are below the text if there is no room beside it.

    A new question replaces the one before. `closed` comes after any choice and after `dismiss`.
    """

    closed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._tone = Tone.INFO
        self._choices: Sequence[BarChoice] = ()
        self._focus_before: QWidget | None = None
        self._icon = IconView()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        sentence = QHBoxLayout()
        sentence.setSpacing(Spacing.S)
        sentence.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        sentence.addWidget(self._text, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(Spacing.S)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        self._layout.setSpacing(Spacing.S)
        self._layout.addLayout(sentence, 1)
        self._layout.addLayout(self._buttons)
        theme.changed.connect(self.update)
        self.hide()

    def ask(
        self,
        text: str,
        *,
        icon: str,
        tone: Tone,
        choices: Sequence[BarChoice],
        take_focus: bool = False,
    ) -> None:
        """Show the question. Escape chooses the last choice.

        Use `take_focus` if the user's own action led to the question. Then the last button gets the
        focus. When the bar closes, the focus returns to the widget that had it before.
        """
        self._choices = choices
        self._focus_before = QApplication.focusWidget() if take_focus else None
        self._tone = tone
        self._icon.set_icon(self._icons.icon(icon, tone))
        self._text.setText(text)
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._buttons.addStretch(1)
        before: QWidget = self
        for choice in choices:
            button = QPushButton(choice.label)
            set_kind(button, "primary" if choice.primary else "secondary")
            button.setAutoDefault(choice.primary)
            button.setAccessibleDescription(text)
            button.clicked.connect(lambda _=False, choice=choice: self._choose(choice))
            self._buttons.addWidget(button)
            # New widgets come last in the tab order, after the page. So set their place here.
            QWidget.setTabOrder(before, button)
            before = button
        self.setAccessibleName(text)
        self._update_layout()
        self.show()
        if take_focus:
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, text)

    def close_question_if(self, text: str) -> None:
        """Close the question if it is this one: it needs no answer any more."""
        if self._text.text() == text:
            self.close_question()

    def dismiss(self) -> None:
        """Choose the last choice, as Escape does."""
        if not self.isHidden() and self._choices:
            self._choose(self._choices[-1])

    def close_question(self) -> None:
        """Hide the question without a choice, because it needs no answer any more."""
        self._choices = ()
        if not self.isHidden():
            self._restore_focus()
            self.hide()
            self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tint(self._tone))
        painter.setPen(self._theme.border())
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()

    def _choose(self, choice: BarChoice) -> None:
        self.close_question()
        choice.act()

    def _restore_focus(self) -> None:
        before, self._focus_before = self._focus_before, None
        focused = QApplication.focusWidget()
        here = focused is not None and self.isAncestorOf(focused)
        if here and before is not None and shiboken6.isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _update_layout(self) -> None:
        needed = (
            self._buttons.sizeHint().width()
            + _COMFORTABLE_LINE * self.fontMetrics().averageCharWidth()
        )
        direction = QBoxLayout.Direction
        beside = self.width() >= needed + 2 * Spacing.XL
        self._layout.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
