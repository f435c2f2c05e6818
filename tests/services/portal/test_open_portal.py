"""A customer's open portal, which Seam gives again."""

from __future__ import annotations

import asyncio

import pytest

from seam_portal_desktop.domain.errors import (
    ForbiddenError,
    NetworkError,
    NotFoundError,
    SeamError,
    UnauthorizedError,
)
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome, PortalKind
from seam_portal_desktop.services.portal.answer_check import OtherPortalAnsweredError
from seam_portal_desktop.services.portal.creation import OpenPortalRefusedError
from tests.support.fake_gateway import FAKE_WORKSPACE
from tests.support.lifecycle import CONNECTION
from tests.support.until import until

pytestmark = pytest.mark.anyio


async def rows(world):
    query = PortalQuery(FAKE_WORKSPACE.workspace_id)
    return (await world.ledger.find(query, now=world.clock())).rows


async def test_the_open_portal_is_a_row_with_its_link_and_seams_times(world):
    portal = await world.creation.open_portal(CONNECTION, "harbor-hotel")
    assert portal.kind is PortalKind.PORTAL
    assert portal.is_live(world.clock())
    assert portal.created_at is not None
    assert portal.created_at < portal.requested_at
    assert (await world.portals.url_of(portal.portal_id)).reveal().startswith("https://")
    assert (await world.ledger.request_of(portal.portal_id)).customer_key == "harbor-hotel"
    assert world.gateway.opened == ["harbor-hotel"]
    assert world.gateway.created == []


async def test_the_row_exists_before_seam_is_asked(world):
    with world.gateway.hold("open_portal"):
        task = asyncio.create_task(world.creation.open_portal(CONNECTION, "harbor-hotel"))
        await until(lambda: "open_portal" in world.gateway.calls)
        assert [row.outcome for row in await rows(world)] == [Outcome.REQUESTED]
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [row.outcome for row in await rows(world)] == [Outcome.UNKNOWN]


@pytest.mark.parametrize(
    "error",
    [
        NotFoundError("No.", "No.", status=404),
        SeamError("No.", "No.", status=405),
        ForbiddenError("No.", "No.", status=403),
    ],
    ids=lambda error: str(error.status),
)
async def test_a_refused_route_leaves_no_row(world, error):
    world.gateway.fail("open_portal", error)
    with pytest.raises(OpenPortalRefusedError, match="Create a new link"):
        await world.creation.open_portal(CONNECTION, "harbor-hotel")
    assert await rows(world) == ()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotFoundError("No.", "No.", status=404, error_type="customer_not_found"), Outcome.FAILED),
        (NetworkError("Slow.", "Slow.", outcome_unknown=True), Outcome.UNKNOWN),
        (UnauthorizedError("No.", "No.", status=401), Outcome.FAILED),
    ],
    ids=["no customer", "no answer", "credential"],
)
async def test_other_failures_are_recorded_as_those_of_a_new_portal(world, error, outcome):
    world.gateway.fail("open_portal", error)
    with pytest.raises(type(error)):
        await world.creation.open_portal(CONNECTION, "harbor-hotel")
    assert [row.outcome for row in await rows(world)] == [outcome]


async def test_a_portal_of_another_customer_is_not_kept(world, monkeypatch):
    opened = world.gateway.open_portal
    monkeypatch.setattr(world.gateway, "open_portal", lambda _key: opened("old-mill"))
    with pytest.raises(OtherPortalAnsweredError):
        await world.creation.open_portal(CONNECTION, "harbor-hotel")
    assert [row.has_url for row in await rows(world)] == [False]
