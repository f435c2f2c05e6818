"""One window on one data directory, with everything behind it, opened and closed in order."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import shutil
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from seam_portal_desktop.adapters.preferences import JsonPreferences
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.ui.banner import Banner
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.main_window import MainWindow
from seam_portal_desktop.ui.portals.pane import PaneState
from seam_portal_desktop.ui.theme import Theme, Tone

if TYPE_CHECKING:
    from seam_portal_desktop.domain.ports import Ledger, SecretStore
    from seam_portal_desktop.domain.workspace import WorkspaceConnection
    from seam_portal_desktop.sandbox.server import SandboxServer
    from seam_portal_desktop.services.portals import PortalService
    from seam_portal_desktop.services.workspaces import WorkspaceService
    from seam_portal_desktop.ui.presenters.window import WindowPresenter

_SNAPSHOT_ROWS = 1000

_DEMO_BANNER = (
    "Demo: a stand-in for Seam runs on this computer. The customers are made up, nothing is sent "
    "anywhere, and all of it is gone when you leave."
)


class SessionMode(Enum):
    REAL = auto()
    DEMO = auto()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """What an open session is made of, for whoever drives it from outside (the self-test)."""

    presenter: WindowPresenter
    portals: PortalService
    workspaces: WorkspaceService
    ledger: Ledger


class Session:
    """Made with a window and nothing else, so that it can be painted at once.

    `open` adds the rest and `close` ends it in reverse. `other_mode` is resolved when the user
    wants to enter or leave the demo; whoever runs the session sets it before `open`.
    """

    other_mode: asyncio.Future[SessionMode]

    def __init__(self, mode: SessionMode, paths: AppPaths, theme: Theme, icons: Icons) -> None:
        self.mode = mode
        self.paths = paths
        self._theme = theme
        self._icons = icons
        if mode is SessionMode.DEMO:
            # Its links died with the sandbox that made them.
            shutil.rmtree(paths.data_dir, ignore_errors=True)
        self._preferences = JsonPreferences(paths.preferences)
        self._data = self._preferences.load()
        self._closers = contextlib.AsyncExitStack()
        self.window = MainWindow(theme, icons, system_clock, is_demo=mode is SessionMode.DEMO)
        self.window.restore_view(self._data.window)

    def show(self) -> None:
        """Show the window with what is known without waiting: the workspaces' names."""
        current = self._current()
        self.window.show_workspaces(self._data.connections, current, frozenset())
        has_list = current is not None or self.mode is SessionMode.DEMO
        self.window.pane.set_state(PaneState.LOADING if has_list else PaneState.NO_WORKSPACE)
        if self.mode is SessionMode.DEMO:
            self._add_banner(_DEMO_BANNER, Tone.INFO, "graduation-cap")
        if self._preferences.notice:
            self._add_banner(self._preferences.notice, Tone.WARNING, "file-warning")
        self.window.show()

    async def open(self) -> OpenSession:
        """Show the rows as they were left, load the adapters, open the ledger, join it all."""
        await self._show_snapshot()
        await asyncio.to_thread(_import_adapters)
        from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
        from seam_portal_desktop.adapters.ledger.url_cipher import UrlCipher
        from seam_portal_desktop.adapters.seam_gateway import create_gateway
        from seam_portal_desktop.services.credentials import CredentialVault
        from seam_portal_desktop.services.portals import PortalService
        from seam_portal_desktop.services.workspaces import WorkspaceService
        from seam_portal_desktop.ui.presenters.window import WindowPresenter

        store = self._secret_store()
        workspaces = WorkspaceService(
            self._preferences, self._data, CredentialVault(store), create_gateway
        )
        self._closers.push_async_callback(workspaces.aclose)
        cipher = UrlCipher(store)
        ledger = SqlLedger(self.paths.ledger, cipher, system_clock)
        self._closers.push_async_callback(ledger.close)
        self._closers.push_async_callback(self._save_view, workspaces)
        portals: asyncio.Future[PortalService] = asyncio.get_running_loop().create_future()
        presenter = WindowPresenter(self.window, portals, workspaces, system_clock)
        self._closers.push_async_callback(presenter.close)
        self._offer_other_mode()
        await self._open_ledger(ledger)
        if ledger.notice:
            self._add_banner(ledger.notice, Tone.WARNING, "file-warning")
        if self.mode is SessionMode.DEMO:
            await self._fill_demo(workspaces, ledger)
        portals.set_result(PortalService(ledger, workspaces.gateway, system_clock, _os_user()))
        presenter.start()
        presenter.watch_keeping(cipher.find_out, cipher.keep_now)
        return OpenSession(presenter, portals.result(), workspaces, ledger)

    async def close(self) -> None:
        """End everything behind the window, then the window. Safe to call more than once."""
        self.window.hide()
        self.window.preview.shutdown()
        await self._closers.aclose()
        self.window.deleteLater()

    async def _show_snapshot(self) -> None:
        """Paint the rows before the database library is even imported."""
        current = self._current()
        pane = self.window.pane
        if current is None or self.mode is SessionMode.DEMO or not pane.shows_newest_first():
            return
        from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
        from seam_portal_desktop.domain.ports import PortalPage

        rows = await asyncio.to_thread(
            read_snapshot,
            self.paths.ledger,
            current.workspace.workspace_id,
            limit=_SNAPSHOT_ROWS,
        )
        if rows:
            now = system_clock()
            pane.set_page(PortalPage(rows, 0, len(rows)))
            if len(rows) < _SNAPSHOT_ROWS:
                pane.set_counts(Counter(row.status(now) for row in rows))
            pane.set_state(PaneState.READY)

    async def _open_ledger(self, ledger: Ledger) -> None:
        """Open it, as often as it takes: without the ledger nothing may be created."""
        while True:
            try:
                await ledger.open()
            except LedgerError as error:
                self.window.pane.set_error(error)
                self.window.status_area.show_error(error)
                again: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                retry = self.window.pane.retry_requested.connect(
                    lambda again=again: again.done() or again.set_result(None)
                )
                await again
                self.window.pane.retry_requested.disconnect(retry)
            else:
                return

    async def _fill_demo(self, workspaces: WorkspaceService, ledger: Ledger) -> None:
        from seam_portal_desktop.bootstrap.demo import connect_demo, start_sandbox

        sandbox: SandboxServer = await asyncio.to_thread(start_sandbox, with_demo_data=True)
        self._closers.callback(sandbox.stop)
        await connect_demo(sandbox, workspaces, ledger)
        self.window.show_workspaces(workspaces.connections, workspaces.current, frozenset())

    def _secret_store(self) -> SecretStore:
        if self.mode is SessionMode.DEMO:
            from seam_portal_desktop.adapters.session_secret_store import SessionSecretStore

            return SessionSecretStore()
        from seam_portal_desktop.adapters.keyring_store import KeyringSecretStore

        return KeyringSecretStore()

    def _offer_other_mode(self) -> None:
        actions = self.window.actions_
        for action, mode in (
            (actions.try_demo, SessionMode.DEMO),
            (actions.leave_demo, SessionMode.REAL),
        ):
            action.setEnabled(mode is not self.mode)
            action.triggered.connect(lambda *_, mode=mode: self._want(mode))

    def _want(self, mode: SessionMode) -> None:
        if not self.other_mode.done():
            self.other_mode.set_result(mode)

    def _current(self) -> WorkspaceConnection | None:
        wanted = self._data.current_connection_id
        return next((one for one in self._data.connections if one.connection_id == wanted), None)

    async def _save_view(self, workspaces: WorkspaceService) -> None:
        self._data.window = self.window.view_state()
        with contextlib.suppress(UserFacingError):
            # Nobody is there to read it any more, and only the layout is lost.
            await workspaces.save()

    def _add_banner(self, text: str, tone: Tone, icon: str) -> None:
        banner = Banner(self._theme, self._icons, text=text, icon=icon, tone=tone, closable=True)
        self.window.add_banner(banner)


def _import_adapters() -> None:
    """Import what is heavy in a thread, so that the painted window answers meanwhile."""
    import seam_portal_desktop.adapters.keyring_store
    import seam_portal_desktop.adapters.ledger.sql_ledger
    import seam_portal_desktop.adapters.seam_gateway  # noqa: F401


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name for this uid; no pwd on Windows
        return "unknown"
