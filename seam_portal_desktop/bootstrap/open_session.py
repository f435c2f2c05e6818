"""The program behind a session's window: adapters, services and presenters, opened and closed."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from seam_portal_desktop.bootstrap.diagnostics_bundle import collect_parts, write_bundle
from seam_portal_desktop.bootstrap.help import collect_facts, read_licences, run_self_test_process
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.bootstrap.updates import downloads_folder, update_service
from seam_portal_desktop.diagnostics import Diagnostics
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.ports import GatewayFactory, Ledger, SecretStore
from seam_portal_desktop.paths import resource
from seam_portal_desktop.runtime import web_engine_obstacle
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.credentials import CredentialVault
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.help.about_dialog import AboutFacts
from seam_portal_desktop.ui.help.controller import HelpController, HelpSources
from seam_portal_desktop.ui.help.diagnostics_dialog import DiagnosticsPart
from seam_portal_desktop.ui.help.update_controller import UpdateController
from seam_portal_desktop.ui.shell.keyring_status import KeyringStatus
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.shell.window_controller import WindowController

if TYPE_CHECKING:
    from seam_portal_desktop.adapters.ledger.url_cipher import UrlCipher

_log = logging.getLogger(__name__)


class OpenSession:
    """Everything behind one window; closed in the reverse order of its making.

    ``other_mode`` is resolved when the user wants to enter or leave the demo. Without a
    `secret_store` the system's keyring is used, or memory in the demo; without `create_gateway`
    Seam is asked over HTTP. `diagnostics` tells of errors that nobody handled.
    """

    services: AppServices
    controller: WindowController
    ledger: Ledger

    def __init__(
        self,
        session: Session,
        *,
        secret_store: SecretStore | None = None,
        create_gateway: GatewayFactory | None = None,
        diagnostics: Diagnostics | None = None,
    ) -> None:
        self._diagnostics = diagnostics
        self._session = session
        self._create_gateway = create_gateway
        self._secret_store = secret_store or _default_secret_store(session.mode)
        self.window = session.window
        self._asked_for = 0
        self._closers = contextlib.AsyncExitStack()
        self._to_show: str | None = None
        self._is_listed = False
        self.other_mode: asyncio.Future[SessionMode] = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        """Load the adapters, let the controllers take over the window and open the ledger."""
        await asyncio.to_thread(_import_adapters)
        from seam_portal_desktop.adapters.ledger.url_cipher import UrlCipher
        from seam_portal_desktop.adapters.network.extra_authorities import extra_authorities
        from seam_portal_desktop.adapters.network.tls_probe import HttpTlsProbe

        self.window.preview.authorities.set_pems(await asyncio.to_thread(extra_authorities))
        cipher = UrlCipher(self._secret_store)
        self._make_services(cipher)
        controller = self.controller = WindowController(
            self.window,
            self.services,
            system_clock,
            web_engine_obstacle(),
            HttpTlsProbe(),
            self._session.policy,
        )
        self._closers.push_async_callback(self._end_previews)
        HelpController(self.window, self._help_sources(), system_clock, controller.scope)
        self._offer_other_mode()
        await self._open_ledger()
        if self.ledger.notice:
            self.window.add_notice(self.ledger.notice)
        if self._session.mode is SessionMode.DEMO:
            await self._fill_demo()
        self.window.can_close = self._can_close
        self._session.end_first_rows()
        controller.start()
        self._is_listed = True
        if self._to_show is not None:
            controller.addressed.show(self._to_show)
        keyring = KeyringStatus(self.window, cipher.find_out, cipher.keep_now, controller.scope)
        keyring.check()
        controller.workspaces.changed.connect(keyring.check_again)
        keyring.key_stored.connect(controller.previews.retry_unreadable)
        updates = await update_service(self._session, self.services.workspaces, self._closers)
        UpdateController(self.window, updates, system_clock, downloads_folder(), controller.scope)

    def _make_services(self, cipher: UrlCipher) -> None:
        from seam_portal_desktop.adapters.files.presets import FilePresetStore
        from seam_portal_desktop.adapters.files.user_files import read_file, write_file
        from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
        from seam_portal_desktop.adapters.network.image_fetch import HttpImageFetch
        from seam_portal_desktop.adapters.seam.gateway import create_gateway

        session, policy, user = self._session, self._session.policy, _os_user()
        workspaces = WorkspaceService(
            session.preferences,
            session.data,
            CredentialVault(self._secret_store),
            self._create_gateway or create_gateway,
            policy=policy,
        )
        self._closers.push_async_callback(workspaces.aclose)
        place = policy.ledger_url.reveal() if policy.ledger_url else session.paths.ledger
        self.ledger = SqlLedger(place, cipher, system_clock, os_user=user)
        self._closers.push_async_callback(self.ledger.close)
        self._closers.push_async_callback(self._save_view)
        self.services = AppServices(
            self.ledger,
            workspaces,
            system_clock,
            user,
            preset_store=FilePresetStore(session.paths.presets, resource("presets")),
            data=session.data,
            fetch_image=HttpImageFetch(),
            read_file=read_file,
            write_file=write_file,
            policy=policy,
        )

    def say_why_not(self, error: BaseException) -> None:
        """Show what kept `open` from its end, with a way to try again in a new window."""
        if isinstance(error, UserFacingError):
            _log.warning("The session could not be opened", exc_info=error)
        else:
            _log.error("The session could not be opened", exc_info=error)
            error = UserFacingError(
                "The program could not start completely.",
                f"The log says more: {self._session.paths.log}. Try again, or close the "
                "window and start the program anew.",
                technical=type(error).__name__,
            )
        pane = self.window.pane
        pane.set_error(error)
        pane.retry_requested.connect(lambda: self._change_mode(self._session.mode))

    def show_portal(self, portal_id: str) -> None:
        """Select a row now or, while the list is being opened, then."""
        self._to_show = portal_id
        if self._is_listed:
            self.controller.addressed.show(portal_id)

    async def close(self) -> None:
        """End everything behind the window, then the window."""
        if self._is_listed and self.services.creation.is_saving:
            # The keyring may take a minute, and its prompt makes no sense without the program.
            self.window.show_closing("Saving a link… If the keyring asks for something, answer it.")
        else:
            self.window.hide()
        self.window.preview.shutdown()
        await self._closers.aclose()
        self.window.hide()
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
        self._closers.push_async_callback(asyncio.to_thread, sandbox.stop)  # it joins a thread
        await connect_demo(sandbox, self.services.workspaces, self.ledger)
        self.controller.show_workspaces()

    def _help_sources(self) -> HelpSources:
        from seam_portal_desktop.adapters.files.user_files import write_file

        diagnostics = self._diagnostics
        if diagnostics is not None:
            self._closers.callback(diagnostics.set_bug_handler, None)
        return HelpSources(
            collect_facts=self._gather_facts,
            run_self_test=run_self_test_process,
            read_licences=read_licences,
            collect_parts=self._gather_parts,
            write_bundle=write_bundle,
            write_file=write_file,
            notify_of_bugs=diagnostics.set_bug_handler if diagnostics else lambda _on_bug: None,
            previous_crash=diagnostics.take_previous_crash() if diagnostics is not None else "",
        )

    async def _gather_facts(self) -> AboutFacts:
        return await collect_facts(
            self._session.paths,
            self._session.policy,
            workspaces=len(self.services.workspaces.connections),
        )

    async def _gather_parts(self) -> Sequence[DiagnosticsPart]:
        return await collect_parts(self._session.paths, await self._gather_facts())

    def _offer_other_mode(self) -> None:
        actions = self.window.actions_
        for action, mode in (
            (actions.try_demo, SessionMode.DEMO),
            (actions.leave_demo, SessionMode.REAL),
        ):
            action.setEnabled(mode is not self._session.mode)
            action.triggered.connect(lambda *_, mode=mode: self._want(mode))

    def _unsaved_count(self) -> int:
        return self.services.creation.unsaved_count if self._is_listed else 0

    def _can_close(self) -> bool:
        """Keep the window open once for links that only this program still has."""
        unsaved = self._unsaved_count()
        if unsaved <= self._asked_for:
            return True
        self._asked_for = unsaved
        self.controller.links.offer_to_save(
            UserFacingError(
                _not_saved(unsaved),
                "Closing the window again ends the program without it. Try again to save it, or "
                "copy the link first."
                if unsaved == 1
                else "Closing the window again ends the program without them. Try again to save "
                "them, or copy the links first.",
            )
        )
        return False

    def _want(self, mode: SessionMode) -> None:
        enter = "Enter the demo" if mode is SessionMode.DEMO else "Leave the demo"
        unsaved = self._unsaved_count()
        if unsaved:
            self.window.status_area.show_error(
                UserFacingError(
                    _not_saved(unsaved),
                    "The program has to save or forget it before it can show something else. "
                    "Copy the link first."
                    if unsaved == 1
                    else "The program has to save or forget them before it can show something "
                    "else. Copy the links first.",
                ),
                action=StatusAction(enter, lambda: self._change_mode(mode)),
            )
            return
        if not self.services.workspaces.session_only:
            self._change_mode(mode)
            return
        self.window.status_area.show_error(
            UserFacingError(
                "Entering the demo ends what is kept for this run only.",
                "Workspaces that were connected for this run have to be connected again, and "
                "links made without a keyring can't be read any more. Send those links first.",
            ),
            action=StatusAction(enter, lambda: self._change_mode(mode)),
        )

    def _change_mode(self, mode: SessionMode) -> None:
        if not self.other_mode.done():
            self.other_mode.set_result(mode)

    async def _end_previews(self) -> None:
        """First of all, while Seam, or the demo's stand-in for it, can still be asked."""
        await self.controller.close()
        await self.services.aclose()

    async def _save_view(self) -> None:
        self._session.data.window = self.window.view_state.save()
        with contextlib.suppress(UserFacingError):
            # Nobody is there to read it any more, and only the layout is lost.
            await self.services.workspaces.save()


def _not_saved(number: int) -> str:
    return "1 link isn’t saved yet." if number == 1 else f"{number} links aren’t saved yet."


def _import_adapters() -> None:
    """Import what is heavy in a thread, so that the painted window answers meanwhile, and find
    the way out."""
    import seam_portal_desktop.adapters.keyring.store
    import seam_portal_desktop.adapters.ledger.sql_ledger
    import seam_portal_desktop.adapters.seam.gateway  # noqa: F401
    from seam_portal_desktop.adapters.network.system_proxy import follow_desktop_proxies

    follow_desktop_proxies()  # before anybody is asked


def _default_secret_store(mode: SessionMode) -> SecretStore:
    if mode is SessionMode.DEMO:
        from seam_portal_desktop.adapters.keyring.store import SessionSecretStore

        return SessionSecretStore()
    from seam_portal_desktop.adapters.keyring.store import KeyringSecretStore

    return KeyringSecretStore()


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name for this uid; no pwd on Windows
        return "unknown"
