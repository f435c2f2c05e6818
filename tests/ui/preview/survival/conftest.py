from __future__ import annotations

import pytest

from tests.support.page_server import page_server
from tests.support.survival_kit import Survival


@pytest.fixture
def site():
    with page_server() as server:
        yield server


@pytest.fixture
def survival(qapp, qtbot, site):
    """A pane that has shown a portal, so that the engine's first start is over."""
    with Survival.open(qapp, qtbot, site) as survival:
        yield survival
