"""The engine is started before its first page, only where it may run, and ends in time."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.ui.preview.controller import PreviewController
from seam_portal_desktop.ui.preview.preview_slot import PreviewUse
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.page_server import page_server
from tests.support.preview_kit import ENGINE_NOISE, shown_pane, target

pytestmark = pytest.mark.qt_log_ignore(*ENGINE_NOISE)

WAIT_MS = 15_000
ROOT = Path(__file__).parents[3]

PROGRAM = """
import asyncio, sys
import qasync
from PySide6.QtCore import QCoreApplication, Qt
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
from PySide6.QtWidgets import QApplication
from tests.support.preview_kit import shown_pane

app = QApplication(sys.argv)

async def main():
    with shown_pane(app) as (pane, heard):
        pane.expect_portal()
        assert "PySide6.QtWebEngineCore" not in sys.modules, "the caller goes on at once"
        while pane.engine._profile is None:
            await asyncio.sleep(0.01)

with qasync.QEventLoop(app) as loop:
    loop.run_until_complete(asyncio.wait_for(main(), 20))
"""


def test_a_program_whose_engine_never_showed_a_page_ends_with_0():
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "still not deleted" not in ended.stderr


def test_a_portal_is_shown_with_an_engine_that_was_started_before(qapp, qtbot):
    with page_server() as site, shown_pane(qapp) as (pane, heard):
        pane.expect_portal()
        qtbot.waitUntil(lambda: pane.engine._profile is not None, timeout=WAIT_MS)
        profile = pane.engine._profile
        pane.expect_portal()
        pane.show_portal(target(site.url(), "portal"))
        qtbot.waitUntil(lambda: heard.rendered == ["portal"], timeout=WAIT_MS)
        assert pane.engine._profile is profile
        with qtbot.waitSignal(profile.destroyed, timeout=WAIT_MS):
            pane.shutdown()


def test_nothing_starts_after_the_end(qapp, qtbot):
    with shown_pane(qapp) as (pane, _):
        pane.expect_portal()
        pane.shutdown()
        pane.expect_portal()
        assert not pane.engine._timer.isActive()


@pytest.mark.parametrize("obstacle", [None, "Not as root."])
def test_the_engine_is_left_alone_where_it_may_not_run(qapp, qtbot, obstacle):
    theme = Theme(qapp)
    window = MainWindow(theme, Icons(theme), has_workspace=True, is_demo=False)
    qtbot.addWidget(window)
    window.add_list(system_clock)
    window.complete(system_clock)
    loop = asyncio.new_event_loop()
    use = PreviewUse(loop.create_future(), loop.create_future(), None, system_clock, obstacle)
    presenter = PreviewController(window.preview, use, TaskScope(pytest.fail), window)
    presenter.expect_portal()
    assert window.preview.engine._timer.isActive() is (obstacle is None)
    window.preview.shutdown()
    loop.close()
    theme.deleteLater()
