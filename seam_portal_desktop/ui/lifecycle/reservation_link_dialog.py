"""The dialog to create a link that opens at one reservation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.customer import CustomerSection
from seam_portal_desktop.ui.create.workspace_dialog import LinkDialog
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading, make_completer
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme


class ReservationLinkDialog(LinkDialog):
    """Open it with open(). After `create_requested` the controller reads the ``customer``'s key and
    reservation_key()."""

    texts = (_("New reservation link"), _("Create reservation link"))
    production_texts = (_("New reservation link in PRODUCTION"), _("Create link in PRODUCTION"))

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.customer = CustomerSection(icons, self)
        title = heading(_("Reservation key"), self)
        self.reservation = QLineEdit(self)
        self.reservation.setObjectName("reservationKey")
        self.reservation.setAccessibleName(_("Reservation key"))
        self._known_reservations = QStringListModel(self)
        self.reservation.setCompleter(make_completer(self._known_reservations, self))
        title.setBuddy(self.reservation)
        self.note = FieldNote(
            self.reservation,
            icons,
            hint=_(
                "The reservation must be known to Seam already. The link opens the customer’s "
                "portal right at it."
            ),
        )
        self.body.addWidget(self.customer)
        self.body.addSpacing(Spacing.S)
        for widget in (title, self.reservation, self.note):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.customer.changed.connect(self._on_edited)
        self.reservation.textChanged.connect(self._on_edited)
        self._on_edited()

    def set_known_keys(self, customer_key: str, reservations: Sequence[str]) -> None:
        """Set the keys that are completed, and fill the fields in which the user typed nothing.

        `reservations` are the customer's; a field is filled with the only one.
        """
        if customer_key and not self.customer.key.text():
            self.customer.key.setText(customer_key)
        self._known_reservations.setStringList(list(reservations))
        if len(reservations) == 1 and not self.reservation.text():
            self.reservation.setText(reservations[0])
        self._focus_first_field()

    def reservation_key(self) -> str:
        return self.reservation.text().strip()

    def submit(self) -> None:
        if self.submit_button.isEnabled():
            self.create_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        self.customer.set_locked(locked)
        self.reservation.setReadOnly(locked)

    def is_complete(self) -> bool:
        return bool(self.customer.customer_key() and self.reservation_key())

    def show_error(self, error: UserFacingError) -> None:
        """Nothing was created."""
        self.set_busy(False)
        fields = dict(error.fields) if isinstance(error, InvalidRequestError) else {}
        for path, show in (
            ("customer_key", self.customer.note.show_error),
            ("reservation_key", self.note.show_error),
        ):
            if path in fields:
                show(" ".join(fields.pop(path)))
        notes = [f"{path}: {' '.join(reasons)}" for path, reasons in fields.items()]
        self.error_card.set_error(error, notes=notes)
        self.show_top()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_first_field()

    def _focus_first_field(self) -> None:
        has_customer = bool(self.customer.customer_key())
        field: QWidget = self.reservation if has_customer else self.customer.key
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_edited(self) -> None:
        self.link_may_exist = False
        self.customer.clear_errors()
        self.note.clear()
        self._update_buttons()

    def _unknown_outcome_note(self) -> str:
        return _("The list keeps this try as ‘Unconfirmed’.")
