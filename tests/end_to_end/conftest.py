from __future__ import annotations

import pytest

from tests.support.event_loop import qt_event_loop
from tests.support.garbage import (
    _what_is_imported_is_set_aside,
    garbage_collected_on_this_thread,
)
from tests.support.sandboxes import running_sandbox

__all__ = ["_what_is_imported_is_set_aside", "garbage_collected_on_this_thread"]


@pytest.fixture
def anyio_backend(qapp):
    return ("asyncio", {"loop_factory": qt_event_loop})


@pytest.fixture
def sandbox():
    with running_sandbox() as server:
        yield server
