"""What follows the table's selection: the detail panel, the preview and the enabled actions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.record import Outcome, PortalKind, PortalRecord
from seam_portal_desktop.services.portals import PortalService
from seam_portal_desktop.services.reservation_links import reservation_key_of
from seam_portal_desktop.ui.portal.panel import DetailPanel
from seam_portal_desktop.ui.portal.wording import summarise_request
from seam_portal_desktop.ui.portals.pane import PortalsPane
from seam_portal_desktop.ui.preview.controller import PreviewController
from seam_portal_desktop.ui.shell.actions import WindowActions
from seam_portal_desktop.ui.toolkit.tasks import TaskScope


class SelectionController(QObject):
    """Shows the selected portal whole.

    `shown` carries the one Portal that is shown, or None, each time that it is brought in line.
    """

    shown = Signal(object)

    def __init__(
        self,
        pane: PortalsPane,
        detail: DetailPanel,
        previews: PreviewController,
        actions: WindowActions,
        portals: asyncio.Future[PortalService],
        clock: Clock,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._detail = detail
        self._previews = previews
        self._actions = actions
        self._portals = portals
        self._clock = clock
        self._scope = scope
        self._shown: PortalRecord | None = None
        pane.table.selection_changed.connect(lambda _ids: self.show())
        self.show()

    def show(self) -> None:
        """Bring everything in line with the selection and the rows as they are now."""
        selected = self.selected()
        self._enable(selected)
        one = selected[0] if len(selected) == 1 else None
        before, self._shown = self._shown, one
        if len(selected) > 1:
            self._detail.show_many(len(selected))
        else:
            self._detail.show_portal(one, self._clock())
        self._previews.show(selected)
        if one is None:
            self._scope.cancel("show portal")
        elif before is None or before.portal_id != one.portal_id:
            self._scope.start(self._describe(one), name="show portal")
        self.shown.emit(one)

    def selected(self) -> list[PortalRecord]:
        """The selected rows, in the table's order."""
        model = self._pane.model
        rows = [model.row_of(portal_id) for portal_id in self._pane.table.selected_ids()]
        return [model.portal(row) for row in sorted(row for row in rows if row is not None)]

    async def _describe(self, portal: PortalRecord) -> None:
        """Say what was asked for."""
        try:
            request = await (await self._portals).request_of(portal.portal_id)
            self._detail.set_request_summary(
                [("Opens at", f"reservation {reservation_key_of(request)}")]
                if portal.kind is PortalKind.RESERVATION_DEEP_LINK
                else summarise_request(request)
            )
        except UserFacingError:
            self._detail.set_request_summary([])

    def _enable(self, selected: Sequence[PortalRecord]) -> None:
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


def renewable(portals: Sequence[PortalRecord]) -> list[PortalRecord]:
    """Those that have, or had, a link that a new one can follow."""
    return [portal for portal in portals if portal.outcome is Outcome.CREATED]
