"""Creates the adapters, services and controllers behind a session's window, and closes them."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from seam_portal_desktop.adapters.files.preferences import JsonPreferences
from seam_portal_desktop.bootstrap.diagnostics_bundle import collect_parts, write_bundle
from seam_portal_desktop.bootstrap.help import (
    collect_facts,
    read_guide,
    read_licences,
    run_self_test_process,
)
from seam_portal_desktop.bootstrap.leave_guard import LeaveGuard
from seam_portal_desktop.bootstrap.ledger_facts import collect_ledger_facts
from seam_portal_desktop.bootstrap.preview_proxies import KeptProxies, find_proxies
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.bootstrap.updates import downloads_folder, update_service
from seam_portal_desktop.diagnostics import Diagnostics
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.ports import GatewayFactory, Ledger, SecretStore
from seam_portal_desktop.domain.preferences import write_settings
from seam_portal_desktop.options import RENDER_TEMPLATES, parse_address
from seam_portal_desktop.paths import own_program, resource
from seam_portal_desktop.runtime import web_engine_obstacle
from seam_portal_desktop.services.app import AppServices, SendingParts
from seam_portal_desktop.services.unsaved.run_only_links import RunOnlyLinks
from seam_portal_desktop.services.workspaces import CredentialVault, WorkspaceService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.help.about_dialog import AboutFacts
from seam_portal_desktop.ui.help.controller import HelpController, HelpSources
from seam_portal_desktop.ui.help.diagnostics_dialog import DiagnosticsPart
from seam_portal_desktop.ui.help.update_controller import UpdateController
from seam_portal_desktop.ui.reminders.controller import RemindersController
from seam_portal_desktop.ui.settings.controller import SettingsController
from seam_portal_desktop.ui.settings.pages import LedgerFacts
from seam_portal_desktop.ui.shell.keyring_status import KeyringStatus
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.toolkit.times import zone_name
from seam_portal_desktop.ui.window_controller import WindowController

if TYPE_CHECKING:
    from datetime import datetime

    from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
    from seam_portal_desktop.domain.message.sender import MailAccount
    from seam_portal_desktop.sandbox.server import SandboxServer

_log = logging.getLogger(__name__)


class OpenSession:
    """All objects behind one window. They are closed in the reverse order of their creation.

    ``other_mode`` is resolved when the user enters or leaves the demo. The default of
    `secret_store` is the system's keyring, or memory in the demo; that of `create_gateway` is
    Seam's API. `diagnostics` reports unhandled errors.
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
        self._settings_before = session.settings.chosen
        self.window = session.window
        self._closers = contextlib.AsyncExitStack()
        self._sandbox: SandboxServer | None = None
        self._guard: LeaveGuard | None = None
        self._hurry_ledger: Callable[[], None] | None = None
        self._requested_address: str | None = None
        self._is_ready = False
        self.other_mode: asyncio.Future[SessionMode] = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        """Create the services and controllers, then open the ledger and show the list."""
        await asyncio.to_thread(_import_adapters)
        from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
        from seam_portal_desktop.adapters.network.extra_authorities import extra_authorities
        from seam_portal_desktop.adapters.network.tls_probe import HttpTlsProbe

        self.window.preview.network.set_find_proxies(KeptProxies(find_proxies).find)
        self.window.preview.authorities.set_pems(await asyncio.to_thread(extra_authorities))
        cipher = UrlCipher(self._secret_store)
        self._make_services(cipher)
        controller = self.controller = WindowController(
            self.window,
            self.services,
            self._session.clock,
            web_engine_obstacle(),
            HttpTlsProbe(),
            self._session.policy,
        )
        self._closers.push_async_callback(self._close_previews)
        settings = SettingsController(
            self.window,
            self._session.settings,
            self._session.policy,
            controller.clipboard,
            controller.previews,
            controller.portal,
            controller.sending,
            save=self._save_settings,
            collect_ledger_facts=self._collect_ledger_facts,
            scope=controller.scope,
        )
        self._reminders = RemindersController(
            self.window,
            self.services,
            self._session.settings,
            self._session.clock,
            controller.scope,
            show_words=controller.list.filter_by,
        )
        HelpController(self.window, self._help_sources(), system_clock, controller.scope)
        self._guard = guard = LeaveGuard(
            self.window,
            self.services,
            controller,
            RunOnlyLinks(
                self.services.changes, self._session.clock, lambda: cipher.kept_key_id is not None
            ),
            self._set_other_mode,
        )
        guard.connect_actions(self._session.mode)
        await self._open_ledger()
        if self.ledger.notice:
            self.window.add_notice(self.ledger.notice)
        if self._session.mode is SessionMode.DEMO:
            await self._fill_demo()
        self._report_dropped_settings()
        self.window.can_close = guard.can_close
        self._session.cancel_first_rows()
        controller.start()
        self._reminders.start()
        controller.workspace_changed.connect(self._reminders.look)
        self._is_ready = True
        if self._requested_address is not None:
            self._open_address(self._requested_address)
        keyring = KeyringStatus(
            self.window,
            cipher.find_problem,
            cipher.store_key,
            controller.scope,
            lambda: cipher.changed_key_notice,
        )
        keyring.check()
        controller.workspaces.changed.connect(keyring.check_again)
        keyring.key_stored.connect(controller.previews.retry_unreadable)
        keyring.key_stored.connect(controller.list.refresh)  # it can read more notes now
        keyring.key_stored.connect(controller.read_drafts)
        updates = await update_service(self._session, self.services.workspaces, self._closers)
        settings.updates = updates
        UpdateController(self.window, updates, system_clock, downloads_folder(), controller.scope)

    def _make_services(self, cipher: UrlCipher) -> None:
        from seam_portal_desktop.adapters.files.presets import FilePresetStore
        from seam_portal_desktop.adapters.files.user_files import write_file
        from seam_portal_desktop.adapters.ledger.sealed_drafts import SealedDrafts
        from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
        from seam_portal_desktop.adapters.network.image_fetch import HttpImageFetch
        from seam_portal_desktop.adapters.seam.gateway import create_gateway
        from seam_portal_desktop.adapters.tables.file_tables import FileTables
        from seam_portal_desktop.adapters.tables.writer import write_table

        session, policy, user = self._session, self._session.policy, _os_user()
        workspaces = WorkspaceService(
            session.preferences,
            session.data,
            CredentialVault(self._secret_store),
            self._create_gateway or partial(create_gateway, clock=session.clock),
            policy=policy,
        )
        self._closers.push_async_callback(workspaces.aclose)
        url = policy.ledger_url.reveal() if policy.ledger_url else session.paths.ledger
        self.ledger = SqlLedger(
            url, cipher, session.clock, os_user=user, kept_links=session.paths.kept_links
        )
        self._hurry_ledger = self.ledger.hurry
        self._closers.push_async_callback(self.ledger.close)
        self._closers.push_async_callback(self._save_view)
        drafts = SealedDrafts(session.paths.drafts, cipher)
        self._closers.callback(drafts.stop)
        self.services = AppServices(
            self.ledger,
            workspaces,
            session.clock,
            user,
            preset_store=FilePresetStore(session.paths.presets, resource("presets")),
            draft_store=drafts,
            data=session.data,
            fetch_image=HttpImageFetch(),
            write_file=write_file,
            table_files=FileTables(),
            write_table=write_table,
            sending=self._make_sending_parts(),
            policy=policy,
        )
        self._closers.push_async_callback(self.services.outbox.aclose)

    def _make_sending_parts(self) -> SendingParts:
        from seam_portal_desktop.adapters.files.user_files import read_file
        from seam_portal_desktop.adapters.mail.oauth import DeviceCodeClient
        from seam_portal_desktop.adapters.mail.transport import SmtpTransport
        from seam_portal_desktop.adapters.templates.renderer import ProcessRenderer
        from seam_portal_desktop.adapters.templates.store import FileTemplateStore

        program = own_program()
        renderer = ProcessRenderer([*program.command, RENDER_TEMPLATES], program.folder)

        async def sent_since(account: MailAccount, since: datetime) -> Sequence[datetime]:
            return await self.services.senders.sent_since(account, since)

        transport = SmtpTransport(sent_since=sent_since)
        oauth = DeviceCodeClient()
        self._closers.push_async_callback(renderer.aclose)
        self._closers.push_async_callback(transport.aclose)
        self._closers.push_async_callback(oauth.aclose)
        store = FileTemplateStore(
            self._session.paths.message_templates, resource("message_templates")
        )
        return SendingParts(
            renderer, store, transport, oauth, self._secret_store, read_file, zone_name
        )

    def show_open_error(self, error: BaseException) -> None:
        """Show an exception of `open`. Retry opens a new window."""
        if isinstance(error, UserFacingError):
            _log.warning("The session could not be opened", exc_info=error)
        else:
            _log.error("The session could not be opened", exc_info=error)
            error = UserFacingError(
                _("The program could not start completely."),
                _(
                    "The log says more: {log}. Try again, or close the "
                    "window and start the program anew."
                ).format(log=self._session.paths.log),
                technical=type(error).__name__,
            )
        pane = self.window.pane
        pane.set_error(error)
        pane.retry_requested.connect(lambda: self._set_other_mode(self._session.mode))

    def show_address(self, address: str) -> None:
        """Do what an address of the program's own scheme asks for, now or as soon as the list is
        open. An address that asks for something else is ignored."""
        self._requested_address = address
        if self._is_ready:
            self._open_address(address)

    def _open_address(self, address: str) -> None:
        opened = parse_address(address)
        if opened is None:
            return
        if opened.portal_id:
            self.controller.addressed.show(opened.portal_id)
        else:
            self.controller.creation.open_from_outside(
                opened.customer_key, opened.preset, opened.to
            )

    def close_unattended(self) -> None:
        """Close the window for a user who can't see it, unless a link would be lost."""
        if self._guard is None or self._guard.can_close_unattended():
            self.window.close()

    async def close(self) -> None:
        """Close all objects behind the window, then the window."""
        if self._is_ready and self.services.creation.is_saving:
            # The keyring may take a minute, and its prompt makes no sense without the program.
            self.window.show_closing(
                _("Saving a link… If the keyring asks for something, answer it.")
            )
        else:
            self.window.hide()
        self.window.preview.shutdown()
        if self._hurry_ledger is not None:
            self._hurry_ledger()
        try:
            await self._closers.aclose()
        finally:
            if self._sandbox is not None:  # after the safe previews, which are revoked there
                await asyncio.to_thread(self._sandbox.stop)  # it joins a thread
        self.window.hide()
        self.window.deleteLater()

    async def _open_ledger(self) -> None:
        """Try until it opens: without the ledger no portal may be created."""
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
        from seam_portal_desktop.bootstrap.demo import add_sender, connect_demo, start_sandbox

        self._sandbox = await asyncio.to_thread(start_sandbox, with_demo_data=True)
        await connect_demo(self._sandbox, self.services.workspaces, self.ledger)
        await add_sender(self._sandbox, self.services.senders, self._sandbox.workspace_id)
        self._show_demo_mailbox(self._sandbox.mailbox_url)
        self.controller.show_workspaces()

    def _show_demo_mailbox(self, url: str) -> None:
        action = self.window.actions_.demo_mailbox
        action.setVisible(True)
        action.triggered.connect(lambda _checked: QDesktopServices.openUrl(QUrl(url)))

    def _help_sources(self) -> HelpSources:
        from seam_portal_desktop.adapters.files.user_files import write_file

        diagnostics = self._diagnostics
        if diagnostics is not None:
            self._closers.callback(diagnostics.set_bug_handler, None)
        return HelpSources(
            collect_facts=self._collect_facts,
            run_self_test=run_self_test_process,
            read_licences=read_licences,
            read_guide=read_guide,
            collect_parts=self._collect_parts,
            write_bundle=write_bundle,
            write_file=write_file,
            notify_of_bugs=diagnostics.set_bug_handler if diagnostics else lambda _on_bug: None,
            previous_crash=diagnostics.take_previous_crash() if diagnostics is not None else "",
        )

    async def _collect_facts(self) -> AboutFacts:
        return await collect_facts(
            self._session.paths,
            self._session.policy,
            workspaces=len(self.services.workspaces.connections),
        )

    async def _collect_parts(self) -> Sequence[DiagnosticsPart]:
        return await collect_parts(self._session.paths, await self._collect_facts())

    def _set_other_mode(self, mode: SessionMode) -> None:
        if not self.other_mode.done():
            self.other_mode.set_result(mode)

    def _report_dropped_settings(self) -> None:
        dropped = [*self._session.preferences.dropped, *self.window.view_state.dropped]
        if dropped:
            names = ", ".join(dict.fromkeys(dropped))
            _log.warning("Settings could not be used and have their defaults: %s", names)
            self.window.status_area.show_message(
                _("Some settings could not be used and have their defaults: {names}.").format(
                    names=names
                ),
                tone=Tone.WARNING,
            )

    async def _close_previews(self) -> None:
        """Runs first: it calls Seam, so the gateways and the sandbox are closed after it."""
        self._reminders.close()
        await self.controller.close()
        await asyncio.gather(self.services.drafts.aclose(), self.services.safe_previews.aclose())

    def _save_settings(self) -> Awaitable[None]:
        """Raises UserFacingError. The demo's settings are the user's own.

        If the program ends before this is awaited, the settings are saved with the view.
        """
        session, stored = self._session, write_settings(self._session.settings.chosen)
        if session.paths.own_preferences is not None:
            own = JsonPreferences(session.paths.own_preferences)
            return own.write_option("settings", stored)
        session.data.options["settings"] = stored
        return self.services.workspaces.save()

    async def _collect_ledger_facts(self) -> LedgerFacts:
        services = self.services
        return await collect_ledger_facts(
            self._session.paths.ledger, self._session.policy, services.ledger, services.workspaces
        )

    async def _save_view(self) -> None:
        self._session.data.window = self.window.view_state.save()
        with contextlib.suppress(UserFacingError):
            # The window is closed, and only its layout is lost.
            await self.services.workspaces.save()
            if self._session.settings.chosen != self._settings_before:
                await self._save_settings()


def _import_adapters() -> None:
    """Import slow modules and set the proxies. It runs in a thread, so the window stays usable."""
    import seam_portal_desktop.adapters.keyring.store
    import seam_portal_desktop.adapters.ledger.sql_ledger
    import seam_portal_desktop.adapters.seam.gateway  # noqa: F401
    from seam_portal_desktop.adapters.network.proxy_settings import read_proxy_settings
    from seam_portal_desktop.adapters.network.system_proxy import follow_desktop_proxies

    follow_desktop_proxies()  # before the first request
    for note in read_proxy_settings().ignored:
        _log.warning("A proxy setting is not used: %s", note)


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
