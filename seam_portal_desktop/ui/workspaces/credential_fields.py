"""The fields of the connect dialog; each checks its text and shows the result."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.credential import CredentialKind, recognise_credential
from seam_portal_desktop.domain.endpoint import (
    DEFAULT_ENDPOINT,
    InvalidEndpointError,
    parse_endpoint,
)
from seam_portal_desktop.domain.workspace import SEAM_ID
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import Field, SecretField
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Tone

_UUID_LENGTH = 36
_LONGEST_PREFIX = "seam_at"

_KIND_NOTES = {
    CredentialKind.API_KEY: ("key-round", _("API key: opens the one workspace it was made in.")),
    CredentialKind.PERSONAL_ACCESS_TOKEN: (
        "id-card",
        _("Personal access token: may open several workspaces, so say which."),
    ),
}


class CredentialField(SecretField):
    """The field for the secret. Only the text of its line edit contains it."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(
            _("API key or personal access token"),
            icons,
            parent,
            show=_("Show the credential"),
            hide=_("Hide the credential"),
            hint=_("From the Seam Console, under Developer. It goes into this computer’s keyring."),
        )
        self.edit.setObjectName("credential")
        self.edit.textEdited.connect(self._trim)

    def kind(self) -> CredentialKind | None:
        return recognise_credential(self.edit.text()).kind

    def problem(self) -> str | None:
        if self.is_empty():
            return _("Paste an API key or a personal access token.")
        return recognise_credential(self.edit.text()).problem

    def update_note(self) -> None:
        typed = self.edit.text()
        shape = recognise_credential(typed)
        if shape.kind is not None:
            icon, text = _KIND_NOTES[shape.kind]
            self.note.show_note(text, Tone.SUCCESS, icon)
        elif shape.problem is not None and not _LONGEST_PREFIX.startswith(typed):
            self.note.show_error(shape.problem)
        else:
            # A part of a prefix isn't wrong yet.
            self.note.clear()

    def _trim(self, text: str) -> None:
        if text != text.strip():
            self.edit.setText(text.strip())


class WorkspaceIdField(Field):
    """The id of the workspace to open with a personal access token."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Workspace id"), icons, parent, hint=_("In the Seam Console’s workspace settings.")
        )
        self.edit.setObjectName("workspaceId")
        self.edit.setPlaceholderText("00000000-0000-0000-0000-000000000000")

    def workspace_id(self) -> str:
        return self.edit.text().strip().lower()

    def problem(self) -> str | None:
        typed = self.workspace_id()
        if not typed:
            return _("A personal access token needs the id of its workspace.")
        if not SEAM_ID.fullmatch(typed):
            return _("A workspace id looks like 00000000-0000-0000-0000-000000000000.")
        return None

    def update_note(self) -> None:
        # Nothing is shown while the id is incomplete.
        if len(self.workspace_id()) < _UUID_LENGTH or self.check():
            self.note.clear()


class EndpointField(Field):
    """The URL of the service; empty means Seam's own."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Endpoint"), icons, parent, hint=_("Leave empty unless IT gave you an address.")
        )
        self.edit.setObjectName("endpoint")
        self.edit.setPlaceholderText(DEFAULT_ENDPOINT)
        self.edit.editingFinished.connect(self.check)
        self._is_fixed = False

    def fix(self, endpoint: str, why: str) -> None:
        """Show an endpoint that can't be changed, and the reason."""
        self.edit.setText(endpoint)
        self._is_fixed = True
        self.set_locked(locked=True)
        self.note.show_note(why, Tone.NEUTRAL, "lock")

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        super().set_locked(locked or self._is_fixed)

    def endpoint(self) -> str:
        """Raises InvalidEndpointError."""
        return parse_endpoint(self.edit.text().strip() or DEFAULT_ENDPOINT)

    def problem(self) -> str | None:
        try:
            self.endpoint()
        except InvalidEndpointError as error:
            return str(error)
        return None
