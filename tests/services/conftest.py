"""Fixtures for the tests of the services."""

from __future__ import annotations

import pytest

from seam_portal_desktop.services.portal.creation import CreationService, LinkNotSavedError
from tests.support.fake_gateway import FAKE_NOW, FakeGateway
from tests.support.lifecycle import World
from tests.support.portal_rows import SettableClock, seams_time
from tests.support.services import (
    CONNECTION,
    FULL_LEDGER,
    REQUEST,
    only_row,
    portal_service,
)
from tests.support.sqlite_ledger import failing, sqlite_ledger


@pytest.fixture
async def world(tmp_path):
    world = World(tmp_path)
    await world.ledger.open()
    yield world
    await world.aclose()


# One service each, with a clock that stands still.


@pytest.fixture
def clock():
    return SettableClock(FAKE_NOW)


@pytest.fixture
def seam_clock(clock):
    """The clock of ledger and services, which is right."""
    return seams_time(clock)


@pytest.fixture
def gateway(clock):
    return FakeGateway(clock=clock)


@pytest.fixture
async def ledger(tmp_path, seam_clock):
    ledger = sqlite_ledger(tmp_path, seam_clock)
    await ledger.open()
    yield ledger
    await ledger.close()


@pytest.fixture
def gateway_of(gateway):
    async def gateway_of(connection):
        assert connection is CONNECTION
        return gateway

    return gateway_of


@pytest.fixture
def creation(ledger, gateway_of, seam_clock):
    return CreationService(ledger, gateway_of, seam_clock)


@pytest.fixture
def portals(ledger, creation, clock):
    return portal_service(ledger, creation, clock)


@pytest.fixture
async def unsaved(portals, ledger, creation):
    """The portal_id of a link that Seam made and the ledger could not save."""
    with failing(ledger, FULL_LEDGER, "record_created"), pytest.raises(LinkNotSavedError) as raised:
        await creation.create(CONNECTION, REQUEST)
    error = raised.value
    assert error.title == "The link was made but could not be saved."
    assert "The disk is full." in error.message
    assert error.can_retry
    assert "portal.example" not in error.details()
    return (await only_row(portals)).portal_id
