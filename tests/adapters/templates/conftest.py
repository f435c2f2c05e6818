"""A renderer that is ended after its test."""

from __future__ import annotations

import pytest

from tests.support.message_facts import make_renderer


@pytest.fixture
async def renderer():
    renderer = make_renderer()
    yield renderer
    await renderer.aclose()
