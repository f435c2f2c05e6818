"""The card of the next step, the layout of such cards, and the placeholder of an empty panel."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.ui.portal.wording import StepAction, SuggestedStep
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import heading, muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind


class NextStepCard(QFrame):
    """Why there is no usable link, and `buttons` for what can be done about it."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._icon = IconView()
        self._title = heading("")
        self._title.setWordWrap(True)
        self._message = plain_label(wrap=True)
        self.buttons = {action: QPushButton(action.value) for action in StepAction}
        labels, buttons = (self._title, self._message), self.buttons.values()
        set_card_layout(self, self._icon, labels, buttons, Spacing.XS)

    def set_step(self, step: SuggestedStep) -> None:
        set_kind(self, "banner", step.tone)
        self._icon.set_icon(self._icons.icon(step.icon, step.tone))
        self._title.setText(step.title)
        self._message.setText(step.message)
        self.setAccessibleName(step.title)
        self.setAccessibleDescription(step.message)
        for action, button in self.buttons.items():
            button.setVisible(action in step.actions)
            set_kind(button, "primary" if step.actions[:1] == (action,) else "secondary")


def set_card_layout(
    card: QFrame,
    icon: IconView,
    labels: Iterable[QLabel],
    buttons: Iterable[QPushButton],
    spacing: int,
) -> None:
    """Lay out `card`: the icon, and beside it the labels above the buttons, `spacing` apart."""
    card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    button_row = FlowLayout()
    for button in buttons:
        button_row.addWidget(button)
    texts = QVBoxLayout()
    texts.setSpacing(spacing)
    for label in labels:
        texts.addWidget(label)
    texts.addLayout(button_row)
    row = QHBoxLayout(card)
    row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
    row.setSpacing(Spacing.S)
    row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(texts, 1)


class Placeholder(QWidget):
    """An icon and a sentence in the middle of an empty panel, and perhaps a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconView()
        self._title = heading("")
        self._text = muted_label(wrap=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.L, Spacing.S, Spacing.L, Spacing.S)
        rows.setSpacing(Spacing.XS)
        rows.addStretch(1)
        rows.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            rows.addWidget(label)
        rows.addStretch(1)

    def add_button(self, text: str) -> QPushButton:
        """Add a button below the text."""
        button = QPushButton(text)
        set_kind(button, "secondary")
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout)  # noqa: S101 - the constructor made it
        rows.insertWidget(rows.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button

    def set_content(self, icons: Icons, icon: str, title: str, text: str) -> None:
        self._icon.set_icon(icons.icon(icon, Tone.NEUTRAL))
        self._title.setText(title)
        self._text.setText(text)
