from __future__ import annotations

import pytest

from seam_portal_desktop.sandbox.server import SandboxServer
from tests.support.event_loop import qt_event_loop
from tests.support.garbage import (
    _what_is_imported_is_set_aside,
    garbage_collected_on_this_thread,
)

__all__ = ["_what_is_imported_is_set_aside", "garbage_collected_on_this_thread"]


@pytest.fixture
def anyio_backend(qapp):
    return ("asyncio", {"loop_factory": qt_event_loop})


@pytest.fixture
def sandbox():
    server = SandboxServer()
    server.start()
    yield server
    server.stop()
