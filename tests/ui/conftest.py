from __future__ import annotations

import pytest

from tests.support.event_loop import qt_event_loop
from tests.support.garbage import garbage_collected_on_this_thread

__all__ = ["garbage_collected_on_this_thread"]


@pytest.fixture
def anyio_backend(qapp):
    return ("asyncio", {"loop_factory": qt_event_loop})
