"""Shows reports of bugs and crashes, each once. Sends nothing."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.ports import WriteFile
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.help.about_dialog import AboutFacts
from seam_portal_desktop.ui.help.crash_dialog import CrashDialog
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.save_file import choose_save_file
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_PAUSE_S = 60.0
_MOST_DIALOGS = 5

NOW = (
    _("Something went wrong inside the program"),
    (
        _(
            "The program goes on, but what you did last may not have taken effect. Below is "
            "everything that a report would say; keys, tokens and links are taken out. Nothing was "
            "sent anywhere: copy or save it if you want to report it."
        )
    ),
)
_LAST_TIME = (
    _("The program ended unexpectedly the last time"),
    (
        _(
            "No link is lost: every one is written down before Seam is asked. Below is everything "
            "that a report would say. Nothing was sent anywhere: copy or save it if you want to "
            "report it."
        )
    ),
)


class CrashReportsController(QObject):
    """Shows a report in a dialog, below the text of `collect_facts`.

    No report is shown twice. No dialog opens within a minute of the last one, nor after five.
    """

    _bug_reported = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        collect_facts: Callable[[], Awaitable[AboutFacts]],
        write_file: WriteFile,
        scope: TaskScope,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._collect_facts = collect_facts
        self._is_opening = False
        self._write_file = write_file
        self._scope = scope
        self._seconds = seconds
        self._dialog: CrashDialog | None = None
        self._shown: set[str] = set()
        self._dialogs = 0
        self._last_closed = 0.0
        self._bug_reported.connect(self._show_bug, Qt.ConnectionType.QueuedConnection)

    def report_bug(self, text: str) -> None:
        """Show `text`, a traceback without secrets. It may be called on any thread."""
        self._bug_reported.emit(text)

    def show_previous(self, text: str) -> None:
        """Show the report of the last run, which ended unexpectedly."""
        self._open(_LAST_TIME, text)

    def _show_bug(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.count_again()
            return
        if self._is_opening or self._scope.is_closed:
            return
        too_soon = self._dialogs > 0 and self._seconds() - self._last_closed < _PAUSE_S
        if text in self._shown or too_soon or self._dialogs >= _MOST_DIALOGS:
            return
        self._shown.add(text)
        self._dialogs += 1
        self._open(NOW, text)

    def _open(self, headings: tuple[str, str], text: str) -> None:
        self._is_opening = True
        self._scope.start(self._show(headings, text), name="problem report")

    async def _show(self, headings: tuple[str, str], text: str) -> None:
        try:
            facts = (await self._collect_facts()).text()
        finally:
            self._is_opening = False
        title, explanation = headings
        dialog = self._dialog = CrashDialog(
            self._window.theme,
            self._window.icons,
            self._window,
            title=title,
            text=explanation,
            report=f"{facts}\n\n{text.strip()}\n",
        )
        dialog.save_button.clicked.connect(lambda _: self._choose_file(dialog))
        dialog.finished.connect(self._on_finished)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _on_finished(self) -> None:
        self._dialog = None
        self._last_closed = self._seconds()

    def _choose_file(self, dialog: CrashDialog) -> None:
        choose_save_file(
            dialog,
            _("Save the report"),
            "problem-report.txt",
            "Text (*.txt)",
            lambda path: self._scope.start(self._save(dialog, path), name="save report"),
        )

    async def _save(self, dialog: CrashDialog, path: Path) -> None:
        report = dialog.report.encode()
        try:
            await self._write_file(path, report)
        except UserFacingError as error:
            if dialog is self._dialog:
                dialog.error_card.set_error(error)
        else:
            if dialog is self._dialog:
                dialog.show_saved(path.name)
