"""The program behind a session's window: adapters, services and presenters, opened and closed."""

from __future__ import annotations

import asyncio
import contextlib
import getpass

from seam_portal_desktop.bootstrap.help import gather_facts, run_self_test_process
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.ports import GatewayFactory, Ledger, SecretStore
from seam_portal_desktop.services.credentials import CredentialVault
from seam_portal_desktop.services.portals import PortalService
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.about import AboutFacts
from seam_portal_desktop.ui.presenters.window import WindowPresenter


class OpenSession:
    """Everything behind one window; closed in the reverse order of its making.

    ``other_mode`` is resolved when the user wants to enter or leave the demo. Without a
    `secret_store` the system's keyring is used, or memory in the demo; without `create_gateway`
    Seam is asked over HTTP.
    """

    presenter: WindowPresenter
    portals: PortalService
    workspaces: WorkspaceService
    ledger: Ledger

    def __init__(
        self,
        session: Session,
        *,
        secret_store: SecretStore | None = None,
        create_gateway: GatewayFactory | None = None,
    ) -> None:
        self._session = session
        self._create_gateway = create_gateway
        self._secret_store = secret_store or _default_secret_store(session.mode)
        self.window = session.window
        self._closers = contextlib.AsyncExitStack()
        self._to_show: str | None = None
        self.other_mode: asyncio.Future[SessionMode] = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        """Load the adapters, open the ledger and let the presenters take over the window."""
        await asyncio.to_thread(_import_adapters)
        self._session.show_snapshot()
        from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
        from seam_portal_desktop.adapters.ledger.url_cipher import UrlCipher
        from seam_portal_desktop.adapters.seam_gateway import create_gateway

        store = self._secret_store
        create = self._create_gateway or create_gateway
        self.workspaces = WorkspaceService(
            self._session.preferences, self._session.data, CredentialVault(store), create
        )
        self._closers.push_async_callback(self.workspaces.aclose)
        cipher = UrlCipher(store)
        ledger = self.ledger = SqlLedger(self._session.paths.ledger, cipher, system_clock)
        self._closers.push_async_callback(ledger.close)
        self._closers.push_async_callback(self._save_view)
        portals: asyncio.Future[PortalService] = asyncio.get_running_loop().create_future()
        self.presenter = WindowPresenter(self.window, portals, self.workspaces, system_clock)
        self._closers.push_async_callback(self.presenter.close)
        self.presenter.offer_help(self._gather_facts, run_self_test_process)
        self._offer_other_mode()
        await self._open_ledger()
        if ledger.notice:
            self.window.add_notice(ledger.notice)
        if self._session.mode is SessionMode.DEMO:
            await self._fill_demo()
        self.portals = PortalService(ledger, self.workspaces.gateway, system_clock, _os_user())
        portals.set_result(self.portals)
        self.presenter.start()
        if self._to_show is not None:
            self.presenter.addressed.show(self._to_show)
        self.presenter.watch_keeping(cipher.find_out, cipher.keep_now)

    def show_portal(self, portal_id: str) -> None:
        """Select a row now or, while the list is being opened, then."""
        self._to_show = portal_id
        if hasattr(self, "portals"):
            self.presenter.addressed.show(portal_id)

    async def close(self) -> None:
        """End everything behind the window, then the window. Safe to call more than once."""
        self.window.hide()
        self.window.preview.shutdown()
        await self._closers.aclose()
        self.window.deleteLater()

    async def _open_ledger(self) -> None:
        """Open it, as often as it takes: without the ledger nothing may be created."""
        pane = self.window.pane
        while True:
            try:
                await self.ledger.open()
            except LedgerError as error:
                pane.set_error(error)
                again = asyncio.Event()
                retry = pane.retry_requested.connect(again.set)
                await again.wait()
                pane.retry_requested.disconnect(retry)
            else:
                return

    async def _fill_demo(self) -> None:
        from seam_portal_desktop.bootstrap.demo import connect_demo, start_sandbox

        sandbox = await asyncio.to_thread(start_sandbox, with_demo_data=True)
        self._closers.callback(sandbox.stop)
        await connect_demo(sandbox, self.workspaces, self.ledger)
        self.presenter.show_workspaces()

    async def _gather_facts(self) -> AboutFacts:
        return await gather_facts(self._session.paths, workspaces=len(self.workspaces.connections))

    def _offer_other_mode(self) -> None:
        actions = self.window.actions_
        for action, mode in (
            (actions.try_demo, SessionMode.DEMO),
            (actions.leave_demo, SessionMode.REAL),
        ):
            action.setEnabled(mode is not self._session.mode)
            action.triggered.connect(lambda *_, mode=mode: self._want(mode))

    def _want(self, mode: SessionMode) -> None:
        if not self.other_mode.done():
            self.other_mode.set_result(mode)

    async def _save_view(self) -> None:
        self._session.data.window = self.window.view_state()
        with contextlib.suppress(UserFacingError):
            # Nobody is there to read it any more, and only the layout is lost.
            await self.workspaces.save()


def _import_adapters() -> None:
    """Import what is heavy in a thread, so that the painted window answers meanwhile."""
    import seam_portal_desktop.adapters.keyring_store
    import seam_portal_desktop.adapters.ledger.sql_ledger
    import seam_portal_desktop.adapters.seam_gateway  # noqa: F401


def _default_secret_store(mode: SessionMode) -> SecretStore:
    if mode is SessionMode.DEMO:
        from seam_portal_desktop.adapters.session_secret_store import SessionSecretStore

        return SessionSecretStore()
    from seam_portal_desktop.adapters.keyring_store import KeyringSecretStore

    return KeyringSecretStore()


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name for this uid; no pwd on Windows
        return "unknown"
