"""Links to single reservations."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.errors import (
    ForbiddenError,
    NetworkError,
    NotFoundError,
    SeamError,
    UnauthorizedError,
)
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome, PortalKind, PortalStatus
from seam_portal_desktop.domain.request import ReservationDeepLink
from seam_portal_desktop.services.portal.reservation_links import DeepLinksRefusedError
from tests.support.fake_gateway import FAKE_WORKSPACE
from tests.support.lifecycle import CONNECTION

pytestmark = pytest.mark.anyio


async def test_a_reservation_link_is_recorded_with_its_kind_and_reservation(world):
    portal = await world.creation.create_reservation_link(CONNECTION, "harbor-hotel", "R-1")
    assert portal.kind is PortalKind.RESERVATION_DEEP_LINK
    assert portal.status(world.clock()) is PortalStatus.ACTIVE
    assert (await world.portals.url_of(portal.portal_id)).reveal().startswith("https://")
    request = await world.ledger.request_of(portal.portal_id)
    assert request.customer_key == "harbor-hotel"
    assert request.deep_link == ReservationDeepLink(resource_key="R-1")


@pytest.mark.parametrize(
    "error",
    [
        NotFoundError("No.", "No.", status=404),
        NotFoundError("No.", "No.", status=404, error_type="not_found"),
        SeamError("No.", "No.", status=405),
    ],
    ids=lambda error: f"{error.status} {error.error_type}",
)
async def test_a_refused_route_is_explained(world, error):
    error.seam_request_id = "request-7"
    world.gateway.fail("create_reservation_deep_link", error)
    with pytest.raises(DeepLinksRefusedError, match="Create a portal instead") as caught:
        await world.creation.create_reservation_link(CONNECTION, "harbor-hotel", "R-1")
    assert caught.value.seam_request_id == "request-7"
    (row,) = (
        await world.ledger.find(PortalQuery(FAKE_WORKSPACE.workspace_id), now=world.clock())
    ).rows
    assert row.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "error",
    [
        NotFoundError("No.", "No.", status=404, error_type="reservation_not_found"),
        NetworkError("Slow.", "Slow.", outcome_unknown=True),
        ForbiddenError("No.", "No.", status=403, error_type="forbidden"),
        UnauthorizedError("No.", "No.", status=401),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_other_failures_keep_their_messages(world, error):
    world.gateway.fail("create_reservation_deep_link", error)
    with pytest.raises(type(error)) as caught:
        await world.creation.create_reservation_link(CONNECTION, "harbor-hotel", "R-1")
    assert caught.value is error
