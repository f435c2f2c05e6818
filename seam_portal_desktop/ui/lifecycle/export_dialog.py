"""The dialog to export portals into a file."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from seam_portal_desktop.services.portal.export import ExportFormat
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

_FORMATS = {
    ExportFormat.XLSX: _("Excel workbook: a row for each thing that happened"),
    ExportFormat.CSV: _("CSV for other programs: the same rows as text"),
    ExportFormat.JSON: _("JSON for a program: each portal with its activity"),
}


class ExportDialog(FormDialog):
    """Open it with open(). After `export_requested` the controller asks for a file and writes it.

    `selected` and `listed` are the numbers of selected portals and of portals in the list.
    """

    export_requested = Signal()

    def __init__(
        self, selected: int, listed: int, theme: Theme, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Export portals"))
        self.body.addWidget(heading(_("Which portals"), self))
        self._which = QButtonGroup(self)
        self.only_selected = self._add_button(self._which, _selected_text(selected))
        self.all_listed = self._add_button(self._which, _listed_text(listed))
        self.only_selected.setVisible(selected > 0)
        (self.only_selected if selected else self.all_listed).setChecked(True)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(heading(_("Format"), self))
        self._format = QButtonGroup(self)
        self.formats = {
            which: self._add_button(self._format, text) for which, text in _FORMATS.items()
        }
        self.formats[ExportFormat.XLSX].setChecked(True)
        self.body.addSpacing(Spacing.S)
        self.with_links = QCheckBox(_("Include the links themselves"), self)
        self.note = FieldNote(
            self.with_links, icons, hint=_("Without them the file opens nobody’s portal.")
        )
        self.with_links.toggled.connect(self._on_links_toggled)
        self.body.addWidget(self.with_links)
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        self.set_submit(_("Choose a file…"), loud=False)

    def file_format(self) -> ExportFormat:
        return next(which for which, button in self.formats.items() if button.isChecked())

    def submit(self) -> None:
        if not self.is_busy:
            self.export_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        for button in (*self._which.buttons(), *self._format.buttons(), self.with_links):
            button.setDisabled(locked)

    def _add_button(self, group: QButtonGroup, text: str) -> QRadioButton:
        button = QRadioButton(text, self)
        group.addButton(button)
        self.body.addWidget(button)
        return button

    def _on_links_toggled(self, on: bool) -> None:  # noqa: FBT001 - a slot
        if on:
            self.note.show_note(
                _(
                    "Whoever has the file can open every live link in it. Keep it where only you "
                    "can read it, and delete it when it has done its work."
                ),
                Tone.WARNING,
            )
        else:
            self.note.clear()


def _selected_text(count: int) -> str:
    return ngettext("The selected portal", "The {count} selected portals", count).format(
        count=_number(count)
    )


def _listed_text(count: int) -> str:
    return ngettext("The portal in the list", "All {count} portals in the list", count).format(
        count=_number(count)
    )


def _number(count: int) -> str:
    return QLocale().toString(count)
