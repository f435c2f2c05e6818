"""A URL of the program's own scheme: how it is read, sent to the first process, and shown."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import PortalKind
from seam_portal_desktop.options import Options, parse_arguments
from seam_portal_desktop.ui.portals.addressed_portal import AddressedPortalController
from seam_portal_desktop.ui.shell.single_instance import RaiseListener
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

PORTAL_ID = "3f0f3c7e-5b1d-4a55-9d0e-5a1f3f1d2c11"


@pytest.mark.parametrize(
    ("address", "portal_id"),
    [
        (f"seam-portals://portal/{PORTAL_ID}", PORTAL_ID),
        (f"SEAM-PORTALS://portal/{PORTAL_ID.upper()}/", PORTAL_ID),
        ("seam-portals://portal/", None),
        ("seam-portals://portal/../../etc/passwd", None),
        (f"seam-portals://delete/{PORTAL_ID}", None),
        ("seam-portals:", None),
    ],
)
def test_the_portal_id_is_read_from_a_url(address, portal_id):
    assert parse_arguments([address]) == Options(portal_id=portal_id)


def test_other_addresses_are_no_arguments(capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["https://portal.example/portals/1"])
    assert ended.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("received", "portals"),
    [
        (b'{"portal": null}\n', []),
        (b'{"portal": 7}\n', []),
        (b'{"portal": "%s"}\n' % PORTAL_ID.encode(), [PORTAL_ID]),
    ],
)
def test_a_second_start_sends_the_portal_to_the_first(qtbot, qapp, received, portals):
    from PySide6.QtNetwork import QLocalSocket

    listener = RaiseListener("seam-portal-test-address", qapp)
    raised, asked = [], []
    listener.raise_requested.connect(lambda: raised.append(True))
    listener.portal_requested.connect(asked.append)
    socket = QLocalSocket()
    socket.connectToServer("seam-portal-test-address")
    assert socket.waitForConnected(2000)
    socket.write(received)
    qtbot.waitUntil(lambda: bool(raised))
    assert asked == portals
    socket.abort()
    listener.close()


class Workspaces:
    def __init__(self, *workspace_ids):
        self.connections = [
            SimpleNamespace(connection_id=f"c-{one}", workspace=SimpleNamespace(workspace_id=one))
            for one in workspace_ids
        ]
        self.current = self.connections[0]

    async def switch(self, connection_id):
        (self.current,) = (one for one in self.connections if one.connection_id == connection_id)


class Ledger:
    async def portal(self, portal_id):
        if portal_id == "unknown":
            raise LedgerError("There is no such row.", "Look again.")
        if portal_id == "safe-preview":
            return SimpleNamespace(workspace_id="w1", kind=PortalKind.SAFE_PREVIEW)
        workspace_id = portal_id.removeprefix("portal-of-")
        return SimpleNamespace(workspace_id=workspace_id, kind=PortalKind.PORTAL)


@pytest.mark.parametrize(
    ("portal_id", "current", "selected", "texts"),
    [
        ("portal-of-w1", "w1", ["portal-of-w1"], []),
        ("portal-of-w2", "w2", ["portal-of-w2"], []),
        ("portal-of-w3", "w1", [], ["workspace that is not connected"]),
        ("unknown", "w1", [], ["not in the list"]),
        ("safe-preview", "w1", [], ["not in the list"]),
    ],
)
def test_a_portal_is_shown_in_its_own_workspace(qapp, portal_id, current, selected, texts):
    shown, messages, switched = [], [], []

    async def main():
        settled = asyncio.Event()

        def note(where, what):
            where.append(what)
            settled.set()

        workspaces = Workspaces("w1", "w2")
        scope = TaskScope(messages.append)
        owner = QObject()
        controller = AddressedPortalController(
            SimpleNamespace(portals=Ledger(), workspaces=workspaces),
            SimpleNamespace(select=lambda portal_id: note(shown, portal_id)),
            SimpleNamespace(show_message=lambda text, tone: note(messages, text)),
            scope,
            owner,
        )
        controller.switched.connect(lambda: switched.append(True))
        controller.show(portal_id)
        await asyncio.wait_for(settled.wait(), 5)
        await scope.close()
        return workspaces.current.workspace.workspace_id

    assert asyncio.run(main()) == current
    assert shown == selected
    assert len(switched) == (current != "w1")
    assert len(messages) == len(texts)
    assert all(text in message for text, message in zip(texts, messages, strict=True))
