"""The Help menu: user guide, about, licences, diagnostics, problem reports and the self-test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.ports import WriteFile
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.help.about_dialog import AboutDialog, AboutFacts
from seam_portal_desktop.ui.help.crash_reports import CrashReportsController
from seam_portal_desktop.ui.help.diagnostics_controller import (
    CollectParts,
    DiagnosticsController,
    RunSelfTest,
    WriteBundle,
)
from seam_portal_desktop.ui.help.guide import Guide, GuideWindow
from seam_portal_desktop.ui.help.licences_dialog import LicencesDialog
from seam_portal_desktop.ui.help.self_test_dialog import SelfTestDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.labels import copy_text
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

CollectFacts = Callable[[], Awaitable[AboutFacts]]
ReadLicences = Callable[[], Awaitable[str]]
ReadGuide = Callable[[], Awaitable[Guide]]


@dataclass(frozen=True, slots=True)
class HelpSources:
    """What the Help menu needs from outside the UI.

    `notify_of_bugs` sets the function that gets unhandled errors. `previous_crash` is the report
    of the last run, if it ended unexpectedly.
    """

    collect_facts: CollectFacts
    run_self_test: RunSelfTest
    read_licences: ReadLicences
    read_guide: ReadGuide
    collect_parts: CollectParts
    write_bundle: WriteBundle
    write_file: WriteFile
    notify_of_bugs: Callable[[Callable[[str], None]], None]
    previous_crash: str = ""


class HelpController(QObject):
    def __init__(
        self, window: MainWindow, sources: HelpSources, clock: Clock, scope: TaskScope
    ) -> None:
        super().__init__(window)
        self._window = window
        self._sources = sources
        self._scope = scope
        actions = window.actions_
        self._guide: GuideWindow | None = None
        actions.user_guide.triggered.connect(
            lambda _: scope.start(self._show_guide(), name="user guide")
        )
        actions.about.triggered.connect(lambda _: scope.start(self._about(), name="about"))
        actions.copy_diagnostics.triggered.connect(
            lambda _: scope.start(self._copy_diagnostics(), name="copy diagnostics")
        )
        actions.self_test.triggered.connect(self._test)
        DiagnosticsController(
            window, sources.collect_parts, sources.run_self_test, sources.write_bundle, clock, scope
        )
        reports = CrashReportsController(window, sources.collect_facts, sources.write_file, scope)
        sources.notify_of_bugs(reports.report_bug)
        if sources.previous_crash:
            reports.show_previous(sources.previous_crash)

    async def _about(self) -> None:
        facts = await self._sources.collect_facts()
        dialog = AboutDialog(self._window.theme, self._window.icons, self._window, facts=facts)
        dialog.open_data_dir_requested.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(facts.data_dir)))
        )
        dialog.licences_requested.connect(
            lambda: self._scope.start(self._show_licences(dialog), name="licences")
        )
        dialog.finished.connect(lambda: self._scope.cancel("licences"))
        dialog.open()

    async def _show_licences(self, about: AboutDialog) -> None:
        text = await self._sources.read_licences()
        dialog = LicencesDialog(self._window.icons, text, about)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _show_guide(self) -> None:
        if self._guide is None:
            guide = await self._sources.read_guide()
            self._guide = GuideWindow(guide, self._window.theme, self._window.icons, self._window)
            self._guide.destroyed.connect(self._forget_guide)
        self._guide.show()
        self._guide.raise_()
        self._guide.activateWindow()

    def _forget_guide(self) -> None:
        self._guide = None

    async def _copy_diagnostics(self) -> None:
        facts = await self._sources.collect_facts()
        copy_text(facts.text())
        self._window.status_area.show_message(_("Diagnostics copied. They hold no secrets."))

    def _test(self) -> None:
        dialog = SelfTestDialog(self._window.theme, self._window.icons, self._window)
        dialog.cancelled.connect(lambda: self._scope.cancel("self-test"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._scope.start(self._show_test(dialog), name="self-test")

    async def _show_test(self, dialog: SelfTestDialog) -> None:
        try:
            report = await self._sources.run_self_test()
        except asyncio.CancelledError:
            raise
        except (OSError, ValueError) as error:
            dialog.show_failure(_("It ended without a report ({error}).").format(error=error))
        else:
            dialog.show_report(report)
