"""The dialog that asks for the name of a saved filter."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.services.saved_filters import LONGEST_FILTER_NAME
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading, muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme


class FilterNameDialog(FormDialog):
    """Open it with open(). After `save_requested` the controller reads name(), and calls accept()
    or show_error(). `about` says what is saved."""

    save_requested = Signal()
    width_in_characters = 60

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        title: str,
        before: str = "",
        about: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(title)
        name_title = heading(_("Name"), self)
        self.name_field = QLineEdit(before, self)
        self.name_field.setAccessibleName(_("Name of the filter"))
        self.name_field.setMaxLength(LONGEST_FILTER_NAME)
        self.name_field.setPlaceholderText(_("Not sent this week"))
        name_title.setBuddy(self.name_field)
        self.note = FieldNote(self.name_field, icons)
        for widget in (name_title, self.name_field, self.note):
            self.body.addWidget(widget)
        if about:
            self.body.addWidget(muted_label(about, wrap=True, parent=self))
        self.body.addStretch(1)
        self.set_submit(_("Save filter"), loud=False)
        self.name_field.textChanged.connect(self._on_edited)
        self._on_edited()
        self.name_field.selectAll()
        self.name_field.setFocus()

    def name(self) -> str:
        return self.name_field.text().strip()

    def show_error(self, error: UserFacingError) -> None:
        """The filter was not saved. The field stays as it is."""
        self.note.show_error(error.message)
        self.name_field.setFocus()

    def submit(self) -> None:
        if self.submit_button.isEnabled():
            self.save_requested.emit()

    def _on_edited(self) -> None:
        self.note.clear()
        self.submit_button.setEnabled(bool(self.name()))
