"""The program, connected to a sandbox, creates a portal and shows it.

Arguments: data directory, endpoint, key, "safe" or "live", seconds between the dialog's opening and
Create; then "parts" to print to standard error when each part of the way was done.

The window, the controllers, the ledger and the gateway are the program's own; only the keyring is
replaced by memory, because it may ask.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seam_portal_desktop import runtime
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.paths import app_paths
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWebEngineWidgets import QWebEngineView

_AFTER_START_SECONDS = 0.5


async def _create_portal(
    session: Session, endpoint: str, api_key: str, mode: str, typing_seconds: str, *parts: str
) -> None:
    from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
    from seam_portal_desktop.bootstrap.open_session import OpenSession
    from seam_portal_desktop.domain.credential import Credential, CredentialKind
    from seam_portal_desktop.domain.preview.kinds import PreviewMode
    from seam_portal_desktop.domain.secret import Secret
    from seam_portal_desktop.ui.create.dialog import NewPortalDialog

    program = OpenSession(session, secret_store=SessionSecretStore())
    await program.open()
    credential = Credential(CredentialKind.API_KEY, Secret(api_key))
    workspace = await program.services.workspaces.check(endpoint, credential)
    await program.services.workspaces.connect(workspace.name, endpoint, credential, workspace)
    program.controller.show_workspaces()
    program.controller.list.start_over()
    program.controller.previews.first_mode = PreviewMode(mode)
    engine_started = asyncio.Event()
    session.window.preview.engine.starting.connect(engine_started.set)
    program.controller.previews.on_workspace_changed()
    await engine_started.wait()  # as while a user looks at the list
    await asyncio.sleep(_AFTER_START_SECONDS)
    session.window.actions_.new_portal.trigger()
    dialog = session.window.findChild(NewPortalDialog)
    dialog.customer.key.setText("harbor-hotel")
    if float(typing_seconds):
        await asyncio.sleep(float(typing_seconds))

    from PySide6.QtWidgets import QApplication

    if QApplication.activeModalWidget() is not dialog:
        raise RuntimeError("The New portal dialog is not open.")
    marks = _Marks()
    if parts:
        dialog.finished.connect(lambda _: marks.add("dialog closed"))
        marks.follow(program)
    _watch(session, dialog.submit_button.click, marks)
    await asyncio.Event().wait()


class _Marks:
    """When each part of the way was done."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lines: list[str] = []

    def add(self, name: str) -> None:
        self._lines.append(f"{(time.monotonic() - self._began) * 1000:8.1f} ms  {name}")

    def print(self) -> None:
        print("", *self._lines, sep="\n", file=sys.stderr, flush=True)

    def follow(self, program: Any) -> None:  # noqa: ANN401 - OpenSession, imported later
        window = program.window
        self._wrap(program.services.creation, "create", "POST answered and recorded")
        self._wrap(program.services.safe_previews, "open_safe", "safe preview made")
        program.controller.list.updated.connect(lambda: self.add("row shown"))
        window.preview.engine.starting.connect(lambda: self.add("engine starts"))
        window.preview.first.page.opened.connect(self._follow_page)

    def _follow_page(self, session: Any) -> None:  # noqa: ANN401 - PageSession
        self.add("page opened")
        web = session.web
        web.loading_changed.connect(lambda on: self.add("load began" if on else "loaded"))
        web.painted.connect(lambda: self.add("first pixels"))
        web.rendered.connect(lambda: self.add("rendered"))

    def _wrap(self, service: object, name: str, words: str) -> None:
        call: Callable[..., Awaitable[Any]] = getattr(service, name)

        async def marked(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - the call's own
            answer = await call(*arguments, **options)
            self.add(words)
            return answer

        setattr(service, name, marked)


def _watch(session: Session, create: Callable[[], None], marks: _Marks) -> None:
    from support.render_probe import RenderProbe, print_and_end

    def done(report: dict[str, float]) -> None:
        marks.print()
        print_and_end(report)

    def find_view() -> QWebEngineView | None:
        web = session.window.preview.first.web
        return web.widget if web is not None else None

    RenderProbe(session.window, find_view, create, done)


def main() -> None:
    data_dir, *rest = sys.argv[1:]
    runtime.prepare_environment(software_rendering=False)
    app = runtime.create_application(sys.argv[:1])
    runtime.set_default_locale()
    theme = Theme(app)
    theme.install()
    session = Session(SessionMode.REAL, app_paths(Path(data_dir)), theme, Icons(theme))
    session.window.show()
    session.add_list()
    session.complete()
    runtime.run(app, lambda _stop: _create_portal(session, *rest))


main()
os._exit(1)
