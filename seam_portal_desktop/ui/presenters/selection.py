"""What follows the table's selection: the detail panel, the preview and the enabled actions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QLocale, QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.portal import Outcome, Portal, PortalKind, PortalStatus
from seam_portal_desktop.services.deep_links import reservation_key_of
from seam_portal_desktop.services.portals import PortalService
from seam_portal_desktop.ui.actions import WindowActions
from seam_portal_desktop.ui.detail.panel import DetailPanel
from seam_portal_desktop.ui.portals.pane import PortalsPane
from seam_portal_desktop.ui.presenters.request_summary import summarise_request
from seam_portal_desktop.ui.preview.pane import PreviewMessage, PreviewPane, PreviewTarget
from seam_portal_desktop.ui.tasks import TaskScope


class SelectionPresenter(QObject):
    """Shows the selected portal whole. Nothing is loaded in the preview until one is selected.

    `shown` carries the one Portal that is shown, or None, each time that it is brought in line.
    """

    shown = Signal(object)

    def __init__(
        self,
        pane: PortalsPane,
        detail: DetailPanel,
        preview: PreviewPane,
        actions: WindowActions,
        portals: asyncio.Future[PortalService],
        clock: Clock,
        preview_obstacle: str | None,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._detail = detail
        self._preview = preview
        self._actions = actions
        self._portals = portals
        self._clock = clock
        self._preview_obstacle = preview_obstacle
        self._scope = scope
        self._shown: Portal | None = None
        self._is_unreadable = False
        pane.table.selection_changed.connect(lambda _ids: self.show())
        preview.rendered.connect(self._note_previewed)
        self.show()

    def show(self) -> None:
        """Bring everything in line with the selection and the rows as they are now."""
        selected = self.selected()
        self._enable(selected)
        if len(selected) == 1:
            self._show_one(selected[0])
            self.shown.emit(selected[0])
            return
        self._shown = None
        self.shown.emit(None)
        self._scope.cancel("show portal")
        if selected:
            self._detail.show_many(len(selected))
            self._preview.show_message(PreviewMessage.MANY)
        else:
            self._detail.show_portal(None, self._clock())
            self._preview.show_message(PreviewMessage.EMPTY)

    def read_again(self) -> None:
        """The key of the shown link may be there now: try, if it couldn't be read before."""
        if self._shown is not None and self._is_unreadable:
            self._scope.start(self._load(self._shown), name="show portal")

    def expect_portal(self) -> None:
        """A new portal is about to be asked for."""
        if self._preview_obstacle is None:
            self._preview.expect_portal()

    def selected(self) -> list[Portal]:
        """The selected rows, in the table's order."""
        model = self._pane.model
        rows = [model.row_of(portal_id) for portal_id in self._pane.table.selected_ids()]
        return [model.portal(row) for row in sorted(row for row in rows if row is not None)]

    def _show_one(self, portal: Portal) -> None:
        now = self._clock()
        before, self._shown = self._shown, portal
        same = before is not None and before.portal_id == portal.portal_id
        self._detail.show_portal(portal, now)
        if same and before is not None and _opens_alike(before, portal, now):
            return
        self._scope.start(self._load(portal), name="show portal")

    async def _load(self, portal: Portal) -> None:
        self._is_unreadable = False
        status = portal.status(self._clock())
        if status is PortalStatus.EXPIRED:
            self._preview.show_message(PreviewMessage.EXPIRED, portal_id=portal.portal_id)
        elif status is PortalStatus.REVOKED:
            self._preview.show_message(PreviewMessage.REVOKED, portal_id=portal.portal_id)
        elif portal.outcome is not Outcome.CREATED or portal.expires_at is None:
            self._preview.show_message(PreviewMessage.NOT_CREATED)
        else:
            # The keyring may take a minute: nobody must take the page before for this customer's.
            self._preview.show_message(PreviewMessage.OPENING)
        portals = await self._portals
        await self._open_link(portals, portal)
        try:
            request = await portals.request_of(portal.portal_id)
            self._detail.set_request_summary(
                [("Opens at", f"reservation {reservation_key_of(request)}")]
                if portal.kind is PortalKind.RESERVATION_DEEP_LINK
                else summarise_request(request)
            )
        except UserFacingError:
            self._detail.set_request_summary([])

    async def _open_link(self, portals: PortalService, portal: Portal) -> None:
        if not portal.is_live(self._clock()) or portal.expires_at is None:
            return
        try:
            url = await portals.url_of(portal.portal_id)
        except LedgerError as error:
            self._is_unreadable = True
            self._preview.show_message(
                PreviewMessage.UNREADABLE, portal_id=portal.portal_id, text=error.message
            )
            return
        if self._preview_obstacle is not None:
            self._preview.show_message(PreviewMessage.UNAVAILABLE, text=self._preview_obstacle)
            return
        self._preview.show_portal(
            PreviewTarget(portal.portal_id, portal.customer_key, url, portal.expires_at)
        )

    def _note_previewed(self, portal_id: str) -> None:
        self._scope.start(self._mark_previewed(portal_id))

    async def _mark_previewed(self, portal_id: str) -> None:
        portal = await (await self._portals).mark_previewed(portal_id)
        self._pane.update_rows((portal,))
        self.show()

    def _enable(self, selected: Sequence[Portal]) -> None:
        now = self._clock()
        one = selected[0] if len(selected) == 1 else None
        live = one is not None and one.is_live(now)
        actions = self._actions
        for action in (actions.copy_link, actions.reveal_link, actions.open_in_browser):
            action.setEnabled(live)
        actions.reload_preview.setEnabled(live)
        actions.mark_sent.setEnabled(live)
        actions.undo_sent.setEnabled(one is not None and one.sent is not None)
        actions.check_outcome.setEnabled(one is not None and one.outcome is Outcome.UNKNOWN)
        actions.duplicate.setEnabled(one is not None)
        actions.revoke.setEnabled(live)
        actions.export_portals.setEnabled(self._pane.model.total > 0)
        renewed = len(renewable(selected))
        actions.renew.setEnabled(renewed > 0)
        actions.renew.setText(
            "Renew link" if renewed <= 1 else f"Renew {QLocale().toString(renewed)} links"
        )
        actions.delete.setEnabled(bool(selected))


def renewable(portals: Sequence[Portal]) -> list[Portal]:
    """Those that have, or had, a link that a new one can follow."""
    return [portal for portal in portals if portal.outcome is Outcome.CREATED]


def _opens_alike(before: Portal, portal: Portal, now: datetime) -> bool:
    """Whether the preview of the one still is the preview of the other."""
    return before.is_live(now) == portal.is_live(now) and before.outcome is portal.outcome
