"""The window's layout from run to run, whatever became of the file meanwhile."""

from __future__ import annotations

import asyncio
import json
import random

import pytest
from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtGui import QGuiApplication

from seam_portal_desktop.adapters.files.preferences import JsonPreferences
from seam_portal_desktop.bootstrap.session import Session, SessionMode
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
from seam_portal_desktop.paths import AppPaths
from seam_portal_desktop.ui.portals.model import PortalTableModel
from seam_portal_desktop.ui.portals.table import PortalTable
from seam_portal_desktop.ui.shell.view_state import restore_geometry, restore_sizes
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme
from tests.support.mutations import damaged_text, damaged_value
from tests.support.portal_rows import SettableClock

MUTATIONS = 2000
STARTS = 20
"""Of the damaged files, each in a whole new window."""


@pytest.fixture
def paths(tmp_path):
    return AppPaths(tmp_path)


@pytest.fixture
def theme(qapp):
    theme = Theme(qapp)
    theme.install()
    yield theme
    theme.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def new_window(paths, theme, qtbot):
    """Opens a window from the preferences' file, without the list's rows and the adapters."""

    def open_window() -> Session:
        session = Session(SessionMode.REAL, paths, theme, Icons(theme))
        qtbot.addWidget(session.window)
        session.window.show()
        session.add_list()
        session.complete()
        QCoreApplication.processEvents()
        return session

    return open_window


def save(session: Session) -> None:
    session.data.window = session.window.view_state.save()
    asyncio.run(session.preferences.save(session.data))


def connected() -> PreferencesData:
    connection = WorkspaceConnection(
        "11111111-1111-4111-8111-111111111111",
        "Acme",
        "https://connect.getseam.com",
        CredentialKind.API_KEY,
        Workspace("22222222-2222-4222-8222-222222222222", "Acme", "Acme", is_sandbox=True),
    )
    return PreferencesData(
        [connection],
        connection.connection_id,
        options={
            "default_presets": {connection.workspace.workspace_id: "gym"},
            "updates": {
                "daily": True,
                "tried_at": "2026-01-01T00:00:00+00:00",
                "problem": "",
                "failures": 2,
            },
        },
    )


def test_size_and_parts_are_those_of_the_last_run(paths, new_window):
    asyncio.run(JsonPreferences(paths.preferences).save(connected()))
    first = new_window()
    first.window.resize(1180, 560)
    first.window.move(20, 30)
    first.window._columns.setSizes([520, 660])
    QCoreApplication.processEvents()
    sizes = first.window._columns.sizes()
    first.window.actions_.toggle_portal.setChecked(False)
    QCoreApplication.processEvents()
    save(first)
    first.window.hide()
    second = new_window()
    assert second.window.view_state.dropped == []
    assert second.window.size().toTuple() == (1180, 560)
    assert second.window.pos().toTuple() == (20, 30)
    assert second.window._columns.sizes() == sizes, "a hidden part comes back with its size"


def test_a_maximised_window_is_maximised_again(paths, new_window):
    first = new_window()
    first.window.showMaximized()
    QCoreApplication.processEvents()
    save(first)
    assert new_window().window.isMaximized()


def test_a_window_on_a_screen_that_is_gone_is_moved_to_one_that_is_there(new_window):
    window = new_window().window
    state = {"x": 50_000, "y": -9000, "width": 99_999, "height": 800, "maximized": False}
    assert restore_geometry(window, state)
    area = QGuiApplication.primaryScreen().availableGeometry()
    assert area.contains(QRect(window.pos(), window.size()))


@pytest.mark.parametrize(
    "change",
    [
        {"x": 1e9},
        {"y": None},
        {"width": 0},
        {"height": 2**40},
        {"width": "800"},
        {"maximized": 1},
        {"x": True},
    ],
)
def test_a_geometry_that_is_none_changes_nothing(new_window, change):
    window = new_window().window
    before = window.geometry()
    state = {"x": 1, "y": 2, "width": 800, "height": 600, "maximized": False}
    assert not restore_geometry(window, state | change)
    assert not restore_geometry(window, [1, 2, 3, 4])
    assert window.geometry() == before


def test_the_states_of_an_older_version_are_dropped(paths, new_window):
    blobs = {"geometry": "AdnQywADAAA=", "columns": "AAAA/w==", "table": "AgEAAAD/AAAA"}
    asyncio.run(JsonPreferences(paths.preferences).save(PreferencesData(window=blobs)))
    assert new_window().window.view_state.dropped == [
        "the window’s size",
        "the sizes of the window’s parts",
        "the list’s columns",
    ]


def test_2000_damaged_states_of_the_columns(theme, qtbot):
    """Qt's own state crashed or hung the header with 30 of 500 of them."""
    table = PortalTable(PortalTableModel(SettableClock()), theme, Icons(theme))
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    header = table.horizontalHeader()
    header.moveSection(2, 0)
    header.resizeSection(3, 222)
    good = json.loads(json.dumps(table.columns.save_state()))
    used = 0
    for seed in range(MUTATIONS):
        before = table.columns.save_state()
        if table.columns.restore_state(damaged_value(good, random.Random(seed))):
            used += 1
        else:
            assert table.columns.save_state() == before
        table.grab()
        assert sorted(map(header.visualIndex, range(header.count()))) == [*range(header.count())]
        assert not header.isSectionHidden(0), "the customer key"
        column, descending = table.columns.sort_order()
        assert column.value
        assert isinstance(descending, bool)
    assert 0 < used < MUTATIONS
    assert table.columns.restore_state(good)
    assert json.loads(json.dumps(table.columns.save_state())) == good


def test_2000_damaged_files_of_preferences(paths, new_window):
    """Each is read and applied to a window; some start one of their own."""
    asyncio.run(JsonPreferences(paths.preferences).save(connected()))
    session = new_window()
    save(session)
    good = json.loads(paths.preferences.read_bytes())
    window = session.window
    for seed in range(MUTATIONS):
        paths.preferences.write_bytes(damaged_text(good, random.Random(seed)))
        preferences = JsonPreferences(paths.preferences)
        data = preferences.load()
        known = {each.connection_id for each in data.connections}
        assert data.current_connection_id is None or data.current_connection_id in known
        restore_geometry(window, data.window.get("geometry"))
        restore_sizes(window._columns, data.window.get("columns"))
        window.pane.table.columns.restore_state(data.window.get("table"))
        window.preview.restore_view(data.window.get("preview"))
        if seed % 10 == 0:
            chosen = data.current_connection_id
            current = [each for each in data.connections if each.connection_id == chosen]
            window.show_workspaces(data.connections, *(current or [None]), frozenset())
            QCoreApplication.processEvents()
        if seed % (MUTATIONS // STARTS) == 0:
            asyncio.run(preferences.save(data))
            started = new_window()
            save(started)
            started.window.close()
            started.window.deleteLater()
        for kept in paths.data_dir.glob("preferences.json.broken-*"):
            kept.unlink()
