"""Asks before a workspace's credential is erased, which can't be undone."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.form_parts import in_menu, isolate, one_line, shortened
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from seam_portal_desktop.ui.workspaces.environment import LABEL_CHARACTERS

_CREDENTIAL_WORDS = {
    CredentialKind.API_KEY: _("API key"),
    CredentialKind.PERSONAL_ACCESS_TOKEN: _("access token"),
}


class RemoveWorkspaceDialog(FormDialog):
    """Open it with open(); `accepted` means that the user wants `connection` removed."""

    def __init__(
        self,
        connection: WorkspaceConnection,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, icons, parent)
        self.setWindowTitle(_("Remove workspace"))
        secret = _CREDENTIAL_WORDS[connection.credential_kind]
        self.set_question(
            _("Forget the {secret} for {connection}?").format(
                secret=secret, connection=isolate(one_line(connection.label))
            ),
            _(
                "The {secret} is erased from this computer’s keyring and the workspace leaves the "
                "list. Links that were made stay alive in Seam, and their rows stay in the ledger: "
                "they are back when you connect this workspace again. Its senders are removed with "
                "their passwords."
            ).format(secret=secret),
        )
        short = in_menu(isolate(shortened(connection.label, LABEL_CHARACTERS)))
        self.set_submit(
            _("Forget the {secret} for {short}").format(secret=secret, short=short), loud=True
        )
        self.dismiss_button.setDefault(True)
        self.dismiss_button.setFocus()
