"""The line in the New portal dialog about what was entered in an earlier one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind


class DraftBar(QWidget):
    """A sentence, a button that removes or restores the draft, and one for another draft."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        icon = IconView(parent=self)
        icon.set_icon(icons.icon("pencil", Tone.NEUTRAL))
        self.label = ElidedLabel(self, mode=Qt.TextElideMode.ElideRight)
        set_kind(self.label, "muted")
        self.button = self._make_button("draftButton")
        self.other_button = self._make_button("otherDraft")
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.XL, Spacing.M, Spacing.XL, 0)
        row.setSpacing(Spacing.S)
        for widget in (icon, self.label, self.button, self.other_button):
            row.addWidget(widget)
        row.addStretch(1)
        self.hide()

    def show_text(self, text: str, button: str, other: str) -> None:
        """Show the bar. A button without a text is hidden; without a `text` the bar is."""
        self.label.set_full_text(text)
        for each, label in ((self.button, button), (self.other_button, other)):
            each.setText(label)
            each.setVisible(bool(label))
            each.setAccessibleDescription(text)
        self.setVisible(bool(text))
        if text:
            announce(self, text)

    def _make_button(self, name: str) -> QPushButton:
        # It stays an automatic default: Enter on it must not press 'Create'.
        button = QPushButton(self)
        button.setObjectName(name)
        set_kind(button, "link")
        return button
