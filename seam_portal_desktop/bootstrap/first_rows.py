"""The ledger's rows as the last run left them, read beside the GUI thread."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.domain.portal.record import PortalRecord

_LIMIT = 1000


class FirstRows(QObject):
    """Reads once, in a thread of its own, and emits `arrived` on the thread that made it.

    Nothing arrives when there is nothing to show, or after `cancel`.
    """

    arrived = Signal(tuple)
    """Up to 1,000 `Portal`, the newest first."""

    _read = Signal(tuple)

    def __init__(self, ledger: Path, workspace_id: str) -> None:
        super().__init__()
        self._wanted = True
        self._read.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        thread = threading.Thread(
            target=self._run, args=(ledger, workspace_id), name="first-rows", daemon=True
        )
        thread.start()

    def cancel(self) -> None:
        """Something newer is shown: these rows must not replace it."""
        self._wanted = False

    def _run(self, ledger: Path, workspace_id: str) -> None:
        rows = read_snapshot(ledger, workspace_id, limit=_LIMIT)
        if rows:
            self._read.emit(rows)

    def _hand_over(self, rows: tuple[PortalRecord, ...]) -> None:
        if self._wanted:
            self.arrived.emit(rows)
