"""Customer data is sent to Seam without making a link."""

from __future__ import annotations

import pytest

from seam_portal_desktop.domain.errors import InvalidRequestError
from seam_portal_desktop.domain.request import CustomerData, PortalRequest, Room
from tests.support.lifecycle import CONNECTION

pytestmark = pytest.mark.anyio

DATA = CustomerData(customer_key="harbor-hotel", rooms=(Room(room_key="12", name="Blue"),))


async def test_the_sent_data_is_pushed_without_a_link(world):
    portal = await world.creation.create(CONNECTION, PortalRequest(customer_data=DATA))
    data = await world.customer_data.sent_with(portal.portal_id)
    assert data == DATA
    await world.customer_data.push(CONNECTION, data)
    assert world.gateway.pushed == [DATA]
    assert len(world.gateway.created) == 1


async def test_a_refusal_is_raised(world):
    refusal = InvalidRequestError("No.", "No.", fields={"rooms.0.name": ("Too long",)})
    world.gateway.fail("push_data", refusal)
    with pytest.raises(InvalidRequestError) as caught:
        await world.customer_data.push(CONNECTION, DATA)
    assert caught.value is refusal
