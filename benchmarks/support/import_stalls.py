"""Imports a file into the New portal dialog. Arguments: the file, the rounds.

A timer ticks on the window's thread. A stall is the time between two ticks. Rounds in which nothing
happens and rounds with an import take turns. Prints the median of the rounds' stalls (the 99th
percentile of each), and the longest stall of an import, in seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

from seam_portal_desktop import runtime
from seam_portal_desktop.adapters.tables.file_tables import FileTables
from seam_portal_desktop.adapters.tables.writer import write_table
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.services.import_tables import ImportTablesService
from seam_portal_desktop.services.table_mappings import TableMappings
from seam_portal_desktop.ui.create.data.data_import import SectionDestination
from seam_portal_desktop.ui.create.dialog import NewPortalDialog
from seam_portal_desktop.ui.create.form.form_section import unfold_parents
from seam_portal_desktop.ui.import_data.controller import ImportController
from seam_portal_desktop.ui.import_data.dialog import ImportDialog, ImportStep
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Theme

_TICK_MS = 2
_IDLE_SECONDS = 3
_AFTER_SECONDS = 3
"""The dialog checks the request after the import. That counts too."""


class Ticks:
    """The times between two ticks, in seconds."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=_TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def stop(self) -> list[float]:
        self._tick()
        self._timer.stop()
        return self.gaps

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


class Window:
    """A New portal dialog whose reservations are shown, with its import."""

    def __init__(self, app: runtime.Application) -> None:
        theme = Theme(app)
        theme.install()
        self.dialog = NewPortalDialog(theme, Icons(theme))
        self.dialog.set_workspace("Acme Stays", WorkspaceKind.SANDBOX, demo=False)
        self.dialog.show()
        unfold_parents(self.dialog.data.table)
        self.dialog.data.kinds.set_current_kind("reservations")
        self._imports = ImportController(
            self.dialog,
            SectionDestination(self.dialog.data),
            ImportTablesService(FileTables(), write_table),
            TableMappings(PreferencesData(), _save_nothing),
            TaskScope(_raise),
        )

    async def import_file(self, path: Path) -> None:
        """Import it as a user does who agrees with everything."""
        self._imports.open_file(path)
        dialog = self.dialog.findChildren(ImportDialog)[-1]
        while dialog.isVisible():
            await asyncio.sleep(0.01)
            if dialog.step is not ImportStep.READING and dialog.submit_button.isEnabled():
                dialog.submit_button.click()
            elif dialog.error_card.error is not None:
                raise dialog.error_card.error
        await asyncio.sleep(_AFTER_SECONDS)

    def empty(self) -> None:
        self.dialog.fill(PortalRequest())


async def _save_nothing() -> None:
    pass


def _raise(error: BaseException) -> None:
    raise error


def _p99(gaps: list[float]) -> float:
    return statistics.quantiles(gaps, n=100)[98]


async def _measure(window: Window, path: Path, rounds: int) -> dict[str, float]:
    idle: list[float] = []
    busy: list[float] = []
    longest = 0.0
    await asyncio.sleep(1)
    for _round in range(rounds):
        ticks = Ticks()
        await asyncio.sleep(_IDLE_SECONDS)
        idle.append(_p99(ticks.stop()))
        ticks = Ticks()
        await window.import_file(path)
        gaps = ticks.stop()
        busy.append(_p99(gaps))
        longest = max(longest, *gaps)
        window.empty()
    return {
        "without": statistics.median(idle),
        "with": statistics.median(busy),
        "longest": longest,
    }


def main() -> None:
    path, rounds = Path(sys.argv[1]), int(sys.argv[2])
    app = runtime.create_application([])
    runtime.collect_garbage_on_this_thread(app)
    window = Window(app)

    async def measure(_stop: runtime.StopSignal) -> int:
        report = await _measure(window, path, rounds)
        print(json.dumps(report), flush=True)
        os._exit(0)

    runtime.run(app, measure)


main()
