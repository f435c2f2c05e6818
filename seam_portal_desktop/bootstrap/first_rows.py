"""Reads the ledger's rows of the last run in a thread."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.domain.portal.record import PortalRecord

_LIMIT = 1000


class FirstRows(QObject):
    """Reads the rows once and emits `arrived` on the thread that created it.

    `arrived` is not emitted without rows or after `cancel`.
    """

    arrived = Signal(tuple)
    """Up to 1,000 `PortalRecord`, the newest first."""

    _read = Signal(tuple)

    def __init__(self, ledger: Path, workspace_id: str) -> None:
        super().__init__()
        self._is_cancelled = False
        self._read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)
        thread = threading.Thread(
            target=self._run, args=(ledger, workspace_id), name="first-rows", daemon=True
        )
        thread.start()

    def cancel(self) -> None:
        """Call it when newer rows are shown."""
        self._is_cancelled = True

    def _run(self, ledger: Path, workspace_id: str) -> None:
        rows = read_snapshot(ledger, workspace_id, limit=_LIMIT)
        if rows:
            self._read.emit(rows)

    def _on_read(self, rows: tuple[PortalRecord, ...]) -> None:
        if not self._is_cancelled:
            self.arrived.emit(rows)
