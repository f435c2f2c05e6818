"""The tree as the program gives it to a screen reader, on the bus that Linux has for that."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.support.displays import HAS_X, x_display
from tests.support.processes import RunningProcess, environment

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")

pytestmark = pytest.mark.skipif(
    not (HAS_X and shutil.which("dbus-run-session") and LAUNCHER.exists()),
    reason="needs an X server and at-spi2-core",
)


def test_a_screen_reader_finds_names_roles_and_states(tmp_path):
    module = "tests.support.walk_accessibility"
    command = ["dbus-run-session", "--", sys.executable, "-m", module, "--data-dir", tmp_path]
    with x_display() as display:
        variables = environment(tmp_path, QT_QPA_PLATFORM="xcb", DISPLAY=display)
        del variables["DBUS_SESSION_BUS_ADDRESS"]
        with RunningProcess([str(part) for part in command], variables) as process:
            ended = process.wait_for_exit()
    assert ended.code == 0, ended.err
    nodes = ended.messages("node")

    # The engine's own widget around the page has the role filler.
    focusable = [node for node in nodes if "focusable" in node["states"]]
    unnamed = [node for node in focusable if not node["name"]]
    assert {node["role"] for node in unnamed} <= {"filler"}
    roles = {node["name"]: node["role"] for node in nodes}
    assert roles["Portals"] == "table"
    filters = [role for name, role in roles.items() if name.startswith(("All, ", "Active, "))]
    assert filters == ["radio button", "radio button"]
    names = list(roles)
    order = ["Search customers and notes", "New portal", "Portals", "Copy link", "Activity"]
    assert sorted(order, key=names.index) == order

    unfolded, folded = (set(node["states"]) for node in ended.messages("fold"))
    assert {"expandable", "expanded"} <= unfolded
    assert {"expandable", "collapsed"} <= folded
    assert "expanded" not in folded
