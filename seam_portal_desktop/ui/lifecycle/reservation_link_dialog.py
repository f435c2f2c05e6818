"""The dialog to create a link that opens at one reservation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.form.customer import CustomerSection
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading, make_completer
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip


class ReservationLinkDialog(FormDialog):
    """Open it with open(). After `create_requested` the controller reads customer_key() and
    reservation_key(), and calls accept(), show_error() or show_unknown_outcome()."""

    create_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle("New reservation link")
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        self.customer = CustomerSection(icons, self)
        title = heading("Reservation key", self)
        self.reservation = QLineEdit(self)
        self.reservation.setObjectName("reservationKey")
        self.reservation.setAccessibleName("Reservation key")
        self._known_reservations = QStringListModel(self)
        self.reservation.setCompleter(make_completer(self._known_reservations, self))
        title.setBuddy(self.reservation)
        self.note = FieldNote(
            self.reservation,
            icons,
            hint="The reservation must be known to Seam already. The link opens the customer’s "
            "portal right at it.",
        )
        self.body.addWidget(self.customer)
        self.body.addSpacing(Spacing.S)
        for widget in (title, self.reservation, self.note):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self._create_text = "Create reservation link"
        self._is_production = False
        self._link_may_exist = False
        self.customer.changed.connect(self._on_edited)
        self.reservation.textChanged.connect(self._on_edited)
        self._on_edited()

    def set_workspace(self, label: str, kind: WorkspaceKind, *, demo: bool) -> None:
        self._is_production = kind is WorkspaceKind.PRODUCTION and not demo
        if self._is_production:
            self.setWindowTitle("New reservation link in PRODUCTION")
            self._create_text = "Create link in PRODUCTION"
        self.strip.set_workspace(label, kind, demo=demo)
        self._update_buttons()

    def set_known_keys(
        self, customer_keys: Sequence[str], customer_key: str, reservations: Sequence[str]
    ) -> None:
        """Keys to complete from, the customer to start with, and that customer's reservations.

        They are filled in only where the user has typed nothing.
        """
        self.customer.set_customer_keys(customer_keys)
        if customer_key and not self.customer.key.text():
            self.customer.key.setText(customer_key)
        self._known_reservations.setStringList(list(reservations))
        if len(reservations) == 1 and not self.reservation.text():
            self.reservation.setText(reservations[0])
        self._focus_first_field()

    def customer_key(self) -> str:
        return self.customer.customer_key()

    def reservation_key(self) -> str:
        return self.reservation.text().strip()

    def submit(self) -> None:
        if self.submit_button.isEnabled():
            self.create_requested.emit()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        self.customer.set_locked(locked)
        self.reservation.setReadOnly(locked)

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self._update_buttons()

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

    def show_unknown_outcome(self, error: UserFacingError) -> None:
        """A link may exist. Enter closes the dialog, because creating again may make a second."""
        self.set_busy(False)
        self._link_may_exist = True
        self.error_card.set_error(error, notes=["The list keeps this try as ‘Unknown outcome’."])
        self._update_buttons()
        self.show_top()
        self.dismiss_button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_first_field()

    def _focus_first_field(self) -> None:
        field: QWidget = self.reservation if self.customer_key() else self.customer.key
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_edited(self) -> None:
        self._link_may_exist = False
        self.customer.clear_errors()
        self.note.clear()
        self._update_buttons()

    def _update_buttons(self) -> None:
        text = self._create_text
        if self._link_may_exist:
            text = text.replace("Create", "Create again", 1)
        self.set_submit(text, loud=self._is_production)
        if self._link_may_exist:
            self.dismiss_button.setDefault(True)
        complete = bool(self.customer_key() and self.reservation_key())
        self.submit_button.setEnabled(not self.is_busy and complete)
