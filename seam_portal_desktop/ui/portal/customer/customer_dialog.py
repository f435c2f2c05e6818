"""The dialog for what we call a customer: a name and tags."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.domain.portal.customer_details import CustomerDetails
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.settings import ControlKind, Setting
from seam_portal_desktop.ui.create.form.token_list import ListControl
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

_TAGS = Setting("tags", _("Tags"), ControlKind.LIST)


class CustomerDialog(FormDialog):
    """Open it with open(). `save_requested` carries the CustomerDetails, which can be saved. Then
    the controller calls accept() or show_error()."""

    save_requested = Signal(object)
    width_in_characters = 64

    def __init__(
        self,
        customer_key: str,
        details: CustomerDetails,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Customer name and tags"))
        self.saved = details
        """What the ledger has, as far as it is known."""
        key = ElidedLabel(self, selectable=True)
        key.set_full_text(customer_key)
        name_title = heading(_("Name"), self)
        self.name = QLineEdit(self)
        self.name.setObjectName("customerName")
        self.name.setAccessibleName(_("Name"))
        self.name.setPlaceholderText(_("Harbor Hotel"))
        name_title.setBuddy(self.name)
        self.name_note = FieldNote(
            self.name, icons, hint=_("Only you see it: Seam and the customer don’t get it.")
        )
        tags_title = heading(_("Tags"), self)
        self.tags = ListControl(_TAGS, icons, self)
        self.tags.edit.setObjectName("customerTags")
        tags_title.setBuddy(self.tags.edit)
        self.tags_note = FieldNote(
            self.tags.edit,
            icons,
            hint=_("Find them in the search box with a word such as tag:vip."),
        )
        first: tuple[QWidget, ...] = (key, name_title, self.name, self.name_note)
        for widget in (*first, tags_title, self.tags, self.tags_note):
            if widget in (name_title, tags_title):
                self.body.addSpacing(Spacing.S)
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.dismiss_button.setText(_("Cancel"))
        self.set_submit(_("Save"), loud=False)
        self._show(details)
        self.name.textChanged.connect(self.name_note.clear)
        self.tags.changed.connect(self.tags_note.clear)
        self.name.setFocus()
        self.name.selectAll()

    def details(self) -> CustomerDetails:
        """What would be saved."""
        return CustomerDetails.of(self.name.text(), self.tags.values())

    def fill(self, details: CustomerDetails) -> None:
        """Show `details`, unless the user has changed something."""
        is_untouched = self.details() == self.saved
        self.saved = details
        if is_untouched:
            self._show(details)

    def suggest_tags(self, tags: Iterable[str]) -> None:
        self.tags.set_suggestions({tag: tag for tag in tags})

    def submit(self) -> None:
        details = self.details()
        notes = (
            (self.name_note, details.name_problem, self.name),
            (self.tags_note, details.tags_problem, self.tags.edit),
        )
        wrong = [(note, problem, field) for note, problem, field in notes if problem]
        for note, problem, _unused in wrong:
            note.show_error(problem)
        if wrong:
            wrong[0][2].setFocus()
        elif self.submit_button.isEnabled():
            self.save_requested.emit(details)

    def _show(self, details: CustomerDetails) -> None:
        self.name.setText(details.name)
        self.tags.set_value(list(details.tags))

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        self.name.setReadOnly(locked)
        self.tags.setDisabled(locked)
