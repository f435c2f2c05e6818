"""What went wrong is shown once, in full, and never in a loop."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.help.about_dialog import AboutFacts
from seam_portal_desktop.ui.help.crash_dialog import CrashDialog
from seam_portal_desktop.ui.help.crash_reports import CrashReportsController
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from tests.support.program import press, shows, until_shows, visible_children
from tests.support.until import until

pytestmark = pytest.mark.anyio
FACTS = AboutFacts("0.1.0", "3.11", "6.11", "6.11", Path("/data"), {"System": "a test"})
BUG = "A task failed\nTraceback (most recent call last):\nValueError: seam_[hidden]"


class Reports:
    def __init__(self, theme, window) -> None:
        window.theme, window.icons = theme, Icons(theme)
        self.window = window
        self.now = 1000.0
        self.written: dict[Path, bytes] = {}
        self.error: UserFacingError | None = None
        self.scope = TaskScope(lambda error: pytest.fail(repr(error)))
        self.controller = CrashReportsController(
            window, self._facts, self._write, self.scope, seconds=lambda: self.now
        )

    async def _facts(self) -> AboutFacts:
        return FACTS

    async def _write(self, path: Path, content: bytes) -> None:
        if self.error is not None:
            raise self.error
        self.written[path] = content

    def dialogs(self) -> list[CrashDialog]:
        return visible_children(self.window, CrashDialog)

    async def dialog(self) -> CrashDialog:
        return (await until(self.dialogs, "a report is shown"))[0]

    async def quiet(self) -> None:
        """Wait until all reports are handled."""
        done = threading.Event()
        queued = Qt.ConnectionType.QueuedConnection  # behind the controller's own slot
        self.controller._bug_reported.connect(lambda _: done.set(), queued)
        self.controller._bug_reported.emit("the end")
        await until(done.is_set)
        await until(lambda: not self.scope.is_running("problem report"))


async def choose(dialog: CrashDialog, file: Path) -> None:
    press(dialog, "Save…")
    chooser = (await until(lambda: visible_children(dialog, QFileDialog)))[0]
    chooser.fileSelected.emit(str(file))
    chooser.reject()
    await until(lambda: not visible_children(dialog, QFileDialog))


@pytest.fixture
async def reports(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    reports = Reports(theme, window)
    yield reports
    await reports.scope.close()


async def test_a_report_is_shown_in_full_in_a_dialog_that_is_not_modal(reports):
    reports.controller.report_bug(BUG)
    dialog = await reports.dialog()
    assert not dialog.isModal()
    assert dialog.text.toPlainText() == f"{FACTS.text()}\n\n{BUG}\n"
    assert shows(dialog, "Nothing was sent anywhere")
    press(dialog, "Copy")
    assert QGuiApplication.clipboard().text() == dialog.report
    press(dialog, "Close")
    assert not dialog.isVisible()


async def test_a_bug_may_be_reported_on_any_thread(reports):
    thread = threading.Thread(target=reports.controller.report_bug, args=(BUG,))
    thread.start()
    thread.join()
    await reports.dialog()


async def test_more_bugs_are_counted_in_the_open_dialog(reports):
    reports.controller.report_bug(BUG)
    dialog = await reports.dialog()
    for number in range(3):
        reports.controller.report_bug(f"{BUG} {number}")
    await until_shows(dialog, "3 more problems since")
    assert reports.dialogs() == [dialog]


async def test_a_bug_is_shown_once_and_another_one_not_within_a_minute(reports):
    reports.controller.report_bug(BUG)
    press(await reports.dialog(), "Close")
    reports.now += 3600
    reports.controller.report_bug(BUG)
    reports.controller.report_bug("Another")
    dialog = await reports.dialog()
    assert "Another" in dialog.report, "the same again was passed over"
    press(dialog, "Close")
    reports.now += 59
    reports.controller.report_bug("A third")
    await reports.quiet()
    assert not reports.dialogs()


async def test_after_five_dialogs_none_is_opened(reports):
    for number in range(8):
        reports.now += 3600
        reports.controller.report_bug(f"{BUG} {number}")
        if number < 5:
            press(await reports.dialog(), "Close")
    await reports.quiet()
    assert not reports.dialogs()


async def test_a_crash_of_the_last_run_is_shown(reports):
    reports.controller.show_previous("Fatal Python error: Segmentation fault")
    dialog = await reports.dialog()
    assert shows(dialog, "The program ended unexpectedly the last time")
    assert "Segmentation fault" in dialog.report


async def test_it_is_saved_where_the_user_wants(reports, tmp_path):
    reports.controller.report_bug(BUG)
    dialog = await reports.dialog()
    full = reports.error = UserFacingError("The disk is full", "Free some space.")
    await choose(dialog, tmp_path / "report.txt")
    await until(lambda: dialog.error_card.error is full)
    reports.error = None
    await choose(dialog, tmp_path / "report.txt")
    await until_shows(dialog, "Saved as report.txt.")
    assert reports.written == {tmp_path / "report.txt": dialog.report.encode()}
    assert dialog.error_card.error is None


async def test_nothing_is_shown_while_the_window_closes(reports):
    await reports.scope.close()
    reports.controller.report_bug(BUG)
    await until(lambda: True)
    assert not reports.dialogs()
