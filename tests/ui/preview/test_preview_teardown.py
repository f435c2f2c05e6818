"""View, page and profile end in order, however often and whenever it happens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.page_server import Answer, page_server
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
from tests.support.preview_kit import shown_pane, target

app = QApplication(sys.argv)
url, until = sys.argv[1:]

async def main():
    done = asyncio.Event()
    with shown_pane(app) as (pane, received):
        assert "PySide6.QtWebEngineCore" not in sys.modules
        getattr(pane, until).connect(lambda *_: done.set())
        if until == "notice":
            asyncio.get_running_loop().call_later(0.3, done.set)
        pane.show_portal(target(url))
        await asyncio.wait_for(done.wait(), 20)
        assert pane.is_loaded is (until == "rendered")

with qasync.QEventLoop(app) as loop:
    loop.run_until_complete(main())
"""


def test_ten_portals_one_after_the_other_leave_nothing(qapp, qtbot):
    with page_server() as site, shown_pane(qapp) as (pane, received):
        for number in range(10):
            name = f"portal-{number}"
            pane.show_portal(target(site.url(), name))
            qtbot.waitUntil(lambda name=name: received.rendered[-1:] == [name], timeout=WAIT_MS)
            profile = pane.first.web.widget.page().profile()
            with qtbot.waitSignal(profile.destroyed, timeout=WAIT_MS):
                pane.clear()


def test_a_pane_can_end_at_any_moment_of_a_load(qapp, qtbot):
    with page_server() as site:
        site.pages["/portals/slow"] = Answer(hold=True)
        for path in ("/portals/slow", "/portals/quick"):
            with shown_pane(qapp) as (pane, _):
                pane.show_portal(target(site.url(path)))
                qtbot.waitUntil(lambda path=path: site.asked_for(path), timeout=WAIT_MS)
                pane.shutdown()
                pane.shutdown()


@pytest.mark.parametrize("repetition", range(2))
@pytest.mark.parametrize("until", ["rendered", "notice", "failed"])
def test_the_program_ends_with_0_while_a_preview_is_open(until, repetition):
    with page_server() as site:
        site.pages["/portals/slow"] = Answer(hold=True)
        site.pages["/portals/gone"] = Answer(status=410)
        path = {"notice": "/portals/slow", "failed": "/portals/gone"}.get(until, "/portals/1")
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, site.url(path), until],
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
