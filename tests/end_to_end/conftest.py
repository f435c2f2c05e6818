from __future__ import annotations

import pytest

from tests.support.event_loop import qt_event_loop


@pytest.fixture
def anyio_backend(qapp):
    return ("asyncio", {"loop_factory": qt_event_loop})
