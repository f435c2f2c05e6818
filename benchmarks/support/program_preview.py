"""The program, connected to a sandbox, creates a portal. Arguments: data directory, endpoint, key.

The window, the presenters, the ledger and the gateway are the program's own; only the keyring is
replaced by memory, because it may ask.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from seam_portal_desktop import runtime
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.paths import app_paths
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

_SETTLE_SECONDS = 0.5


async def _create_portal(session: Session, endpoint: str, api_key: str) -> None:
    from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
    from seam_portal_desktop.bootstrap.open_session import OpenSession
    from seam_portal_desktop.domain.credential import Credential, CredentialKind
    from seam_portal_desktop.domain.secret import Secret
    from seam_portal_desktop.ui.create.dialog import NewPortalDialog

    program = OpenSession(session, secret_store=SessionSecretStore())
    await program.open()
    credential = Credential(CredentialKind.API_KEY, Secret(api_key))
    workspace = await program.workspaces.check(endpoint, credential)
    await program.workspaces.connect(workspace.name, endpoint, credential, workspace)
    program.presenter.show_workspaces()
    program.presenter.list.start_over()
    session.window.actions_.new_portal.trigger()
    dialog = session.window.findChild(NewPortalDialog)
    dialog.customer.key.setText("harbor-hotel")
    await asyncio.sleep(_SETTLE_SECONDS)  # somebody is typing

    from PySide6.QtWidgets import QApplication

    if QApplication.activeModalWidget() is not dialog:
        raise RuntimeError("The New portal dialog is not open.")
    _watch(session, dialog.create_button.click)
    await asyncio.Event().wait()


def _watch(session: Session, create) -> None:  # noqa: ANN001
    from support.render_probe import RenderProbe, print_and_end

    RenderProbe(session.window, create, print_and_end)


def main() -> None:
    runtime.prepare_environment(software_rendering=False)
    app = runtime.create_application(sys.argv[:1])
    runtime.set_default_locale()
    theme = Theme(app)
    theme.install()
    paths = app_paths(Path(sys.argv[1]))
    session = Session(SessionMode.REAL, paths, theme, Icons(theme))
    session.show()
    session.add_list()
    session.complete()
    runtime.run(app, lambda _stop: _create_portal(session, sys.argv[2], sys.argv[3]))


main()
os._exit(1)
