"""The actions on a portal's link: copy, show, mark as sent, open, delete, save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QObject, QUrl
from PySide6.QtGui import QDesktopServices

from seam_portal_desktop.domain.address import InvalidLinkError, parse_link
from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import Channel, Outcome, PortalRecord, Sent
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.creation import LinkNotSavedError
from seam_portal_desktop.services.portal.export import link_line
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.portal.delete_dialog import DeletePortalsDialog
from seam_portal_desktop.ui.portal.panel import PortalTab
from seam_portal_desktop.ui.portal.wording import next_step
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_UNDO_SECONDS = 30.0
"""How long the status area offers to undo a deletion. The menu offers that for longer."""

_SAVING = "save links"


@dataclass(frozen=True, slots=True)
class _Deletion:
    """Deleted rows, and the status area's Undo for them."""

    portal_ids: tuple[str, ...]
    undo: StatusAction


class LinkActionsController(QObject):
    """Acts on the selected portals, and on links that couldn't be saved in the ledger."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        clipboard: SecretClipboard,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._detail = window.portal
        self._status_area = window.status_area
        self._services = services
        self._selection = selection
        self._clipboard = clipboard
        self._clock = clock
        self._scope = scope
        self._deleted: list[_Deletion] = []
        self._undo_of_sent: dict[str, tuple[Sent | None, StatusAction]] = {}
        window.actions_.undo_delete.setEnabled(False)
        window.portal.send_step.last_channel = services.portals.last_channel
        self._connect_signals()

    def _connect_signals(self) -> None:
        actions, detail, scope = self._window.actions_, self._detail, self._scope
        actions.copy_link.triggered.connect(lambda _: self.copy_link())
        actions.reveal_link.triggered.connect(lambda _: self.toggle_link())
        actions.mark_sent.triggered.connect(lambda _: self.mark_sent())
        actions.undo_sent.triggered.connect(lambda _: self._with_selected(self.undo_sent))
        actions.check_outcome.triggered.connect(lambda _: self._with_selected(self.check_outcome))
        actions.delete.triggered.connect(lambda _: self._delete_selected())
        actions.undo_delete.triggered.connect(lambda _: self.undo_delete())
        self._window.pane.table.copy_requested.connect(self.copy_link)
        # The question, or the form that marks as sent.
        detail.send_step.opened.connect(self._window.show_portal)
        detail.copy_requested.connect(
            lambda portal_id: scope.start(self._copy(portal_id), name="copy link")
        )
        detail.reveal_requested.connect(
            lambda portal_id: scope.start(self._reveal(portal_id), name="reveal link")
        )
        detail.mark_sent_requested.connect(lambda *sent: scope.start(self._mark_sent(*sent)))
        detail.undo_sent_requested.connect(self.undo_sent)
        detail.check_outcome_requested.connect(self.check_outcome)
        preview = self._window.preview
        preview.open_externally_requested.connect(  # the preview has asked the user
            lambda portal_id: scope.start(self._open_in_browser(portal_id))
        )
        preview.external_link_requested.connect(self._open_address)
        self._clipboard.cleared.connect(
            lambda: self._status_area.show_message(
                _("The link is no longer on the clipboard."), tone=Tone.INFO
            )
        )
        self._clipboard.not_cleared.connect(
            lambda: self._status_area.show_message(
                _(
                    "The link may still be on the clipboard. Click this window to clear it, or "
                    "copy something else."
                ),
                tone=Tone.WARNING,
            )
        )

    def copy_link(self) -> None:
        """Copy the selected portal's link. The panel may first ask whether to preview it."""
        self._selection.update()
        if len(self._selection.records()) > 1:
            return  # ManyLinksController copies them
        if not self._detail.send_step.copy_link():
            self._show_reason()

    def copy_links(
        self, portals: Sequence[PortalRecord], on_copied: Callable[[int, str], None]
    ) -> None:
        """Copy one line a portal: the customer's key, a tab, the link.

        `on_copied` gets the number of links, and how long they stay on the clipboard.
        """
        self._scope.start(self._copy_links(portals, on_copied), name="copy link")

    def toggle_link(self) -> None:
        """Show the selected portal's link, or hide it again."""
        self._selection.update()
        if self._detail.reveal_link():
            self._window.show_portal(PortalTab.DETAILS)
        else:
            self._show_reason()

    def mark_sent(self) -> None:
        """Ask how the selected portal's link was sent. The panel may first ask as `copy_link`."""
        self._selection.update()
        if len(self._selection.records()) > 1:
            return  # ManyLinksController marks them
        if not self._detail.send_step.mark_as_sent():
            self._show_reason()

    def undo_sent(self, portal_id: str) -> None:
        self._withdraw_undo_of_sent(portal_id)
        self._scope.start(self._undo_sent(portal_id))

    def check_outcome(self, portal_id: str) -> None:
        self._scope.start(self._check_outcome(portal_id), name="check outcome")

    def on_ledger_change(self, change: LedgerChange) -> None:
        """Withdraw each Undo whose work was done in another way, or can't be done any more."""
        for portal_id in change.removed:
            self._withdraw_undo_of_sent(portal_id)
        for record in change.records:
            sent, _unused = self._undo_of_sent.get(record.portal_id, (None, None))
            # Another mark than this one's: it was undone, and the portal was marked anew.
            if sent is not None and (record.sent is None or record.sent.at != sent.at):
                self._withdraw_undo_of_sent(record.portal_id)
        listed = {record.portal_id for record in change.records}
        for deletion in [each for each in self._deleted if listed.issuperset(each.portal_ids)]:
            self._forget(deletion)

    def delete(self, portals: Sequence[PortalRecord]) -> None:
        """Ask, then delete the rows; `undo_delete` restores them."""
        window = self._window
        dialog = DeletePortalsDialog(portals, self._clock(), window.theme, window.icons, window)
        portal_ids = [portal.portal_id for portal in portals]
        dialog.accepted.connect(lambda: self._scope.start(self._delete(portal_ids)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def undo_delete(self) -> None:
        """Restore the last deletion; the next call restores the one before."""
        if self._deleted:
            self._undo(self._deleted[-1])

    def _open_address(self, address: Secret) -> None:
        try:
            link = parse_link(address.reveal())
        except InvalidLinkError as error:
            self._status_area.show_message(
                _("The address can’t be opened. {error}").format(error=error), tone=Tone.WARNING
            )
            return
        if not QDesktopServices.openUrl(QUrl(link.text)):
            self._status_area.show_message(_("No browser could be started."), tone=Tone.WARNING)

    def offer_to_save(self, error: UserFacingError) -> None:
        """Show an error with a button that saves the link again."""
        again = StatusAction(_("Try again"), self._save_unsaved)
        self._status_area.show_error(error, action=again)

    def _save_unsaved(self) -> None:
        # A task of the same name would cancel the first one while it saves.
        if not self._scope.is_running(_SAVING):
            self._scope.start(self._save(), name=_SAVING)

    def _show_reason(self) -> None:
        """Say why nothing can be done with the selected portal's link."""
        portal = self._selection.only()
        step = next_step(portal, self._clock()) if portal is not None else None
        if step is not None:
            text = f"{step.title}. {step.message}"
        elif portal is not None:
            text = _("This link is marked as sent already. Undo that to mark it again.")
        else:
            text = _("Select one portal first.")
        self._status_area.show_message(text, tone=Tone.INFO)

    def _with_selected(self, run: Callable[[str], None]) -> None:
        portal = self._selection.only()
        if portal is not None:
            run(portal.portal_id)

    def _delete_selected(self) -> None:
        selected = self._selection.records()
        if selected:
            self.delete(selected)

    async def _copy(self, portal_id: str) -> None:
        portals = self._services.portals
        self._clipboard.copy(await portals.url_of(portal_id))
        self._status_area.show_message(
            _("Link copied. Clipboard clears in {clears_after}.").format(
                clears_after=self._clipboard.clears_after
            )
        )
        await portals.record_copied(portal_id)

    async def _copy_links(
        self, portals: Sequence[PortalRecord], on_copied: Callable[[int, str], None]
    ) -> None:
        lines = []
        for portal in portals:
            url = await self._services.portals.url_of(portal.portal_id)
            lines.append(link_line(portal.customer_key, url))
        self._clipboard.copy(Secret("\n".join(lines)))
        on_copied(len(lines), self._clipboard.clears_after)
        for portal in portals:
            await self._services.portals.record_copied(portal.portal_id)

    async def _reveal(self, portal_id: str) -> None:
        self._detail.set_url(portal_id, await self._services.portals.url_of(portal_id))

    async def _mark_sent(self, portal_id: str, channel: Channel | None, note: str) -> None:
        portal = await self._services.portals.mark_sent(portal_id, channel, note)
        self._withdraw_undo_of_sent(portal_id)
        undo = StatusAction(_("Undo"), lambda: self.undo_sent(portal_id))
        self._undo_of_sent[portal_id] = (portal.sent, undo)
        self._status_area.show_message(
            _("Marked as sent to {customer_key}.").format(customer_key=portal.customer_key),
            action=undo,
        )

    async def _undo_sent(self, portal_id: str) -> None:
        portal = await self._services.portals.undo_sent(portal_id)
        self._status_area.show_message(
            _("{customer_key} is no longer marked as sent.").format(
                customer_key=portal.customer_key
            ),
            tone=Tone.INFO,
        )

    def _withdraw_undo_of_sent(self, portal_id: str) -> None:
        _unused, undo = self._undo_of_sent.pop(portal_id, (None, None))
        if undo is not None:
            self._status_area.withdraw(undo)

    async def _check_outcome(self, portal_id: str) -> None:
        connection = self._services.workspaces.current
        if connection is None:
            return
        self._status_area.show_progress(_("Asking Seam about this portal…"))
        try:
            check = await self._services.outcomes.check(connection, portal_id)
        finally:
            self._status_area.end_progress()
        if check.portal.failure is not None:
            self._status_area.show_message(
                check.portal.failure.title,
                tone=Tone.INFO if check.portal.outcome is Outcome.FAILED else Tone.WARNING,
            )

    async def _delete(self, portal_ids: list[str]) -> None:
        await self._services.ledger.delete(portal_ids)
        undo = StatusAction(_("Undo"), lambda: self._undo(deletion))
        deletion = _Deletion(tuple(portal_ids), undo)
        self._remember(deletion)
        self._status_area.show_message(
            ngettext(
                "Deleted 1 portal from the list.",
                "Deleted {count} portals from the list.",
                len(portal_ids),
            ).format(count=QLocale().toString(len(portal_ids))),
            tone=Tone.INFO,
            seconds=_UNDO_SECONDS,
            action=undo,
        )

    def _undo(self, deletion: _Deletion) -> None:
        """Restore one deletion. A second call at once is for another one."""
        if deletion in self._deleted:
            self._forget(deletion)
            self._scope.start(self._restore(deletion))

    async def _restore(self, deletion: _Deletion) -> None:
        try:
            await self._services.ledger.restore(deletion.portal_ids)
        except UserFacingError:
            self._remember(deletion)
            raise
        count = len(deletion.portal_ids)
        self._status_area.show_message(
            ngettext("Portal restored.", "{count} portals restored.", count).format(
                count=QLocale().toString(count)
            ),
            tone=Tone.INFO,
        )

    def _remember(self, deletion: _Deletion) -> None:
        self._deleted.append(deletion)
        self._window.actions_.undo_delete.setEnabled(True)

    def _forget(self, deletion: _Deletion) -> None:
        """Nothing of it can be undone now, so nothing offers that."""
        self._deleted.remove(deletion)
        self._window.actions_.undo_delete.setEnabled(bool(self._deleted))
        self._status_area.withdraw(deletion.undo)

    async def _open_in_browser(self, portal_id: str) -> None:
        self._open_address(await self._services.portals.url_of(portal_id))

    async def _save(self) -> None:
        try:
            saved: Sequence[PortalRecord] = await self._services.creation.save_unsaved()
        except LinkNotSavedError as error:
            self.offer_to_save(error)
        except UserFacingError as error:
            self._status_area.show_error(error)
        else:
            if not saved:
                return  # whoever saves them shows the result
            self._status_area.show_message(
                ngettext("The link is saved.", "{count} links are saved.", len(saved)).format(
                    count=len(saved)
                )
            )
