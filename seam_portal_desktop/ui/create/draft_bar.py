"""The line in the New portal dialog about what was entered in an earlier one."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView, announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind


class DraftBar(QWidget):
    """A sentence, a button that removes or restores the draft, and one for another draft."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame = QFrame(self)
        set_kind(self._frame, "banner", Tone.INFO)
        icon = IconView(parent=self._frame)
        icon.set_icon(icons.icon("pencil", Tone.INFO))
        self.label = plain_label(wrap=True, parent=self._frame)
        self.button = self._make_button("draftButton")
        self.other_button = self._make_button("otherDraft")
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(Spacing.M, Spacing.XS, Spacing.M, Spacing.XS)
        row.setSpacing(Spacing.S)
        row.addWidget(icon)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        row.addWidget(self.other_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Spacing.XL, Spacing.M, Spacing.XL, 0)
        outer.addWidget(self._frame)
        self.hide()

    def show_text(self, text: str, button: str, other: str) -> None:
        """Show the bar. A button without a text is hidden; without a `text` the bar is."""
        self.label.setText(text)
        for each, label in ((self.button, button), (self.other_button, other)):
            each.setText(label)
            each.setVisible(bool(label))
            each.setAccessibleDescription(text)
        self.setVisible(bool(text))
        if text:
            announce(self, text)

    def _make_button(self, name: str) -> QPushButton:
        # It stays an automatic default: Enter on it must not press 'Create'.
        button = QPushButton(self._frame)
        button.setObjectName(name)
        set_kind(button, "link")
        return button
