"""Saves diagnostics in a file, after its content was shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.help.diagnostics_dialog import DiagnosticsDialog, DiagnosticsPart
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.save_file import choose_save_file
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
        self._collect_parts = collect_parts
        self._run_self_test = run_self_test
        self._write_bundle = write_bundle
        self._clock = clock
        self._scope = scope
        window.actions_.save_diagnostics.triggered.connect(
            lambda _: scope.start(self._open(), name="collect diagnostics")
        )

    async def _open(self) -> None:
        parts = await self._collect_parts()
        window = self._window
        dialog = DiagnosticsDialog(window.theme, window.icons, window, parts=parts)
        dialog.save_requested.connect(lambda: self._choose_file(dialog))
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_file(self, dialog: DiagnosticsDialog) -> None:
        choose_save_file(
            dialog,
            _("Save diagnostics"),
            f"seam-portal-desktop-diagnostics-{self._clock():%Y-%m-%d}.zip",
            _("Zip files (*.zip)"),
            lambda path: self._scope.start(self._write(dialog, path), name=_TASK),
        )

    async def _write(self, dialog: DiagnosticsDialog, target: Path) -> None:
        with_test = dialog.with_self_test.isChecked()
        dialog.set_busy(
            busy=True, text=_("Running the self-test…") if with_test else _("Writing the file…")
        )
        try:
            report = await self._test() if with_test else None
            await self._write_bundle(target, dialog.parts, report)
        except asyncio.CancelledError:
            dialog.set_busy(False)
            raise
        except UserFacingError as error:
            dialog.show_error(error)
        else:
            dialog.set_busy(False)
            dialog.accept()
            self._window.status_area.show_message(
                _("Diagnostics saved as {target}.").format(target=target.name)
            )

    async def _test(self) -> Mapping[str, Any]:
        """The report, also of a self-test that couldn't be run."""
        try:
            return await self._run_self_test()
        except (OSError, ValueError) as error:
            return {
                "ok": False,
                "error": _("The self-test ended without a report ({error}).").format(error=error),
            }
