"""Help, Save diagnostics: what is in the file is shown first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.help.diagnostics_dialog import DiagnosticsDialog, DiagnosticsPart
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

RunSelfTest = Callable[[], Awaitable[Mapping[str, Any]]]
"""Runs the self-test in a process of its own and returns its report. Raises OSError, ValueError."""

CollectParts = Callable[[], Awaitable[Sequence[DiagnosticsPart]]]
WriteBundle = Callable[[Path, Sequence[DiagnosticsPart], Mapping[str, Any] | None], Awaitable[None]]
"""Writes the parts, and the self-test's report if there is one. Raises UserFacingError."""

_TASK = "save diagnostics"


class DiagnosticsController(QObject):
    def __init__(
        self,
        window: MainWindow,
        collect_parts: CollectParts,
        run_self_test: RunSelfTest,
        write_bundle: WriteBundle,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._gather_parts = collect_parts
        self._run_self_test = run_self_test
        self._write_bundle = write_bundle
        self._clock = clock
        self._scope = scope
        window.actions_.save_diagnostics.triggered.connect(
            lambda _: scope.start(self._open(), name="gather diagnostics")
        )

    async def _open(self) -> None:
        parts = await self._gather_parts()
        window = self._window
        dialog = DiagnosticsDialog(window.theme, window.icons, window, parts=parts)
        dialog.save_requested.connect(lambda: self._choose_file(dialog))
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_file(self, dialog: DiagnosticsDialog) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"seam-portal-desktop-diagnostics-{self._clock():%Y-%m-%d}.zip"
        chooser = QFileDialog(dialog, "Save diagnostics", str(Path(folder) / name))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilters(["Zip files (*.zip)", "All files (*)"])
        chooser.setDefaultSuffix("zip")
        chooser.fileSelected.connect(
            lambda path: self._scope.start(self._write(dialog, Path(path)), name=_TASK)
        )
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    async def _write(self, dialog: DiagnosticsDialog, target: Path) -> None:
        wanted = dialog.with_self_test.isChecked()
        dialog.set_busy(busy=True, text="Running the self-test…" if wanted else "Writing the file…")
        try:
            report = await self._test() if wanted else None
            await self._write_bundle(target, dialog.parts, report)
        except asyncio.CancelledError:
            dialog.set_busy(False)
            raise
        except UserFacingError as error:
            dialog.show_error(error)
        else:
            dialog.set_busy(False)
            dialog.accept()
            self._window.status_area.show_message(f"Diagnostics saved as {target.name}.")

    async def _test(self) -> Mapping[str, Any]:
        """The report; a self-test that can't be run is a finding, too."""
        try:
            return await self._run_self_test()
        except (OSError, ValueError) as error:
            return {"ok": False, "error": f"The self-test ended without a report ({error})."}
