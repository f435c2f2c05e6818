"""The fields of the connect dialog; each checks its text and shows the result."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.credential import CredentialKind, recognise_credential
from seam_portal_desktop.domain.endpoint import (
    DEFAULT_ENDPOINT,
    InvalidEndpointError,
    parse_endpoint,
)
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import SEAM_ID
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, heading
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_UUID_LENGTH = 36
_LONGEST_PREFIX = "seam_at"

_KIND_NOTES = {
    CredentialKind.API_KEY: ("key-round", _("API key: opens the one workspace it was made in.")),
    CredentialKind.PERSONAL_ACCESS_TOKEN: (
        "id-card",
        _("Personal access token: may open several workspaces, so say which."),
    ),
}


class Field(QWidget):
    """A title, a line edit and a note. Each change of the text emits `edited`."""

    edited = Signal()

    def __init__(
        self, title: str, icons: Icons, parent: QWidget | None = None, *, hint: str = ""
    ) -> None:
        super().__init__(parent)
        label = heading(title, self)
        self.edit = QLineEdit(self)
        self.edit.setAccessibleName(title)
        label.setBuddy(self.edit)
        self.note = FieldNote(self.edit, icons, hint=hint)
        self.line = QHBoxLayout()
        self.line.setSpacing(Spacing.XS)
        self.line.addWidget(self.edit, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.XS)
        column.addWidget(label)
        column.addLayout(self.line)
        column.addWidget(self.note)
        self.edit.textChanged.connect(self._on_edited)
        self.setFocusProxy(self.edit)

    def problem(self) -> str | None:
        """A sentence for the user about what is wrong with the text; None if it is valid."""
        return None

    def check(self) -> bool:
        """Show the problem, if there is one; True without one."""
        problem = self.problem()
        if problem is not None:
            self.note.show_error(problem)
        return problem is None

    def set_locked(self, locked: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        self.edit.setReadOnly(locked)

    def update_note(self) -> None:
        """Update the note while the user types."""
        self.note.clear()

    def _on_edited(self) -> None:
        self.update_note()
        self.edited.emit()


class CredentialField(Field):
    """The field for the secret. Only the text of its line edit contains it."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(
            _("API key or personal access token"),
            icons,
            parent,
            hint=_("From the Seam Console, under Developer. It goes into this computer’s keyring."),
        )
        self._icons = icons
        self.edit.setObjectName("credential")
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.edit.textEdited.connect(self._trim)
        self.reveal = QToolButton(self)
        self.reveal.setCheckable(True)
        set_kind(self.reveal, "quiet")
        self.reveal.toggled.connect(self._reveal)
        self._reveal(revealed=False)
        self.line.addWidget(self.reveal)

    def kind(self) -> CredentialKind | None:
        return recognise_credential(self.edit.text()).kind

    def secret(self) -> Secret:
        return Secret(self.edit.text())

    def is_empty(self) -> bool:
        return not self.edit.text()

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

    def wipe(self) -> None:
        """Remove the secret, also from the undo history."""
        self.reveal.setChecked(False)
        self.edit.setText("")

    def _trim(self, text: str) -> None:
        if text != text.strip():
            self.edit.setText(text.strip())

    def _reveal(self, revealed: bool) -> None:  # noqa: FBT001 - a slot
        mode = QLineEdit.EchoMode.Normal if revealed else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self.reveal.setIcon(self._icons.icon("eye-off" if revealed else "eye"))
        name = _("Hide the credential") if revealed else _("Show the credential")
        self.reveal.setToolTip(name)
        self.reveal.setAccessibleName(name)


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
