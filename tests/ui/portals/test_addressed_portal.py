"""A URL of the program's own scheme: how it is read, sent to the first process, and shown."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.record import PortalKind
from seam_portal_desktop.options import OpenedAddress, Options, parse_address, parse_arguments
from seam_portal_desktop.ui.portals.addressed_portal import AddressedPortalController
from seam_portal_desktop.ui.shell.single_instance import RaiseListener
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

PORTAL_ID = "3f0f3c7e-5b1d-4a55-9d0e-5a1f3f1d2c11"


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        (f"seam-portals://portal/{PORTAL_ID}", OpenedAddress(PORTAL_ID)),
        (f"SEAM-PORTALS://portal/{PORTAL_ID.upper()}/", OpenedAddress(PORTAL_ID)),
        ("seam-portals://portal/", None),
        ("seam-portals://portal/../../etc/passwd", None),
        (f"seam-portals://delete/{PORTAL_ID}", None),
        ("seam-portals:", None),
        (
            "seam-portals://new?customer_key=Caf%C3%A9%20%26%20Bar&preset=Hotel&to=ann@example.com",
            OpenedAddress("", "Café & Bar", "Hotel", "ann@example.com"),
        ),
        ("Seam-Portals://new?customer_key=a", OpenedAddress(customer_key="a")),
        ("seam-portals://new", None),
        ("seam-portals://new?", None),
        ("seam-portals://new?customer_key=", None),
        ("seam-portals://new?preset=Hotel", None),
        ("seam-portals://new?customer_key=a&customer_key=b", None),
        ("seam-portals://new?customer_key=a&url=https://evil.example", None),
        ("seam-portals://new?customer_key=a%0Ab", None),
        ("seam-portals://new?customer_key=a%E2%80%AEb", None),
        ("seam-portals://new?customer_key=%FF", None),
        (f"seam-portals://new?customer_key={'a' * 301}", None),
        (f"seam-portals://new?customer_key=a&to={'b' * 300}@example.com", None),
        (f"seam-portals://new?customer_key={'a' * 5000}", None),
    ],
)
def test_what_an_address_asks_for(address, opened):
    """Any web page can open one, so that only what is known and bounded is understood."""
    assert parse_address(address) == opened
    assert parse_arguments([address]) == Options(address=address if opened else None)


def test_other_addresses_are_no_arguments(capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["https://portal.example/portals/1"])
    assert ended.value.code == 2
    assert "unrecognized arguments" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("received", "addresses"),
    [
        (b'{"address": null}\n', []),
        (b'{"address": 7}\n', []),
        (b'{"address": "seam-portals://portal/1"}\n', ["seam-portals://portal/1"]),
    ],
)
def test_a_second_start_sends_its_address_to_the_first(qtbot, qapp, received, addresses):
    from PySide6.QtNetwork import QLocalSocket

    listener = RaiseListener("seam-portal-test-address", qapp)
    raised, asked = [], []
    listener.raise_requested.connect(lambda: raised.append(True))
    listener.address_requested.connect(asked.append)
    socket = QLocalSocket()
    socket.connectToServer("seam-portal-test-address")
    assert socket.waitForConnected(2000)
    socket.write(received)
    qtbot.waitUntil(lambda: bool(raised))
    assert asked == addresses
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
