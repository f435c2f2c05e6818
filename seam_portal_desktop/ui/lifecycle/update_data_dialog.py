"""The dialog to change a customer's data in Seam without creating a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.create.form.customer import CustomerSection
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.workspace_dialog import WorkspaceDialog
from seam_portal_desktop.ui.toolkit.form_parts import heading
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import CustomerData

_ROOT = "customer_data"


class UpdateDataDialog(WorkspaceDialog):
    """Open it with open(). `update_requested` carries the checked CustomerData. Then the controller
    calls accept() or show_error()."""

    width_in_characters = 128
    texts = (_("Update customer data"), _("Update data"))
    production_texts = (_("Update customer data in PRODUCTION"), _("Update data in PRODUCTION"))
    update_requested = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.customer = CustomerSection(icons, self)
        self.data = DataSection(icons, self)
        self.data.legend.setText(
            _(
                "Rows are added, or change what Seam has under the same key. What you leave out "
                "stays in Seam as it is, and no link is made. Columns with * are required; paste "
                "or import with the columns’ names in the first row."
            )
        )
        self.body.addWidget(self.customer)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(heading(_("Data"), self))
        self.body.addWidget(self.data, 1)
        for section in (self.customer, self.data):
            section.changed.connect(section.clear_errors)
            section.changed.connect(self._update_buttons)
        self._update_buttons()

    def fill(self, data: CustomerData) -> None:
        """Show `data`, which was sent before."""
        from seam_portal_desktop.domain.request import PortalRequest

        draft = RequestDraft(PortalRequest(customer_data=data))
        for section in (self.customer, self.data):
            section.fill(draft)

    def submit(self) -> None:
        if not self.submit_button.isEnabled():
            return
        from seam_portal_desktop.domain.request.check import ProblemLevel, check_request

        checked = check_request(self._wire())
        errors = [each for each in checked.problems if each.level is ProblemLevel.ERROR]
        if errors:
            self._show_fields({problem.path: (problem.reason,) for problem in reversed(errors)})
        elif checked.request is not None:
            self.update_requested.emit(checked.request.customer_data)

    def show_error(self, error: UserFacingError) -> None:
        self.set_busy(False)
        fields = dict(error.fields) if isinstance(error, InvalidRequestError) else {}
        rest = self._show_fields({_full_path(path): reasons for path, reasons in fields.items()})
        self.error_card.set_error(error, notes=rest)
        self.show_top()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.data.table if self.customer.customer_key() else self.customer.key).setFocus()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        for section in (self.customer, self.data):
            section.set_locked(locked)

    def is_complete(self) -> bool:
        return bool(self.customer.customer_key())

    def _wire(self) -> dict[str, Any]:
        draft = RequestDraft()
        for section in (self.customer, self.data):
            section.write_to(draft)
        return draft.wire()

    def _show_fields(self, fields: dict[str, tuple[str, ...]]) -> list[str]:
        """Show each reason at its field. Returns those without a field as text."""
        rest = []
        for path, reasons in fields.items():
            reason = " ".join(reasons)
            if not any(
                section.show_field_error(path, reason) is not None
                for section in (self.customer, self.data)
            ):
                rest.append(f"{path}: {reason}" if path else reason)
        return rest


def _full_path(path: str) -> str:
    """push_data's errors have paths without the leading customer_data."""
    return path if not path or path.startswith(f"{_ROOT}.") else f"{_ROOT}.{path}"
