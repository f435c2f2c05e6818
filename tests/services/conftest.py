from __future__ import annotations

import pytest

from tests.support.lifecycle import World


@pytest.fixture
async def world(tmp_path):
    world = World(tmp_path)
    await world.ledger.open()
    yield world
    await world.aclose()
