"""Connecting a workspace: check whose credential it is first, save it second."""

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
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind
from seam_portal_desktop.ui.workspaces.credential_fields import (
    CredentialField,
    EndpointField,
    Field,
    WorkspaceIdField,
)
from seam_portal_desktop.ui.workspaces.workspace_card import WorkspaceCard


class ConnectWorkspaceDialog(FormDialog):
    """Open it with open(). Two steps in one form:

    `check_requested(endpoint, credential)` → set_busy(True) → show_workspace() or show_error();
    then `save_requested(label)` or, after show_keyring_problem(), perhaps
    `save_for_this_run_requested(label)` → set_busy(True) → accept() or show_error(). An empty
    label means the workspace's own name. Editing what was checked goes back to the first step.
    The secret is wiped when the dialog finishes.
    """

    check_requested = Signal(str, object)
    save_requested = Signal(str)
    save_for_this_run_requested = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle("Connect a workspace")
        self._workspace: Workspace | None = None
        self._keyring_refuses = False
        self.credential = CredentialField(icons, self)
        self.workspace_id = WorkspaceIdField(icons, self)
        self.name = Field("Name", icons, self, hint="What you call this workspace here.")
        self.name.edit.setObjectName("workspaceName")
        self.endpoint = EndpointField(icons, self)
        self.disclosure = QPushButton("Advanced", self)
        self.disclosure.setObjectName("advanced")
        self.disclosure.setAutoDefault(False)
        set_kind(self.disclosure, "link")
        self.workspace_card = WorkspaceCard(theme, icons, self)

        self.body.setSpacing(Spacing.M)
        for widget in (
            self.credential,
            self.workspace_id,
            self.name,
            self.disclosure,
            self.endpoint,
            self.workspace_card,
        ):
            self.body.addWidget(widget)
        self.body.setAlignment(self.disclosure, Qt.AlignmentFlag.AlignLeading)
        self.body.addStretch(1)

        for field in (self.credential, self.workspace_id, self.endpoint):
            field.edited.connect(self._start_over)
        self.disclosure.clicked.connect(self._disclose)
        self.finished.connect(self.credential.wipe)
        self._disclosed = True
        self._disclose()
        self._start_over()

    def fix_endpoint(self, endpoint: str, why: str) -> None:
        """Use this endpoint and no other, and say why. Call it before the dialog is shown."""
        self.endpoint.fix(endpoint, why)
        self._disclose()

    def set_busy(self, busy: bool, text: str | None = None) -> None:  # noqa: FBT001
        asked = "Asking Seam…" if self._workspace is None else "Asking the keyring…"
        super().set_busy(busy, text or asked)
        if not busy:
            self._word_submit()

    def show_workspace(self, workspace: Workspace) -> None:
        """The check went well: show whose credential it is and offer to save it."""
        self.set_busy(False)
        self.error_card.clear()
        self._workspace = workspace
        self._keyring_refuses = False
        self.workspace_card.set_workspace(workspace)
        self.name.edit.setPlaceholderText(workspace.name)
        self._word_submit()
        self.name.edit.setFocus()
        self.body_scroll.ensureWidgetVisible(self.workspace_card)

    def show_error(self, error: UserFacingError) -> None:
        """What was asked for didn't happen; everything typed is kept."""
        self.set_busy(False)
        reasons = error.fields if isinstance(error, InvalidRequestError) else {}
        wrong: Field = self.credential
        notes: list[str] = []
        for path, texts in reasons.items():
            if path == "workspace_id" and self._needs_workspace_id():
                self.workspace_id.note.show_error(" ".join(texts))
                wrong = self.workspace_id
            else:
                notes.append(f"{path}: {' '.join(texts)}")
        self.error_card.set_error(error, notes=notes)
        self.show_top()
        if self._workspace is None:
            wrong.edit.setFocus()
            wrong.edit.selectAll()

    def show_keyring_problem(self, error: SecretStoreError) -> None:
        """The credential is good but can't be kept: try again, or use it until the program ends."""
        self.set_busy(False)
        self._keyring_refuses = isinstance(error, SecretTooLongError)
        actions = []
        if not self._keyring_refuses:
            once = QAction("Use for this run only", self)
            once.setToolTip("The program forgets the credential when it ends.")
            once.triggered.connect(self._save_for_this_run)
            actions.append(once)
        self.error_card.set_error(error, actions=actions)
        self._word_submit()
        if not self._keyring_refuses:
            self.set_submit("Try again", loud=self._is_production())
        self.show_top()

    def submit(self) -> None:
        if self._workspace is None:
            self._check()
        elif self._keyring_refuses:
            self._save_for_this_run()
        else:
            self.save_requested.emit(self.name.edit.text().strip())

    def lock_fields(self, locked: bool) -> None:  # noqa: FBT001
        if locked:
            self.credential.edit.setFocus()
        for field in (self.credential, self.workspace_id, self.name, self.endpoint):
            field.lock(locked)
        self.disclosure.setDisabled(locked)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.credential.edit.setFocus()

    def _check(self) -> None:
        fields: list[Field] = [self.credential, self.endpoint]
        if self._needs_workspace_id():
            fields.insert(1, self.workspace_id)
        wrong = [field for field in fields if not field.check()]
        if self.endpoint in wrong and not self._disclosed:
            self._disclose()
        if wrong:
            wrong[0].edit.setFocus()
            return
        kind = self.credential.kind()
        if kind is None:
            return
        workspace_id = self.workspace_id.workspace_id() if self._needs_workspace_id() else None
        credential = Credential(kind, self.credential.secret(), workspace_id)
        self.check_requested.emit(self.endpoint.endpoint(), credential)

    def _save_for_this_run(self) -> None:
        self.save_for_this_run_requested.emit(self.name.edit.text().strip())

    def _start_over(self) -> None:
        """What was checked is no longer what is typed."""
        self._workspace = None
        self._keyring_refuses = False
        self.error_card.clear()
        self.workspace_card.hide()
        self.name.edit.setPlaceholderText("The workspace’s own name")
        self.workspace_id.setVisible(self._needs_workspace_id())
        self._word_submit()

    def _word_submit(self) -> None:
        if self._workspace is None:
            self.set_submit("Check", loud=False)
        elif self._keyring_refuses:
            self.set_submit("Use for this run only", loud=self._is_production())
        else:
            text = "Save PRODUCTION workspace" if self._is_production() else "Save workspace"
            self.set_submit(text, loud=self._is_production())
        self.submit_button.setEnabled(not self.is_busy and not self.credential.is_empty())

    def _needs_workspace_id(self) -> bool:
        return self.credential.kind() is CredentialKind.PERSONAL_ACCESS_TOKEN

    def _is_production(self) -> bool:
        return self._workspace is not None and self._workspace.kind is WorkspaceKind.PRODUCTION

    def _disclose(self) -> None:
        self._disclosed = not self._disclosed
        self.endpoint.setVisible(self._disclosed)
        icon = "chevron-down" if self._disclosed else "chevron-right"
        self.disclosure.setIcon(self.icons.icon(icon, Tone.ACCENT))
        state = "shown" if self._disclosed else "hidden"
        self.disclosure.setAccessibleName(f"Advanced, {state}")
