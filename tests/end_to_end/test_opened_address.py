"""An address that macOS sends as an event, before and after the window is open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.bootstrap.program import OpenedAddresses
from seam_portal_desktop.bootstrap.session import SessionMode
from tests.support.preview_kit import ENGINE_NOISE
from tests.support.served_program import serving
from tests.support.until import until

pytestmark = [pytest.mark.anyio, pytest.mark.qt_log_ignore(*ENGINE_NOISE)]

ROOT = Path(__file__).parents[2]
PORTAL_ID = "3f0f3c7e-5b1d-4a55-9d0e-5a1f3f1d2c11"

SENT = f"""
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from seam_portal_desktop import runtime
from seam_portal_desktop.bootstrap.program import OpenedAddresses
app = runtime.create_application(["test"])
addresses = OpenedAddresses(app)
def send(address):
    assert QCoreApplication.sendEvent(app, QFileOpenEvent(QUrl(address)))
send("seam-portals://portal/{PORTAL_ID}")
print("kept", addresses.address)
addresses.raise_requested.connect(lambda: print("raise"))
addresses.address_requested.connect(lambda address: print("show", address))
send("seam-portals://portal/{PORTAL_ID.upper()}/")
send("seam-portals://delete/everything")
send("file:///etc/passwd")
"""


def test_the_event_equals_the_message_of_a_second_start():
    done = subprocess.run(
        [sys.executable, "-c", SENT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == [
        f"kept seam-portals://portal/{PORTAL_ID}",
        *["raise", f"show seam-portals://portal/{PORTAL_ID.upper()}/"],
        "raise",  # other addresses still show the window
        "raise",
    ], done.stderr


class Mac(QObject):
    """In place of the application, of which the tests have another kind."""

    address_opened = Signal(str)


async def test_the_portal_is_shown_in_the_window(tmp_path, qapp):
    mac = Mac()
    addresses = OpenedAddresses(mac)
    async with serving(qapp, tmp_path, SessionMode.DEMO, addresses=addresses) as served:
        window = served.window
        await until(lambda: window.pane.model.rowCount() > 1, "the demo's customers are listed")
        table = window.pane.table
        first, second = (table.model().portal(row).portal_id for row in (0, 1))
        for portal_id in (second, first):
            mac.address_opened.emit(f"seam-portals://portal/{portal_id}")
            await until(lambda wanted=portal_id: table.selected_ids() == [wanted], "it is selected")
        assert addresses.address.endswith(first), "the next window starts with it"
