"""The dialog that connects a workspace: it checks the credential, then saves it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from seam_portal_desktop.domain.credential import Credential, CredentialKind
from seam_portal_desktop.domain.errors import (
    InvalidRequestError,
    SecretStoreError,
    SecretTooLongError,
    UserFacingError,
)
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceKind
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.access.expandable import set_expanded
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import Field
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind
from seam_portal_desktop.ui.workspaces.credential_fields import (
    CredentialField,
    EndpointField,
    WorkspaceIdField,
)
from seam_portal_desktop.ui.workspaces.workspace_card import WorkspaceCard


class ConnectWorkspaceDialog(FormDialog):
    """Open it with open(). Two steps in one form:

    `check_requested(endpoint, credential)` → set_busy(True) → show_workspace() or show_error();
    then `save_requested(label)` or, perhaps after show_keyring_problem(),
    `save_for_this_run_requested(label)` → set_busy(True) → accept() or show_error(). An empty
    label stands for the workspace's own name. Editing a checked field goes back to the first
    step. The secret is wiped when the dialog finishes.
    """

    check_requested = Signal(str, object)
    save_requested = Signal(str)
    save_for_this_run_requested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Connect a workspace"))
        self._workspace: Workspace | None = None
        self._is_too_long = False
        self.credential = CredentialField(icons, self)
        self.workspace_id = WorkspaceIdField(icons, self)
        self.name = Field(_("Name"), icons, self, hint=_("What you call this workspace here."))
        self.name.edit.setObjectName("workspaceName")
        self.endpoint = EndpointField(icons, self)
        self.advanced_button = QPushButton(_("Advanced"), self)
        self.advanced_button.setObjectName("advanced")
        self.advanced_button.setAutoDefault(False)
        set_kind(self.advanced_button, "link")
        self.workspace_card = WorkspaceCard(theme, icons, self)

        self.body.setSpacing(Spacing.M)
        for widget in (
            self.credential,
            self.workspace_id,
            self.name,
            self.advanced_button,
            self.endpoint,
            self.workspace_card,
        ):
            self.body.addWidget(widget)
        self.body.setAlignment(self.advanced_button, Qt.AlignmentFlag.AlignLeading)
        self.body.addStretch(1)

        for field in (self.credential, self.workspace_id, self.endpoint):
            field.edited.connect(self._reset_check)
        self.advanced_button.clicked.connect(self._toggle_advanced)
        self.finished.connect(self.credential.wipe)
        self._is_advanced_shown = True
        self._toggle_advanced()
        self._reset_check()

    def fix_endpoint(self, endpoint: str, why: str) -> None:
        """Lock the endpoint and show why. Call it before the dialog is shown."""
        self.endpoint.fix(endpoint, why)
        self._toggle_advanced()

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        asked = _("Asking Seam…") if self._workspace is None else _("Asking the keyring…")
        super().set_busy(busy, text or asked)
        if not busy:
            self._update_submit()

    def show_workspace(self, workspace: Workspace) -> None:
        """Show the workspace of the credential and offer to save it."""
        self.set_busy(False)
        self.error_card.clear()
        self._workspace = workspace
        self._is_too_long = False
        self.workspace_card.set_workspace(workspace)
        self.name.edit.setPlaceholderText(workspace.name)
        self._update_submit()
        self.name.edit.setFocus()
        self.body_scroll.ensureWidgetVisible(self.workspace_card)

    def show_error(self, error: UserFacingError) -> None:
        """Show why the check or the save failed; what was typed is kept."""
        self.set_busy(False)
        reasons = error.fields if isinstance(error, InvalidRequestError) else {}
        invalid: Field = self.credential
        notes: list[str] = []
        for path, texts in reasons.items():
            if path == "workspace_id" and self._needs_workspace_id():
                self.workspace_id.note.show_error(" ".join(texts))
                invalid = self.workspace_id
            else:
                notes.append(f"{path}: {' '.join(texts)}")
        self.error_card.set_error(error, notes=notes)
        self.show_top()
        if self._workspace is None:
            invalid.edit.setFocus()
            invalid.edit.selectAll()

    def show_keyring_problem(self, error: SecretStoreError) -> None:
        """The keyring can't save the credential: offer a retry, or to use it for this run only."""
        self.set_busy(False)
        self._is_too_long = isinstance(error, SecretTooLongError)
        actions = []
        if not self._is_too_long:
            once = QAction(_("Keep until I quit"), self)
            once.setToolTip(_("The program forgets the credential when it ends."))
            once.triggered.connect(self._save_for_this_run)
            actions.append(once)
        self.error_card.set_error(error, actions=actions)
        self._update_submit()
        if not self._is_too_long:
            self.set_submit(_("Try again"), loud=self._is_production())
        self.show_top()

    def submit(self) -> None:
        if self._workspace is None:
            self._check()
        elif self._is_too_long:
            self._save_for_this_run()
        else:
            self.save_requested.emit(self.name.edit.text().strip())

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        if locked:
            self.credential.edit.setFocus()
        for field in (self.credential, self.workspace_id, self.name, self.endpoint):
            field.set_locked(locked)
        self.advanced_button.setDisabled(locked)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.credential.edit.setFocus()

    def _check(self) -> None:
        fields: list[Field] = [self.credential, self.endpoint]
        if self._needs_workspace_id():
            fields.insert(1, self.workspace_id)
        invalid = [field for field in fields if not field.check()]
        if self.endpoint in invalid and not self._is_advanced_shown:
            self._toggle_advanced()
        if invalid:
            invalid[0].edit.setFocus()
            return
        kind = self.credential.kind()
        if kind is None:
            return
        workspace_id = self.workspace_id.workspace_id() if self._needs_workspace_id() else None
        credential = Credential(kind, self.credential.secret(), workspace_id)
        self.check_requested.emit(self.endpoint.endpoint(), credential)

    def _save_for_this_run(self) -> None:
        self.save_for_this_run_requested.emit(self.name.edit.text().strip())

    def _reset_check(self) -> None:
        """Go back to the first step."""
        self._workspace = None
        self._is_too_long = False
        self.error_card.clear()
        self.workspace_card.hide()
        self.name.edit.setPlaceholderText(_("The workspace’s own name"))
        self.workspace_id.setVisible(self._needs_workspace_id())
        self._update_submit()

    def _update_submit(self) -> None:
        if self._workspace is None:
            self.set_submit(_("Check"), loud=False)
        elif self._is_too_long:
            self.set_submit(_("Keep until I quit"), loud=self._is_production())
        else:
            text = _("Save PRODUCTION workspace") if self._is_production() else _("Save workspace")
            self.set_submit(text, loud=self._is_production())
        self.submit_button.setEnabled(not self.is_busy and not self.credential.is_empty())

    def _needs_workspace_id(self) -> bool:
        return self.credential.kind() is CredentialKind.PERSONAL_ACCESS_TOKEN

    def _is_production(self) -> bool:
        return self._workspace is not None and self._workspace.kind is WorkspaceKind.PRODUCTION

    def _toggle_advanced(self) -> None:
        self._is_advanced_shown = not self._is_advanced_shown
        self.endpoint.setVisible(self._is_advanced_shown)
        icon = "chevron-down" if self._is_advanced_shown else "chevron-right"
        self.advanced_button.setIcon(self.icons.icon(icon, Tone.ACCENT))
        set_expanded(self.advanced_button, self._is_advanced_shown)
