"""Tells the story of the portal that the detail panel shows."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.lifecycle import LifecycleServices
from seam_portal_desktop.ui.portal.panel import DetailPanel
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_TASK = "show story"


class TimelineController(QObject):
    def __init__(
        self,
        detail: DetailPanel,
        life: asyncio.Future[LifecycleServices],
        clock: Clock,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._detail = detail
        self._life = life
        self._clock = clock
        self._scope = scope

    def show(self, portal: PortalRecord | None) -> None:
        """Read the story anew: the portal was selected, or something happened to it."""
        self._scope.cancel(_TASK)
        if portal is not None:
            self._scope.start(self._show(portal.portal_id), name=_TASK)

    async def _show(self, portal_id: str) -> None:
        try:
            entries = await (await self._life).timeline.timeline(portal_id)
        except LedgerError:
            return  # the row was just deleted, or reading the list says what is wrong
        self._detail.set_timeline(portal_id, entries, self._clock())
