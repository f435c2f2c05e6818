"""The dialog to change a customer's data in Seam without creating a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import InvalidRequestError, UserFacingError
from seam_portal_desktop.domain.request.steps import Steps
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.create.form.customer import CustomerSection
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form_problems import FormProblems
from seam_portal_desktop.ui.create.problem_panel import errors_by_path
from seam_portal_desktop.ui.create.workspace_dialog import WorkspaceDialog
from seam_portal_desktop.ui.toolkit.form_parts import heading
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import CustomerData
    from seam_portal_desktop.domain.request.problems import CheckedRequest, Problem

_ROOT = "customer_data"


class UpdateDataDialog(WorkspaceDialog):
    """Open it with open(). `update_requested` carries the checked CustomerData. Then the controller
    calls accept() or show_error()."""

    width_in_characters = 128
    texts = (_("Update customer data"), _("Update data"))
    production_texts = (_("Update customer data in PRODUCTION"), _("Update data in PRODUCTION"))
    update_requested = Signal(object)

    edited = Signal()
    """The user edited the key or the tables."""

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        clock: Clock = system_clock,
    ) -> None:
        super().__init__(theme, icons, parent)
        self._clock = clock
        self.customer = CustomerSection(icons, self)
        self.data = DataSection(icons, self)
        self.data.checking.clock = clock
        self.data.legend.setText(
            _(
                "Rows are added, or change what Seam has under the same key. What you leave out "
                "stays in Seam as it is, and no link is made. Columns with * are required. Paste "
                "cells of a spreadsheet, or import a file or drop it here."
            )
        )
        self.body.addWidget(self.customer)
        self.body.addSpacing(Spacing.S)
        self.body.addWidget(heading(_("Data"), self))
        self.body.addWidget(self.data, 1)
        self.problems = FormProblems(self._find_problems, icons, self)
        self.problems.chosen.connect(self._go_to)
        self.problems.grown.connect(self._grow_soon)
        outer = cast(QVBoxLayout, self.layout())
        outer.insertWidget(outer.indexOf(self.body_scroll) + 1, self.problems)
        self._is_filling = self._is_edited = False
        for section in (self.customer, self.data):
            section.changed.connect(section.clear_errors)
            section.changed.connect(self.problems.check_soon)
            section.changed.connect(self._update_buttons)
            section.changed.connect(self._on_changed)
        self._update_buttons()

    def fill(self, data: CustomerData) -> None:
        """Show `data`, which was sent before."""
        from seam_portal_desktop.domain.request import PortalRequest

        self._fill(RequestDraft(PortalRequest(customer_data=data)))

    def content(self) -> dict[str, Any]:
        """Everything that was entered, with all mistakes, as JSON has it. See restore()."""
        return {
            "request": self._wire(),
            "unsent": self.data.unsent(),
            "is_edited": self._is_edited,
        }

    def restore(self, content: Mapping[str, Any]) -> None:
        """Show what content() returned, without emitting `edited`."""
        self.error_card.clear()
        self._fill(RequestDraft(content["request"]), content["unsent"])
        self._is_edited = content["is_edited"]

    def customer_key(self) -> str:
        return self.customer.customer_key()

    def is_recorded(self) -> bool:
        return False

    def set_draft_bar(self, draft_bar: QWidget) -> None:
        self.header.addWidget(draft_bar)

    def focus_start(self) -> None:
        (self.data.table if self.customer.customer_key() else self.customer.key).setFocus()

    def submit(self) -> None:
        if self.submit_button.isEnabled():
            self.check_then_send(self._check_data())

    def send_checked(self, checked: CheckedRequest) -> None:
        errors = errors_by_path(checked.problems)
        if errors:
            self._show_fields({path: (reason,) for path, reason in errors.items()})
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
        self.focus_start()

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        for section in (self.customer, self.data):
            section.set_locked(locked)

    def is_complete(self) -> bool:
        return bool(self.customer.customer_key())

    def _check_data(self) -> Steps[CheckedRequest]:
        from seam_portal_desktop.domain.request.check import check_steps

        return check_steps(self._wire(), self._clock())

    def _find_problems(self) -> Steps[Sequence[Problem]]:
        if not self._wire():
            return ()
        checked = yield from self._check_data()
        return checked.problems

    def _go_to(self, problem: Problem) -> None:
        """Show where the problem is. Only an error is marked there."""
        for section in (self.customer, self.data):
            field = section.show_field_error(problem.path, problem.reason)
            if field is not None:
                if problem.level != "error":
                    section.clear_errors()
                field.setFocus()
                return

    def _fill(self, draft: RequestDraft, unsent: list[Any] | None = None) -> None:
        self._is_filling = True
        try:
            for section in (self.customer, self.data):
                section.fill(draft)
            if unsent is not None:
                self.data.restore_unsent(unsent)
        finally:
            self._is_filling = False

    def _on_changed(self) -> None:
        if not self._is_filling:
            self._is_edited = True
            self.edited.emit()

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
