"""Reads what the last preview of the portal that the detail panel shows has found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.safe_preview import SafePreviewService
from seam_portal_desktop.ui.portal.panel import DetailPanel
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

if TYPE_CHECKING:
    from seam_portal_desktop.domain.ports import ProbeTls
    from seam_portal_desktop.domain.preview.page_facts import TlsFacts

_TASK = "show report"


def ask_with(
    probe: ProbeTls, scope: TaskScope
) -> Callable[[str, Callable[[TlsFacts], None]], None]:
    """A look at certificates as tasks of `scope`, for the preview's checks."""

    def ask(origin: str, on_answer: Callable[[TlsFacts], None]) -> None:
        async def look() -> None:
            on_answer(await probe(origin))

        if not scope.is_closed:
            scope.start(look())

    return ask


class ReportController(QObject):
    def __init__(
        self,
        detail: DetailPanel,
        previews: asyncio.Future[SafePreviewService],
        clock: Clock,
        scope: TaskScope,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._detail = detail
        self._previews = previews
        self._clock = clock
        self._scope = scope

    def show(self, portal: PortalRecord | None) -> None:
        """Read the report anew: the portal was selected, or its row changed."""
        self._scope.cancel(_TASK)
        if portal is not None and portal.preview_verdict is not None:
            self._scope.start(self._show(portal.portal_id), name=_TASK)

    async def _show(self, portal_id: str) -> None:
        try:
            stored = await (await self._previews).report_of(portal_id)
        except LedgerError:
            return  # the row was just deleted; what it says of its preview is shown all the same
        self._detail.set_report(portal_id, stored, self._clock())
