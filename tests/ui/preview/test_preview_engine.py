"""The engine is started before its first page, only where it may run, and ends in time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from shiboken6 import isValid

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.request import Locale, PortalRequest
from seam_portal_desktop.ui.preview.controller import PreviewController
from seam_portal_desktop.ui.preview.page import engine
from seam_portal_desktop.ui.preview.preview_slot import SlotContext
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.emulation_kit import ask_page
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
    with shown_pane(app) as (pane, received):
        pane.engine.begin()
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
    with page_server() as site, shown_pane(qapp) as (pane, received):
        pane.engine.begin()
        qtbot.waitUntil(lambda: pane.engine._profile is not None, timeout=WAIT_MS)
        profile = pane.engine._profile
        pane.engine.begin()
        pane.show_portal(target(site.url(), "portal"))
        qtbot.waitUntil(lambda: received.rendered == ["portal"], timeout=WAIT_MS)
        assert pane.engine._profile is profile
        with qtbot.waitSignal(profile.destroyed, timeout=WAIT_MS):
            pane.shutdown()


@pytest.fixture
def prepared(qapp, qtbot):
    """A pane whose next page is made, a server that nobody has asked yet, and the page."""
    with page_server() as site, shown_pane(qapp) as (pane, received):
        pane.engine.begin()
        holder = pane.first.page._holder
        qtbot.waitUntil(lambda: holder._prepared is not None, timeout=WAIT_MS)
        web = holder._prepared.web
        qtbot.waitUntil(lambda: web.page.renderProcessPid() > 0, timeout=WAIT_MS)
        assert site.asked == []
        yield pane, received, site, web


def test_a_page_that_was_made_before_is_opened_as_its_customer_would(prepared, qtbot):
    pane, received, site, web = prepared
    request = PortalRequest(locale=Locale.DE_DE)
    pane.show_portal(replace(target(site.url(), "portal"), request=request))
    qtbot.waitUntil(lambda: received.rendered == ["portal"], timeout=WAIT_MS)
    assert pane.first.web is web
    assert [headers["Accept-Language"] for headers in site.headers.values()] == ["de-DE"]
    assert ask_page(pane.first, qtbot, "navigator.language") == "de-DE"


@pytest.mark.skipif(sys.platform == "win32", reason="There is no SIGKILL on Windows")
def test_a_process_that_died_before_its_page_was_opened_harms_nothing(prepared, qtbot):
    pane, received, site, web = prepared
    os.kill(web.page.renderProcessPid(), signal.SIGKILL)
    with qtbot.waitSignal(web.page.renderProcessTerminated, timeout=WAIT_MS):
        pass
    pane.show_portal(target(site.url(), "portal"))
    qtbot.waitUntil(lambda: received.rendered == ["portal"], timeout=WAIT_MS)
    assert received.failed == []


def test_a_page_that_nobody_opens_ends_with_the_pane(prepared, qtbot):
    pane, _, site, web = prepared
    pane.shutdown()
    assert not isValid(web.widget)
    assert site.asked == []


def test_the_engine_starts_by_itself_and_has_a_page_ready_for_each_portal(qapp, qtbot, monkeypatch):
    monkeypatch.setattr(engine, "_IDLE_MS", 0)
    with page_server() as site, shown_pane(qapp) as (pane, received):
        holder = pane.first.page._holder
        pane.engine.begin_later()
        for portal_id in ("one", "two"):
            qtbot.waitUntil(lambda: holder._prepared is not None, timeout=WAIT_MS)
            web = holder._prepared.web
            pane.show_portal(target(site.url(), portal_id))
            qtbot.waitUntil(lambda: pane.is_loaded, timeout=WAIT_MS)
            assert pane.first.web is web
        assert received.rendered == ["one", "two"]


def test_nothing_starts_after_the_end(qapp, qtbot):
    with shown_pane(qapp) as (pane, _):
        pane.engine.begin()
        pane.shutdown()
        pane.engine.begin()
        pane.engine.begin_later()
        assert not pane.engine._timer.isActive()


@pytest.mark.parametrize("obstacle", [None, "Not as root."])
def test_the_engine_is_left_alone_where_it_may_not_run(qapp, qtbot, obstacle):
    theme = Theme(qapp)
    window = MainWindow(theme, Icons(theme), {}, has_workspace=True, is_demo=False)
    qtbot.addWidget(window)
    window.add_list(system_clock)
    window.complete(system_clock)
    context = SlotContext(None, system_clock, pytest.fail, obstacle)
    scope = TaskScope(pytest.fail)
    controller = PreviewController(window.preview, window.portal, context, scope, window)
    controller.expect_portal()
    assert window.preview.engine._timer.isActive() is (obstacle is None)
    window.preview.shutdown()
    theme.deleteLater()
