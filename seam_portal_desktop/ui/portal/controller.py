"""Shows the selected portal: its record, settings, timeline, last preview and attachments."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord, can_be_compared
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.reservation_links import reservation_key_of
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.deliveries.words import OutboxFacts
from seam_portal_desktop.ui.portal.panel import PortalPanel
from seam_portal_desktop.ui.portal.wording import summarise_request
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

if TYPE_CHECKING:
    from seam_portal_desktop.domain.preview.report import Attachment

_READ_REQUEST = "read request"
_READ = "read portal"

_PAUSE_SECONDS = 0.1
"""The pause before a selected portal's timeline and request are read.

With a held arrow key, the rows in between are not read. The preview of a new portal opens first.
"""


class PortalController(QObject):
    """``shown`` is the record in the panel, or None; ``attachments`` are its attachments by id."""

    def __init__(
        self,
        panel: PortalPanel,
        services: AppServices,
        clock: Clock,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._services = services
        self._clock = clock
        self._scope = scope
        self.shown: PortalRecord | None = None
        self.attachments: dict[str, Attachment] = {}

    def show(self, selected: Sequence[PortalRecord]) -> None:
        """Show the only selected record, or how many are selected."""
        before, self.shown = self.shown, selected[0] if len(selected) == 1 else None
        now = self._clock()
        if len(selected) > 1:
            self._panel.show_many(len(selected), has_preview=can_be_compared(selected, now))
        else:
            self._panel.show_portal(self.shown, now)
        if self.shown is None:
            self._scope.cancel(_READ_REQUEST)
            self._scope.cancel(_READ)
        elif before is None or before.portal_id != self.shown.portal_id:
            self.attachments = {}
            self._scope.start(self._show_request(self.shown), name=_READ_REQUEST)
            self._scope.start(self._read(self.shown.portal_id, _PAUSE_SECONDS), name=_READ)

    def show_again(self) -> None:
        """Show the record anew, because times are written in another way now."""
        shown, self.shown = self.shown, None
        if shown is not None:
            self._panel.clear_entries()
            self.show([shown])

    def on_ledger_change(self, change: LedgerChange) -> None:
        if self.shown is not None and change.concerns(self.shown.portal_id):
            self._scope.start(self._read(self.shown.portal_id), name=_READ)

    def read_again(self) -> None:
        """What the outbox does with the shown portal's messages is another."""
        if self.shown is not None:
            self._scope.start(self._read(self.shown.portal_id), name=_READ)

    def _outbox_facts(self) -> OutboxFacts:
        outbox = self._services.outbox
        return OutboxFacts(outbox.is_waiting, lambda sender_id: str(outbox.paused(sender_id) or ""))

    async def _show_request(self, record: PortalRecord) -> None:
        """Show the request. It never changes."""
        await asyncio.sleep(_PAUSE_SECONDS)
        try:
            request = await self._services.ledger.request_of(record.portal_id)
            rows = (
                [
                    (
                        _("Start page"),
                        _("reservation {reservation_key_of}").format(
                            reservation_key_of=reservation_key_of(request)
                        ),
                    )
                ]
                if record.kind is PortalKind.RESERVATION_DEEP_LINK
                else summarise_request(request)
            )
        except UserFacingError:
            rows = []
        self._panel.details.set_request_summary(rows)

    async def _read(self, portal_id: str, pause: float = 0) -> None:
        services, panel = self._services, self._panel
        await asyncio.sleep(pause)
        try:
            panel.set_timeline(portal_id, await services.timeline.entries(portal_id), self._clock())
            deliveries = await services.ledger.deliveries.deliveries_of(portal_id)
            panel.set_deliveries(portal_id, deliveries, self._clock(), self._outbox_facts())
            report = await services.ledger.report_of(portal_id)
            if report is not None:
                panel.set_report(portal_id, report, self._clock())
            items = await services.ledger.attachments_of(portal_id)
        except LedgerError:
            return  # the row was just deleted; otherwise the list shows the error
        self.attachments = {item.attachment_id: item for item in items}
        panel.set_attachments(portal_id, items, self._clock())
