"""The dialog that asks for the name of a new preset."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.presets.labels import ICONS, TITLES
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox, FieldNote, heading, muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme


class SavePresetDialog(FormDialog):
    """Open it with open(). After `save_requested` the controller reads name() and vertical(), and
    calls accept() or show_error(). `summary` describes what the preset contains."""

    save_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        summary: str,
        vertical: str = "",
        parent: QWidget | None = None,
    ) -> None:
        from seam_portal_desktop.domain.request.preset import LONGEST_NAME

        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Save as preset"))
        name_title = heading(_("Name"), self)
        self.name_field = QLineEdit(self)
        self.name_field.setObjectName("presetName")
        self.name_field.setAccessibleName(_("Name of the preset"))
        self.name_field.setMaxLength(LONGEST_NAME)
        self.name_field.setPlaceholderText(_("Our hotels"))
        name_title.setBuddy(self.name_field)
        self.note = FieldNote(self.name_field, icons)
        vertical_title = heading(_("For"), self)
        self.vertical_box = CalmComboBox(self)
        self.vertical_box.setObjectName("presetVertical")
        self.vertical_box.setAccessibleName(_("Line of business"))
        for value, title in TITLES.items():
            self.vertical_box.addItem(icons.icon(ICONS[value]), title, value)
        self.vertical_box.setCurrentIndex(max(self.vertical_box.findData(vertical), 0))
        vertical_title.setBuddy(self.vertical_box)
        about = muted_label(summary, wrap=True, parent=self)
        for widget in (name_title, self.name_field, self.note):
            self.body.addWidget(widget)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(vertical_title)
        self.body.addWidget(self.vertical_box)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(about)
        self.body.addStretch(1)
        self.set_submit(_("Save preset"), loud=False)
        self.name_field.textChanged.connect(self._on_edited)
        self._on_edited()
        self.name_field.setFocus()

    def name(self) -> str:
        return self.name_field.text().strip()

    def vertical(self) -> str:
        """The value of a PresetVertical."""
        return str(self.vertical_box.currentData())

    def show_error(self, error: UserFacingError) -> None:
        """The preset was not saved. The fields stay as they are."""
        self.set_busy(False)
        self.note.show_error(error.message)
        self.name_field.setFocus()

    def submit(self) -> None:
        if self.submit_button.isEnabled():
            self.save_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        self.name_field.setReadOnly(locked)
        self.vertical_box.setDisabled(locked)

    def _on_edited(self) -> None:
        self.note.clear()
        self.submit_button.setEnabled(bool(self.name()))
