"""Makes the window's controllers, connects them, and shows the failures of their tasks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop.domain.clock import SeamClock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.message.gate.items import GateFix, GateItem
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus
from seam_portal_desktop.domain.ports import ProbeTls
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.bulk.many_links import ManyLinksController
from seam_portal_desktop.ui.bulk.revocation import ManyRevocationsController
from seam_portal_desktop.ui.create.controller import CreateController
from seam_portal_desktop.ui.lifecycle.export import ExportController
from seam_portal_desktop.ui.lifecycle.removal.controller import RemoveDataController
from seam_portal_desktop.ui.lifecycle.renewal import RenewalController
from seam_portal_desktop.ui.lifecycle.reservation_link import ReservationLinkController
from seam_portal_desktop.ui.lifecycle.revocation import RevocationController
from seam_portal_desktop.ui.lifecycle.update_data import UpdateDataController
from seam_portal_desktop.ui.portal.attachments import AttachmentsController
from seam_portal_desktop.ui.portal.controller import PortalController
from seam_portal_desktop.ui.portal.customer.controller import CustomerController
from seam_portal_desktop.ui.portal.link_actions import LinkActionsController
from seam_portal_desktop.ui.portal.panel import PortalTab
from seam_portal_desktop.ui.portals.addressed_portal import AddressedPortalController
from seam_portal_desktop.ui.portals.controller import PortalListController
from seam_portal_desktop.ui.portals.found_portals import FoundPortals
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.preview.controller import LIVE_REFUSED, PreviewController
from seam_portal_desktop.ui.preview.preview_slot import SlotContext
from seam_portal_desktop.ui.send.controller import SendController
from seam_portal_desktop.ui.senders.controller import SendersController
from seam_portal_desktop.ui.sent.controller import SentController
from seam_portal_desktop.ui.sent.do_not_send import DoNotSendController
from seam_portal_desktop.ui.sent.returned_mail import ReturnedMailController
from seam_portal_desktop.ui.shell.clock_notice import ClockNotice
from seam_portal_desktop.ui.shell.command_palette import CommandPalette
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.templates.controller import TemplatesController
from seam_portal_desktop.ui.toolkit.busy_bar import ask_for_attention
from seam_portal_desktop.ui.toolkit.form_parts import isolate, number, short_key
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.workspaces.controller import WorkspacesController

if TYPE_CHECKING:
    from seam_portal_desktop.domain.preview.page_facts import TlsFacts

_SHIFT_TO_FOLLOW = timedelta(seconds=10)
"""A smaller change of the time changes no text that anybody would miss."""

_log = logging.getLogger(__name__)


class WindowController(QObject):
    """Owns the window's controllers and the scope of their tasks, which `close` ends.

    `preview_obstacle` is the reason why this process can't open pages, or None.
    """

    ledger_changed = Signal(object)
    """A LedgerChange, for list and portal."""

    workspace_changed = Signal()
    """Other workspaces are connected, or another one is the current one."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        clock: SeamClock,
        preview_obstacle: str | None,
        probe_tls: ProbeTls,
        policy: Policy = UNMANAGED,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._clock = clock
        self.scope = scope = TaskScope(self.report)
        self.clipboard = clipboard = SecretClipboard(QGuiApplication.clipboard(), self)
        self._palette: CommandPalette | None = None
        refusal = f"{LIVE_REFUSED} {policy.live_note}" if policy.live_note else None
        window.preview.checks.allows_host = policy.allows_host
        window.preview.checks.ask_tls = self._ask_tls
        window.preview.checks.ask_customer = self._ask_customer
        self._probe_tls = probe_tls
        self.list = PortalListController(window.pane, window.search_box, services, scope, self)
        self.selection = selection = SelectionController(window.pane, window.actions_, clock, self)
        self.portal = PortalController(window.portal, services, clock, scope, self)
        context = SlotContext(services, clock, self.report, preview_obstacle, refusal)
        self.previews = PreviewController(window.preview, window.portal, context, scope, self)
        self.customers = CustomerController(window, services, selection, scope)
        self.links = LinkActionsController(window, services, selection, clipboard, clock, scope)
        self.many_links = ManyLinksController(window, services, selection, clipboard, clock, scope)
        self.attachments = AttachmentsController(window, services, self.portal, clock, scope)
        self.renewal = RenewalController(
            window, services, selection, self.list, self.links, clock, scope
        )
        self.clock_notice = ClockNotice(window, clock)
        self.revocation = RevocationController(
            window,
            services,
            selection,
            clock,
            scope,
            on_unreachable=self.clock_notice.on_unreachable,
        )
        ManyRevocationsController(window, services, selection, clock, scope)
        self.reservation_link = ReservationLinkController(
            window, services, selection, self.list, self.links, scope
        )
        self.creation = CreateController(
            window, services, self.links.offer_to_save, self.reservation_link.open_for, scope
        )
        self.update_data = UpdateDataController(window, services, selection, scope)
        RemoveDataController(window, services, selection, scope)
        self.export = ExportController(window, services, selection, clock, scope)
        self.senders = SendersController(window, services, policy, scope)
        self.sending = SendController(
            window,
            services,
            selection,
            clipboard,
            clock,
            scope,
            show_portal=self._show_activity,
            engine_obstacle=preview_obstacle,
        )
        self.sent = SentController(
            window, services, self.portal, self.sending, scope, engine_obstacle=preview_obstacle
        )
        self.renewal.renewed_to_send.connect(self.sent.send_like)
        self.templates = TemplatesController(
            window, services, scope, selected=selection.only, engine_obstacle=preview_obstacle
        )
        self.workspaces = WorkspacesController(
            window, services.workspaces, scope, self.previews.leave_workspace
        )
        self.addressed = AddressedPortalController(
            services, self.list, window.status_area, scope, self
        )
        self.do_not_send = DoNotSendController(window, services, scope)
        ReturnedMailController(window, services, scope, show_portal=self._show_returned)
        self._connect_controllers()
        self._connect_actions()
        services.drafts.on_failure = window.status_area.show_error
        self._unsubscribe = services.changes.subscribe(self.ledger_changed.emit)
        self._unsubscribe_clock = clock.subscribe(self._on_clock_shift)
        self.show_workspaces()
        selection.update()

    def start(self) -> None:
        """Read the list, and start what runs in the background."""
        self.list.refresh()
        self.read_drafts()
        self.previews.sweep()
        self.previews.start_engine()
        self.revocation.reconcile_quietly()
        self.scope.start(self._services.outbox.recover(), name="outbox")

    async def close(self) -> None:
        """Cancel all tasks and clear a copied link from the clipboard.

        The safe previews and drafts stay; their services end them afterwards.
        """
        self._unsubscribe()
        self._unsubscribe_clock()
        self.save_open_drafts()
        self.sending.close()
        self.sent.close()
        self.templates.close()
        await self.scope.close()
        self.clipboard.clear_if_ours()

    def save_open_drafts(self) -> None:
        """Save what is entered in dialogs that are open."""
        self.creation.save_open_draft()
        self.update_data.save_open_draft()

    def read_drafts(self) -> None:
        """Offer the drafts of earlier runs whose key the keyring gives."""
        self.scope.start(self._read_drafts(), name="read drafts")

    async def _read_drafts(self) -> None:
        unreadable = await self._services.drafts.load()
        if unreadable:
            self._window.add_notice(
                ngettext(
                    "1 draft can’t be opened: its file is damaged, or the keyring no longer has "
                    "its key.",
                    "{count} drafts can’t be opened: their files are damaged, or the keyring no "
                    "longer has their key.",
                    unreadable,
                ).format(count=number(unreadable)),
                icon="pencil",
            )

    def report(self, error: BaseException) -> None:
        """Show why a task failed. An error that isn't a UserFacingError is a bug."""
        ask_for_attention(self._window)
        if isinstance(error, UserFacingError):
            self._window.status_area.show_error(error)
            return
        _log.error("A task failed", exc_info=error)
        self._window.status_area.show_error(
            UserFacingError(
                _("Something went wrong inside the program."),
                _(
                    "What you did may not have taken effect. The log says more; "
                    "Help, Copy diagnostics says where it is."
                ),
                technical=type(error).__name__,
            )
        )

    def show_workspaces(self) -> None:
        """Show the current workspace, and enable the actions that need one."""
        workspaces, actions = self._services.workspaces, self._window.actions_
        current = workspaces.current
        for action in (
            actions.new_portal,
            actions.reconcile,
            actions.reservation_link,
            actions.update_data,
            actions.remove_data,
            actions.templates,
            actions.do_not_send,
        ):
            action.setEnabled(current is not None)
        # The demo's sender is the sandbox's: nothing of the demo leaves this computer.
        actions.senders.setEnabled(current is not None and not self._window.is_demo)
        actions.remove_workspace.setEnabled(current is not None and not self._window.is_demo)
        self._window.show_workspaces(workspaces.connections, current, workspaces.session_only)

    def _ask_tls(self, origin: str, on_answer: Callable[[TlsFacts], None]) -> None:
        async def ask() -> None:
            on_answer(await self._probe_tls(origin))

        self.scope.start(ask())

    def _ask_customer(self, customer_key: str, on_answer: Callable[[bool | None], None]) -> None:
        connection = self._services.workspaces.current

        async def ask() -> None:
            is_empty = None
            if connection is not None:
                lookups = self._services.lookups
                is_empty = await lookups.has_nothing(connection, customer_key)
            on_answer(is_empty)

        self.scope.start(ask())

    def _connect_controllers(self) -> None:
        window = self._window
        self.ledger_changed.connect(self.list.on_ledger_change)
        self.ledger_changed.connect(self.portal.on_ledger_change)
        self.ledger_changed.connect(self.links.on_ledger_change)
        self.ledger_changed.connect(self.many_links.on_ledger_change)
        self.ledger_changed.connect(self.sending.on_ledger_change)
        self.sending.fix_requested.connect(self._put_right)
        self.list.updated.connect(self.selection.update)
        self.selection.changed.connect(window.action_bar.show_selected)
        self.selection.changed.connect(self.portal.show)
        self.selection.changed.connect(window.on_selection)
        self.selection.changed.connect(self.previews.show)
        self.selection.changed.connect(self.attachments.update_actions)
        self.creation.opened.connect(self.previews.expect_portal)
        self.creation.created.connect(self._show_created)
        self.creation.portal_chosen.connect(lambda record: self.list.select(record.portal_id))
        self.creation.renewal_chosen.connect(lambda record: self.renewal.renew([record]))
        self.addressed.switched.connect(self._on_workspace_changed)
        self.workspaces.changed.connect(self._on_workspace_changed)
        window.portal.newer_requested.connect(lambda _id: self._show_newer())
        window.portal.preview_requested.connect(lambda _id: self._window.focus_preview())
        window.portal.preview_again_requested.connect(lambda _id: self._preview_again())
        window.pane.table.typed_in_vain.connect(self._offer_search)
        window.preview.new_link_requested.connect(self._replace_link)
        window.preview.notice.connect(
            lambda text: window.status_area.show_message(text, tone=Tone.INFO)
        )

    def _connect_actions(self) -> None:
        actions = self._window.actions_
        actions.duplicate.triggered.connect(lambda _: self._duplicate_selected())
        actions.reload_preview.triggered.connect(lambda _: self.previews.reload())
        actions.open_in_browser.triggered.connect(lambda _: self.previews.ask_to_open())
        actions.refresh.triggered.connect(lambda _: self.list.refresh())
        actions.command_palette.triggered.connect(self._open_palette)

    def _on_workspace_changed(self) -> None:
        self.show_workspaces()
        connections = self._services.workspaces.connections
        connected = {each.workspace.workspace_id for each in connections}
        self.scope.start(self._services.senders.keep_only(connected))
        self.previews.on_workspace_changed()
        self.list.start_over()
        self.revocation.reconcile_quietly()
        self.workspace_changed.emit()

    def _on_clock_shift(self, shift: timedelta) -> None:
        """Seam's time is known, or was measured anew."""
        self.clock_notice.update()
        if abs(shift) < _SHIFT_TO_FOLLOW:
            return
        self._window.pane.model.set_now(self._clock())
        self.list.refresh()
        self.portal.show(self.selection.records())
        self.previews.show(self.selection.records())

    def _duplicate_selected(self) -> None:
        portal = self.selection.only()
        if portal is not None:
            self.creation.open(like=portal.portal_id)

    def _show_created(self, record: PortalRecord) -> None:
        self._window.show_new_portal()
        # The preview is first: its work goes on while the window paints the selected portal.
        self.previews.show_at_once(record)
        self.list.select(record.portal_id)
        text = _("The link for {customer} is created.")
        announce(self._window.portal, text.format(customer=short_key(record.customer_key)))

    def _show_newer(self) -> None:
        portal = self.selection.only()
        if portal is not None and portal.renewed_to is not None:
            self.list.select(portal.renewed_to)

    def _replace_link(self, portal_id: str) -> None:
        """Renew an expired link. A link that is dead for another reason may have been revoked on
        purpose, so open the dialog."""
        portal = self.selection.only()
        if portal is None or portal.portal_id != portal_id:
            return
        if portal.status(self._clock()) is PortalStatus.EXPIRED:
            self.renewal.renew([portal])
        else:
            self.creation.open(like=portal_id)

    def _show_activity(self, portal_id: str) -> None:
        self.list.select(portal_id)
        self._window.show_portal(PortalTab.ACTIVITY)

    def _show_returned(self, portal_id: str) -> None:
        """Its portal may be of another workspace."""
        self.addressed.show(portal_id)
        self._window.show_portal(PortalTab.ACTIVITY)

    def _put_right(self, item: GateItem, portals: Sequence[PortalRecord]) -> None:
        """What the Send… sheet can't put right itself."""
        first = portals[0]
        match item.fix:
            case GateFix.PREVIEW | GateFix.PREVIEW_AGAIN:
                self.list.select(first.portal_id)
                self._preview_again()
            case GateFix.RENEW:
                self.renewal.renew(portals)
            case GateFix.CREATE_AGAIN:
                self.creation.open(like=first.portal_id)
            case GateFix.CHECK_OUTCOME:
                self.links.check_outcome(first.portal_id)
            case GateFix.SHOW_PORTAL:
                self.list.select(first.preview_of or first.portal_id)
            case GateFix.SHOW_DELIVERY:
                self._show_activity(first.portal_id)
            case GateFix.SHOW_LIST:
                self.do_not_send.open(on_closed=self.sending.send_selected)
            case GateFix.ADD_SENDER:
                self.senders.open(on_saved=self.sending.send_selected)
            case GateFix.EDIT_TEMPLATE:
                self.templates.open(first, item.about, on_closed=self._send_with_templates)

    def _send_with_templates(self, copies: Mapping[str, str]) -> None:
        """Go on in the Send… sheet. A shipped template was changed by making a copy of it."""
        for template_id, copy_id in copies.items():
            self.sending.use_copy(template_id, copy_id)
        self.sending.send_selected()

    def _preview_again(self) -> None:
        self._window.focus_preview()
        self.previews.reload()

    def _offer_search(self, typed: str) -> None:
        """The table looks through the rows that are loaded. The search looks through all."""
        window, model = self._window, self._window.pane.model
        loaded, total = model.rowCount(), model.total
        if loaded == total:
            return

        def search() -> None:
            window.search_box.setText(typed)
            window.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)

        window.status_area.show_message(
            _(
                "None of the first {loaded} rows begins with “{typed}”. "
                "The search looks through all {total}."
            ).format(loaded=number(loaded), typed=isolate(typed), total=number(total)),
            tone=Tone.INFO,
            action=StatusAction(_("Search"), search),
        )

    def _open_portal(self, portal_id: str) -> None:
        """Select it, and go on as Enter in the list does."""
        self.list.select(portal_id)
        self._window.pane.table.activated_portal.emit(portal_id)

    def _open_palette(self) -> None:
        if self._palette is None:
            window = self._window
            self._palette = CommandPalette(window.theme, window.icons, window)
            FoundPortals(
                self._palette,
                self._services,
                window.icons,
                self._clock,
                self.scope,
                on_open=self._open_portal,
                on_new=lambda customer_key: self.creation.open(customer_key=customer_key),
            )
        switches = self._window.switcher.switches.actions()
        self._palette.set_actions([*self._window.actions_.for_palette(), *switches])
        self._palette.open()
