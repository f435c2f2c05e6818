"""What Seam knows of a customer, changed without making a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.create.form.customer import CustomerSection
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import heading
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import CustomerData

_ROOT = "customer_data"
_WIDTH_IN_CHARACTERS = 128
_LARGEST_WIDTH = 960


class UpdateDataDialog(FormDialog):
    """Open it with open(). `update_requested` carries the CustomerData, checked; the presenter
    then accept()s or show_error()s. `file_chosen` is the Data tables' own."""

    update_requested = Signal(object)
    file_chosen = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle("Update customer data")
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        self.customer = CustomerSection(icons, self)
        self.data = DataSection(icons, self)
        self.data.file_chosen.connect(self.file_chosen)
        self.data.legend.setText(
            "Rows are added, or change what Seam has under the same key. What you leave out stays "
            "in Seam as it is, and no link is made. Columns with * are required; paste or import "
            "with the columns’ names in the first row."
        )
        self.body.addWidget(self.customer)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(heading("Data", self))
        self.body.addWidget(self.data, 1)
        width = self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS
        self.resize(min(width, _LARGEST_WIDTH), self.height())
        self._text = "Update data"
        self._loud = False
        for section in (self.customer, self.data):
            section.changed.connect(section.clear_errors)
            section.changed.connect(self._word_buttons)
        self._word_buttons()

    def set_workspace(self, label: str, kind: WorkspaceKind, *, demo: bool) -> None:
        self._loud = kind is WorkspaceKind.PRODUCTION and not demo
        if self._loud:
            self.setWindowTitle("Update customer data in PRODUCTION")
            self._text = "Update data in PRODUCTION"
        self.strip.set_workspace(label, kind, demo=demo)
        self._word_buttons()

    def fill(self, data: CustomerData) -> None:
        """Begin with what was sent before."""
        from seam_portal_desktop.domain.request import PortalRequest

        draft = RequestDraft(PortalRequest(customer_data=data))
        for section in (self.customer, self.data):
            section.fill(draft)

    def submit(self) -> None:
        if not self.submit_button.isEnabled():
            return
        from seam_portal_desktop.domain.request.check import check_rules
        from seam_portal_desktop.domain.request.problems import ProblemLevel, check_against_contract

        checked = check_against_contract(self._wire())
        problems = checked.problems if checked.request is None else check_rules(checked.request)
        wrong = [problem for problem in problems if problem.level is ProblemLevel.ERROR]
        if wrong:
            self._show_fields({problem.path: (problem.reason,) for problem in reversed(wrong)})
        elif checked.request is not None:
            self.update_requested.emit(checked.request.customer_data)

    def show_error(self, error: UserFacingError) -> None:
        self.set_busy(False)
        fields = dict(error.fields) if isinstance(error, InvalidRequestError) else {}
        rest = self._show_fields({_in_request(path): reasons for path, reasons in fields.items()})
        self.error_card.set_error(error, notes=rest)
        self.show_top()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.data.table if self.customer.customer_key() else self.customer.key).setFocus()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        for section in (self.customer, self.data):
            section.lock(locked)

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self._word_buttons()

    def _wire(self) -> dict[str, Any]:
        draft = RequestDraft()
        for section in (self.customer, self.data):
            section.read(draft)
        return draft.wire()

    def _show_fields(self, fields: dict[str, tuple[str, ...]]) -> list[str]:
        """Show each reason at its field; what has none comes back as text."""
        rest = []
        for path, reasons in fields.items():
            reason = " ".join(reasons)
            if not any(
                section.show_error(path, reason) is not None
                for section in (self.customer, self.data)
            ):
                rest.append(f"{path}: {reason}" if path else reason)
        return rest

    def _word_buttons(self) -> None:
        self.set_submit(self._text, loud=self._loud)
        self.submit_button.setEnabled(not self.is_busy and bool(self.customer.customer_key()))


def _in_request(path: str) -> str:
    """push_data names its fields without the customer_data that they stand in elsewhere."""
    return path if not path or path.startswith(f"{_ROOT}.") else f"{_ROOT}.{path}"
