"""Which workspace this is, changing it, and letting one go."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection, WorkspaceKind
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.workspaces.environment import WorkspaceStrip
from seam_portal_desktop.ui.workspaces.remove_dialog import RemoveWorkspaceDialog
from seam_portal_desktop.ui.workspaces.switcher import WorkspaceSwitcher


def connection(name: str, label: str, *, sandbox: bool) -> WorkspaceConnection:
    return WorkspaceConnection(
        name,
        label,
        "https://connect.getseam.com",
        CredentialKind.API_KEY,
        Workspace(f"ws-{name}", f"{name} in Seam", "Acme", is_sandbox=sandbox),
    )


LIVE = connection("live", "Acme Stays", sandbox=False)
TEST = connection("test", "Acme & <b>Tests</b>", sandbox=True)
LONG = connection("long", "مَلون-🏨-" + "x" * 300, sandbox=True)


@pytest.fixture
def switcher(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    switcher = WorkspaceSwitcher(theme, Icons(theme), window)
    QHBoxLayout(window).addWidget(switcher)
    window.show()
    qtbot.waitExposed(window)
    yield switcher
    window.close()


def entries(switcher: WorkspaceSwitcher) -> list[str]:
    plain = str.maketrans("", "", "\u2068\u2069")
    return [
        action.text().translate(plain)
        for action in switcher.menu().actions()
        if not action.isSeparator()
    ]


def test_without_a_workspace_there_is_one_way_on(switcher, qtbot):
    assert entries(switcher) == ["Connect a workspace…"]
    with qtbot.waitSignal(switcher.connect_requested):
        switcher.menu().actions()[0].trigger()


def test_the_menu_lists_workspaces_by_label_and_kind(switcher):
    switcher.set_connections([LIVE, TEST], "live", {"test"})

    assert entries(switcher) == [
        "Acme Stays · PRODUCTION",
        "Acme && <b>Tests</b> · SANDBOX · this run only",
        "Connect a workspace…",
        "Remove “Acme Stays”…",
    ]
    assert [action.isChecked() for action in switcher.menu().actions()[:2]] == [True, False]
    assert switcher.accessibleName() == "Workspace: Acme Stays, PRODUCTION"


def test_switching_emits_the_connection_only_if_it_is_another_one(switcher):
    switched: list[str] = []
    switcher.switched.connect(switched.append)
    switcher.set_connections([LIVE, TEST], "live", set())
    for action in switcher.menu().actions()[:2]:
        action.trigger()

    assert switched == ["test"]


def test_ctrl_and_a_digit_switches(switcher, qtbot):
    switched: list[str] = []
    switcher.switched.connect(switched.append)
    switcher.set_connections([LIVE, TEST], "live", set())
    switcher.set_connections([LIVE, TEST, LONG], "live", set())  # no shortcut may be left twice
    switcher.window().activateWindow()
    qtbot.keyClick(switcher, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(switcher, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)

    assert switched == ["test", "long"]


def test_remove_names_the_current_workspace_and_removes_nothing_itself(switcher, qtbot):
    switcher.set_connections([LIVE, TEST], "test", set())
    with qtbot.waitSignal(switcher.remove_requested) as asked:
        switcher.menu().actions()[-1].trigger()

    assert asked.args == ["test"]
    assert "Acme && <b>Tests</b> · SANDBOX" in entries(switcher)


def test_in_the_demo_nothing_is_called_production(switcher):
    switcher.set_connections([LIVE, TEST], "live", set())
    switcher.set_demo(True)

    assert "PRODUCTION" not in " ".join(entries(switcher))
    assert switcher.accessibleName() == "Workspace: Acme Stays, DEMO"


def test_a_long_label_takes_little_room_and_its_tooltip_has_all_of_it(switcher):
    switcher.set_connections([LONG], "long", set())

    assert switcher.sizeHint().width() <= 600
    assert switcher.minimumSizeHint().width() <= 300
    assert LONG.label in switcher.toolTip()
    assert all(len(entry) < 80 for entry in entries(switcher))
    switcher.grab()


def test_a_label_is_never_markup(switcher):
    switcher.set_connections([TEST], "test", set())

    assert "&lt;b&gt;Tests" in switcher.toolTip()


def test_removing_names_what_is_forgotten_and_keeps_by_default(qtbot, theme):
    for label in (LIVE, TEST, LONG):
        dialog = RemoveWorkspaceDialog(label, theme, Icons(theme))
        qtbot.addWidget(dialog)
        dialog.open()
        assert dialog.submit_button.text().startswith("Forget the API key for ")
        assert dialog.sizeHint().width() <= 1024
        with qtbot.waitSignal(dialog.rejected):
            qtbot.keyClick(dialog, Qt.Key.Key_Return)
        dialog.open()
        with qtbot.waitSignal(dialog.accepted):
            qtbot.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)


def test_the_strip_shows_the_workspace(qtbot, theme):
    strip = WorkspaceStrip(theme, Icons(theme))
    qtbot.addWidget(strip)
    words = []
    for kind, demo in (
        (WorkspaceKind.PRODUCTION, False),
        (WorkspaceKind.SANDBOX, False),
        (None, True),
    ):
        strip.set_workspace("Acme", kind, demo=demo)
        assert strip.isVisibleTo(None)
        words.append(strip.accessibleName().split()[0])
    assert words == ["PRODUCTION", "SANDBOX", "DEMO"]
    strip.set_workspace("", None, demo=False)
    assert not strip.isVisible()
