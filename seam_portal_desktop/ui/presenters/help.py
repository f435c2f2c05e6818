"""The Help menu: about, diagnostics and the self-test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from seam_portal_desktop.ui.about import AboutDialog, AboutFacts
from seam_portal_desktop.ui.main_window import MainWindow
from seam_portal_desktop.ui.self_test_dialog import SelfTestDialog
from seam_portal_desktop.ui.tasks import TaskScope

GatherFacts = Callable[[], Awaitable[AboutFacts]]
RunSelfTest = Callable[[], Awaitable[Mapping[str, Any]]]
"""Runs the self-test in a process of its own and returns its report. Raises OSError, ValueError."""


class HelpPresenter(QObject):
    def __init__(
        self,
        window: MainWindow,
        gather_facts: GatherFacts,
        run_self_test: RunSelfTest,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._gather_facts = gather_facts
        self._run_self_test = run_self_test
        self._scope = scope
        actions = window.actions_
        actions.about.triggered.connect(lambda _: scope.start(self._about(), name="about"))
        actions.copy_diagnostics.triggered.connect(
            lambda _: scope.start(self._copy_diagnostics(), name="copy diagnostics")
        )
        actions.self_test.triggered.connect(self._test)

    async def _about(self) -> None:
        facts = await self._gather_facts()
        dialog = AboutDialog(self._window.theme, self._window.icons, self._window, facts=facts)
        dialog.open_data_dir_requested.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(facts.data_dir)))
        )
        dialog.open()

    async def _copy_diagnostics(self) -> None:
        facts = await self._gather_facts()
        QGuiApplication.clipboard().setText(facts.text())
        self._window.status_area.show_message("Diagnostics copied. They hold no secrets.")

    def _test(self) -> None:
        dialog = SelfTestDialog(self._window.theme, self._window.icons, self._window)
        dialog.cancelled.connect(lambda: self._scope.cancel("self-test"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._scope.start(self._show_test(dialog), name="self-test")

    async def _show_test(self, dialog: SelfTestDialog) -> None:
        try:
            report = await self._run_self_test()
        except asyncio.CancelledError:
            raise
        except (OSError, ValueError) as error:
            dialog.show_failure(f"It ended without a report ({error}).")
        else:
            dialog.show_report(report)
