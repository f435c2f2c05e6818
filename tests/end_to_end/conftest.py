from __future__ import annotations

import pytest

from tests.support.event_loop import qt_event_loop
from tests.support.garbage import (
    _imported_objects_are_frozen,
    leftovers_are_deleted,
)
from tests.support.sandboxes import running_sandbox

__all__ = ["_imported_objects_are_frozen", "leftovers_are_deleted"]


@pytest.fixture
def anyio_backend(qapp):
    return ("asyncio", {"loop_factory": qt_event_loop})


@pytest.fixture
def sandbox():
    with running_sandbox() as server:
        yield server
