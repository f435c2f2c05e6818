"""Imports before the first paint, the first rows, and a layout that stays while loading."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint

from seam_portal_desktop.adapters.files.preferences import JsonPreferences
from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.bootstrap.first_rows import FirstRows
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.preferences import PreferencesData, Settings
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from seam_portal_desktop.ui.toolkit.times import set_time_style
from tests.support.ledger_data import NOW, WORKSPACE, requested

ROOT = Path(__file__).parents[1]
HEAVY = {
    "PySide6.QtNetwork",
    "PySide6.QtWebEngineCore",
    "PySide6.QtWebEngineWidgets",
    "alembic",
    "asyncio",
    "can_ada",
    "cryptography",
    "httpx",
    "keyring",
    "msgspec",
    "qasync",
    "sqlalchemy",
    "starlette",
    "uvicorn",
}

STOP_AFTER_PAINT = """
import json, os, sys
from seam_portal_desktop import __main__, runtime

wait_until_painted, paints = runtime.wait_until_painted, int(sys.argv[2])

def stop(window):
    global paints
    wait_until_painted(window)
    paints -= 1
    if not paints:
        exposed, has_list = window.windowHandle().isExposed(), hasattr(window, "pane")
        light = window.palette().window().color().lightness()
        print(json.dumps([exposed, has_list, light, sorted(sys.modules)]), flush=True)
        os._exit(0)

runtime.wait_until_painted = stop
__main__.main(["--data-dir", sys.argv[1]])
"""


@pytest.fixture
def paths(tmp_path):
    """The data of a program with one workspace and three portals."""
    paths = AppPaths(tmp_path)
    connection = WorkspaceConnection(
        "c",
        "Acme",
        "https://connect.getseam.com",
        CredentialKind.API_KEY,
        Workspace(WORKSPACE, "Acme", "Acme", is_sandbox=True),
    )

    async def fill() -> None:
        settings = {"appearance": "dark", "time_zone": "Asia/Tokyo", "date_style": "iso"}
        data = PreferencesData([connection], "c", options={"settings": settings})
        await JsonPreferences(paths.preferences).save(data)
        ledger = SqlLedger(paths.ledger, UrlCipher(SessionSecretStore()), lambda: NOW)
        await ledger.open()
        for number in range(3):
            await ledger.record_intent(requested(f"p{number}"), PortalRequest())
        await ledger.close()

    asyncio.run(fill())
    return paths


@pytest.fixture
def theme(qapp):
    theme = Theme(qapp)
    theme.install()
    yield theme
    theme.deleteLater()
    qapp.setStyleSheet("")
    set_time_style(Settings())


@pytest.fixture
def session(paths, theme, qtbot):
    session = Session(SessionMode.REAL, paths, theme, Icons(theme))
    qtbot.addWidget(session.window)
    return session


@pytest.mark.parametrize(("paints", "has_list"), [(1, False), (2, True)])
def test_nothing_heavy_is_imported_before_the_list_is_painted(paths, paints, has_list):
    arguments = [sys.executable, "-c", STOP_AFTER_PAINT, str(paths.data_dir), str(paints)]
    done = subprocess.run(arguments, cwd=ROOT, stdout=subprocess.PIPE, timeout=60, check=True)
    exposed, list_was_there, lightness, modules = json.loads(done.stdout)
    assert exposed
    assert lightness < 64, "the first paint is dark, as the user chose"
    assert list_was_there is has_list
    assert not HEAVY & set(modules)
    assert "PySide6.QtWidgets" in modules, "the program was really started"


def test_the_layout_stays_while_the_window_is_completed(session, qtbot):
    window = session.window

    def geometries() -> dict[str, tuple[int, ...]]:
        QCoreApplication.processEvents()
        list_side, portal = window._columns.widget(0), window._columns.widget(1)
        return {
            "menus": window.menuBar().geometry().getRect(),
            "list": list_side.geometry().getRect(),
            "portal": portal.geometry().getRect(),
            "top": list_side.mapTo(window, QPoint()).toTuple(),
        }

    session.window.show()
    at_first = geometries()
    session.add_list()
    with_list = geometries()
    session.complete()
    assert at_first == with_list == geometries()


def test_the_first_rows_are_those_of_the_last_run(session, qtbot):
    session.window.show()
    session.add_list()
    qtbot.waitUntil(lambda: session.window.pane.model.rowCount() == 3)


def test_cancelled_first_rows_are_not_shown(paths, qapp):
    shown: list[str] = []
    first, cancelled = FirstRows(paths.ledger, WORKSPACE), FirstRows(paths.ledger, WORKSPACE)
    first.arrived.connect(lambda _rows: shown.append("first"))
    cancelled.arrived.connect(lambda _rows: shown.append("cancelled"))
    cancelled.cancel()
    for thread in threading.enumerate():
        if thread.name == "first-rows":
            thread.join()
    QCoreApplication.processEvents()
    assert shown == ["first"]
