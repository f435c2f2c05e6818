"""What can be done with a portal: copy its link, send it, open it, delete it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.record import Channel, PortalRecord
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.portals import LinkNotSavedError, PortalService
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.portal.delete_dialog import DeletePortalsDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.secret_clipboard import CLEAR_AFTER_S, SecretClipboard
from seam_portal_desktop.ui.shell.status_area import StatusAction
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

_UNDO_SECONDS = 30.0
"""How long the status line offers to undo a deletion; the menu does until the window closes."""


class LinkActionsController(QObject):
    """`portal_changed` carries a row as it is now; `list_changed` says that rows came or went.

    `story_changed` says that something was noted that no row tells.
    """

    portal_changed = Signal(object)
    timeline_changed = Signal()
    list_changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        clipboard: SecretClipboard,
        portals: asyncio.Future[PortalService],
        workspaces: WorkspaceService,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._detail = detail = window.detail
        self._status_area = status_area = window.status_area
        self._clock = clock
        self._deleted: list[list[str]] = []
        window.actions_.undo_delete.setEnabled(False)
        self._clipboard = clipboard
        self._portals = portals
        self._workspaces = workspaces
        self._scope = scope
        detail.copy_requested.connect(self.copy_link)
        detail.reveal_requested.connect(self.reveal_link)
        detail.mark_sent_requested.connect(self.mark_sent)
        detail.undo_sent_requested.connect(self.undo_sent)
        detail.check_outcome_requested.connect(self.check_outcome)
        clipboard.cleared.connect(
            lambda: status_area.show_message(
                "The link was taken off the clipboard.", tone=Tone.INFO
            )
        )

    def copy_link(self, portal_id: str) -> None:
        self._scope.start(self._copy(portal_id), name="copy link")

    def reveal_link(self, portal_id: str) -> None:
        self._scope.start(self._reveal(portal_id), name="reveal link")

    def mark_sent(self, portal_id: str, channel: Channel | None, note: str) -> None:
        self._scope.start(self._mark_sent(portal_id, channel, note))

    def undo_sent(self, portal_id: str) -> None:
        self._scope.start(self._undo_sent(portal_id))

    def check_outcome(self, portal_id: str) -> None:
        self._scope.start(self._check_outcome(portal_id), name="check outcome")

    def delete(self, portals: Sequence[PortalRecord]) -> None:
        """Ask, then take the rows off the list; `undo_delete` brings them back."""
        window = self._window
        dialog = DeletePortalsDialog(portals, self._clock(), window.theme, window.icons, window)
        portal_ids = [portal.portal_id for portal in portals]
        dialog.accepted.connect(lambda: self._scope.start(self._delete(portal_ids)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def undo_delete(self) -> None:
        """Bring back what was deleted last; again for what was deleted before that."""
        if self._deleted:
            self._scope.start(self._restore(self._deleted[-1]), name="undo delete")

    def open_in_browser(self, portal_id: str) -> None:
        """Hand the live link to the system's browser; whoever calls has asked the user."""
        self._scope.start(self._open_in_browser(portal_id))

    def open_address(self, address: Secret) -> None:
        if not QDesktopServices.openUrl(QUrl(address.reveal())):
            self._status_area.show_message("No browser could be started.", tone=Tone.WARNING)

    def offer_to_save(self, error: UserFacingError) -> None:
        """Keep an error in view until the link that it is about is safe in the ledger."""
        again = StatusAction("Try again", lambda: self._scope.start(self._save_unsaved()))
        self._status_area.show_error(error, action=again)

    async def _copy(self, portal_id: str) -> None:
        portals = await self._portals
        self._clipboard.copy(await portals.url_of(portal_id))
        self._status_area.show_message(
            f"Link copied. It leaves the clipboard in {CLEAR_AFTER_S} s."
        )
        await portals.note_copied(portal_id)
        self.timeline_changed.emit()

    async def _reveal(self, portal_id: str) -> None:
        self._detail.set_url(portal_id, await (await self._portals).url_of(portal_id))

    async def _mark_sent(self, portal_id: str, channel: Channel | None, note: str) -> None:
        portal = await (await self._portals).mark_sent(portal_id, channel, note)
        self.portal_changed.emit(portal)
        self._status_area.show_message(
            f"Marked as sent to {portal.customer_key}.",
            action=StatusAction("Undo", lambda: self.undo_sent(portal_id)),
        )

    async def _undo_sent(self, portal_id: str) -> None:
        portal = await (await self._portals).undo_sent(portal_id)
        self.portal_changed.emit(portal)
        self._status_area.show_message(
            f"{portal.customer_key} is no longer marked as sent.", tone=Tone.INFO
        )

    async def _check_outcome(self, portal_id: str) -> None:
        connection = self._workspaces.current
        if connection is None:
            return
        self._status_area.show_progress("Asking Seam about this portal…")
        try:
            check = await (await self._portals).check_outcome(connection, portal_id)
        finally:
            self._status_area.end_progress()
        self.portal_changed.emit(check.portal)
        if check.portal.failure is not None:
            self._status_area.show_message(
                check.portal.failure.title,
                tone=Tone.INFO if check.session is None else Tone.WARNING,
            )

    async def _delete(self, portal_ids: list[str]) -> None:
        await (await self._portals).delete(portal_ids)
        self._deleted.append(portal_ids)
        self._window.actions_.undo_delete.setEnabled(True)
        self.list_changed.emit()
        self._status_area.show_message(
            "Deleted 1 portal from the list."
            if len(portal_ids) == 1
            else f"Deleted {QLocale().toString(len(portal_ids))} portals from the list.",
            tone=Tone.INFO,
            seconds=_UNDO_SECONDS,
            action=StatusAction("Undo", lambda: self._undo(portal_ids)),
        )

    def _undo(self, portal_ids: list[str]) -> None:
        if portal_ids in self._deleted:
            self._scope.start(self._restore(portal_ids), name="undo delete")

    async def _restore(self, portal_ids: list[str]) -> None:
        await (await self._portals).restore(portal_ids)
        self._deleted.remove(portal_ids)
        self._window.actions_.undo_delete.setEnabled(bool(self._deleted))
        self.list_changed.emit()
        self._status_area.show_message("They are back in the list.", tone=Tone.INFO)

    async def _open_in_browser(self, portal_id: str) -> None:
        self.open_address(await (await self._portals).url_of(portal_id))

    async def _save_unsaved(self) -> None:
        try:
            saved: Sequence[PortalRecord] = await (await self._portals).save_unsaved()
        except LinkNotSavedError as error:
            self.offer_to_save(error)
        except UserFacingError as error:
            self._status_area.show_error(error)
        else:
            self.list_changed.emit()
            self._status_area.show_message(
                "The link is saved." if len(saved) == 1 else f"{len(saved)} links are saved."
            )
