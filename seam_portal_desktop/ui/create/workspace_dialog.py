"""Base classes: a dialog that changes something in a workspace, and one that creates a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.request.steps import Steps
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.step_runner import StepRunner
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request.problems import CheckedRequest


class WorkspaceDialog(FormDialog):
    """A form for one workspace. Title and primary button warn of production.

    Subclasses set `texts`, and `production_texts` and `demo_texts` where they differ: the title
    and the button's text.
    """

    texts = production_texts = ("", "")
    demo_texts: tuple[str, str] | None = None
    _is_production = False

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.strip = WorkspaceStrip(theme, icons, self)
        self.header.addWidget(self.strip)
        self._set_texts(self.texts)
        self._check = StepRunner(self)
        self._check.done.connect(self._on_checked)
        self.cancel_requested.connect(self._cancel_check)

    def set_workspace(self, label: str, kind: WorkspaceKind, *, demo: bool) -> None:
        self._is_production = kind is WorkspaceKind.PRODUCTION and not demo
        if self._is_production:
            self._set_texts(self.production_texts)
        else:
            self._set_texts(self.demo_texts if demo and self.demo_texts else self.texts)
        self.strip.set_workspace(label, kind, demo=demo)
        self._update_buttons()

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        super().set_busy(busy, text)
        self._update_buttons()

    def is_complete(self) -> bool:
        """Whether the fields allow the primary button to be pressed."""
        raise NotImplementedError

    def check_then_send(self, check: Steps[CheckedRequest]) -> None:
        """Check what is to be sent, which takes seconds for 100,000 rows. Calls `send_checked`."""
        self._check.start(check)
        if self._check.is_running:
            self.set_busy(busy=True, text=_("Checking the data…"))

    def send_checked(self, checked: CheckedRequest) -> None:
        """Send it, or show why it can't be sent."""
        raise NotImplementedError

    def done(self, result: int) -> None:
        self._check.cancel()
        super().done(result)

    def _on_checked(self, checked: CheckedRequest) -> None:
        self.set_busy(False)
        self.send_checked(checked)

    def _cancel_check(self) -> None:
        if self._check.is_running:
            self._check.cancel()
            self.set_busy(False)

    def _set_texts(self, texts: tuple[str, str]) -> None:
        title, self._submit_text = texts
        self.setWindowTitle(title)

    def _update_buttons(self) -> None:
        self.set_submit(self._submit_text, loud=self._is_production)
        self.submit_button.setEnabled(not self.is_busy and self.is_complete())


class LinkDialog(WorkspaceDialog):
    """Creates a link. After `create_requested` the controller sets the dialog busy and creates it.

    Then it calls accept(), show_error() or show_unknown_outcome().
    """

    create_requested = Signal()
    link_may_exist = False

    def show_unknown_outcome(self, error: UserFacingError) -> None:
        """A link may exist. Enter closes the dialog, because creating again may make a second."""
        self.set_busy(False)
        self.link_may_exist = True
        self.error_card.set_error(error, notes=[self._unknown_outcome_note()])
        self._update_buttons()
        self.show_top()
        self.dismiss_button.setFocus()

    def _unknown_outcome_note(self) -> str:
        raise NotImplementedError

    def _update_buttons(self) -> None:
        super()._update_buttons()
        if self.link_may_exist:
            self.submit_button.setText(
                _("Create again in PRODUCTION") if self._is_production else _("Create again")
            )
            self.dismiss_button.setDefault(True)
