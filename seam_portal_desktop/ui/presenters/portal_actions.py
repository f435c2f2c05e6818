"""What can be done with a portal: copy its link, send it, open it, delete it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal import Channel, Portal
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.portals import LinkNotSavedError, PortalService
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.ui.detail.panel import DetailPanel
from seam_portal_desktop.ui.secret_clipboard import CLEAR_AFTER_S, SecretClipboard
from seam_portal_desktop.ui.status_area import StatusAction, StatusArea
from seam_portal_desktop.ui.tasks import TaskScope
from seam_portal_desktop.ui.theme import Tone


class PortalActionsPresenter(QObject):
    """`portal_changed` carries a row as it is now; `list_changed` says that rows came or went.

    `story_changed` says that something was noted that no row tells.
    """

    portal_changed = Signal(object)
    story_changed = Signal()
    list_changed = Signal()

    def __init__(
        self,
        detail: DetailPanel,
        status_area: StatusArea,
        clipboard: SecretClipboard,
        portals: asyncio.Future[PortalService],
        workspaces: WorkspaceService,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._detail = detail
        self._status_area = status_area
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

    def delete(self, portal_ids: Sequence[str]) -> None:
        self._scope.start(self._delete(list(portal_ids)))

    def open_in_browser(self, portal_id: str) -> None:
        """Hand the live link to the system's browser; whoever calls has asked the user."""
        self._scope.start(self._open_in_browser(portal_id))

    def open_address(self, address: Secret) -> None:
        if not QDesktopServices.openUrl(QUrl(address.reveal())):
            self._status_area.show_message("No browser could be started.", tone=Tone.WARNING)

    def offer_to_save(self, error: LinkNotSavedError) -> None:
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
        self.story_changed.emit()

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
        self.list_changed.emit()
        count = len(portal_ids)
        self._status_area.show_message(
            "Deleted 1 portal from the list." if count == 1 else f"Deleted {count} portals.",
            tone=Tone.INFO,
            seconds=30,
            action=StatusAction("Undo", lambda: self._scope.start(self._restore(portal_ids))),
        )

    async def _restore(self, portal_ids: list[str]) -> None:
        await (await self._portals).restore(portal_ids)
        self.list_changed.emit()

    async def _open_in_browser(self, portal_id: str) -> None:
        self.open_address(await (await self._portals).url_of(portal_id))

    async def _save_unsaved(self) -> None:
        try:
            saved: Sequence[Portal] = await (await self._portals).save_unsaved()
        except LinkNotSavedError as error:
            self.offer_to_save(error)
        except UserFacingError as error:
            self._status_area.show_error(error)
        else:
            self.list_changed.emit()
            self._status_area.show_message(
                "The link is saved." if len(saved) == 1 else f"{len(saved)} links are saved."
            )
