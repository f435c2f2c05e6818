from __future__ import annotations

import pytest

from tests.support.sandboxes import running_sandbox


@pytest.fixture
def sandbox():
    with running_sandbox() as server:
        yield server
