"""Several windows in one run: the demo starts, fails to start and ends."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication

from seam_portal_desktop.bootstrap import demo, open_session
from seam_portal_desktop.bootstrap.session import SessionMode
from seam_portal_desktop.domain.portal.record import Outcome, PortalKind
from seam_portal_desktop.sandbox.server import SandboxServer
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.single_instance import InstanceLock
from tests.support.program import is_live, press, safe_previews_of, shows, until_shows
from tests.support.served_program import serving
from tests.support.until import until

pytestmark = pytest.mark.anyio


def windows() -> list[MainWindow]:
    return [
        window
        for window in QApplication.topLevelWidgets()
        if isinstance(window, MainWindow) and window.isVisible()
    ]


async def test_a_demo_that_fails_to_start_shows_why_and_can_be_started_again(
    tmp_path, qapp, monkeypatch, caplog
):
    def broken(**_options):
        raise RuntimeError("The sandbox did not start in time.")

    with monkeypatch.context() as trouble:
        trouble.setattr(demo, "start_sandbox", broken)
        serving_demo = serving(qapp, tmp_path, SessionMode.DEMO)
        await serving_demo.__aenter__()
        (window,) = windows()
        await until_shows(window.pane, "could not start completely")
        assert shows(window.pane, str(tmp_path / "logs")), "the log's folder"
        assert "did not start in time" in caplog.text
    press(window.pane, "Try again")
    await until(lambda: windows() and windows() != [window], "another window")
    await until(windows()[0].pane.model.rowCount, "the demo's customers are listed")
    await serving_demo.__aexit__(None, None, None)
    assert windows() == []


async def test_the_sandbox_is_stopped_beside_the_window(tmp_path, qapp, monkeypatch):
    stopped_in = []
    stop = SandboxServer.stop

    def note(server):
        stopped_in.append(threading.current_thread())
        stop(server)

    monkeypatch.setattr(SandboxServer, "stop", note)
    async with serving(qapp, tmp_path, SessionMode.DEMO):
        (window,) = windows()
        await until(window.pane.model.rowCount, "the demo's customers are listed")
    assert len(stopped_in) == 1
    assert stopped_in[0] is not threading.main_thread()


async def test_the_demo_revokes_its_safe_previews_before_its_sandbox_stops(
    tmp_path, qapp, monkeypatch
):
    sandboxes, sessions = [], []
    start, open_ = SandboxServer.start, open_session.OpenSession.open

    def note_sandbox(server):
        sandboxes.append(server)
        start(server)

    async def note_session(session):
        sessions.append(session)
        await open_(session)

    monkeypatch.setattr(SandboxServer, "start", note_sandbox)
    monkeypatch.setattr(open_session.OpenSession, "open", note_session)
    async with serving(qapp, tmp_path, SessionMode.DEMO):
        (window,) = windows()
        await until(window.pane.model.rowCount, "the demo's customers are listed")
        (sandbox,), services = sandboxes, sessions[0].services
        connection = services.workspaces.current
        record = next(
            record
            for record in map(window.pane.model.portal, range(window.pane.model.rowCount()))
            if record.outcome is Outcome.CREATED and record.kind is PortalKind.PORTAL
        )
        await services.safe_previews.open_safe(connection, record.portal_id)
        safe_preview = safe_previews_of(sandbox)[-1]
        assert is_live(sandbox, safe_preview)
    assert not is_live(sandbox, safe_preview)


async def test_a_closing_program_does_not_answer_a_second_start(tmp_path, qapp, monkeypatch):
    lock = InstanceLock(tmp_path / "instance.lock")
    assert lock.acquire()
    answered = []
    close = open_session.OpenSession.close

    def is_answered() -> bool:
        socket = QLocalSocket()
        socket.connectToServer(lock._name())
        return socket.waitForConnected(200)

    async def look_and_close(session):
        answered.append(is_answered())
        await close(session)

    monkeypatch.setattr(open_session.OpenSession, "close", look_and_close)
    async with serving(qapp, tmp_path, SessionMode.DEMO, lock=lock):
        await until(is_answered, "it listens")
    assert answered == [False]
    lock.release()
