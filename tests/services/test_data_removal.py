"""Data is removed by keys, in one or more calls."""

from __future__ import annotations

import asyncio

import pytest

from seam_portal_desktop.domain.errors import InvalidRequestError, NetworkError, UnauthorizedError
from seam_portal_desktop.domain.removal.keys import RemovalKey
from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.request import CustomerData, Guest, PortalRequest, Reservation
from seam_portal_desktop.services.data_removal import RemovalSummary
from tests.support.lifecycle import CONNECTION
from tests.support.services import FULL_LEDGER
from tests.support.sqlite_ledger import failing
from tests.support.until import until

pytestmark = pytest.mark.anyio

STAY, PERSON = RemovalKey("reservations", "r-1"), RemovalKey("guests", "g-1")
LONG = [RemovalKey("rooms", f"{number}-" + "x" * 1800) for number in range(5)]
"""Two of them fill a call."""


def hotel(customer_key: str, name: str) -> PortalRequest:
    return PortalRequest(
        customer_data=CustomerData(
            customer_key=customer_key,
            guests=(Guest(guest_key="g-1", name=name),),
            reservations=(Reservation(reservation_key="r-1", guest_key="g-1"),),
        )
    )


async def test_what_was_sent_for_the_customer_is_offered(world):
    for key, name in (("inn", "Old"), ("inn-2", "Other"), ("inn", "Anna Example")):
        await world.creation.create(CONNECTION, hotel(key, name))
    workspace = CONNECTION.workspace.workspace_id
    found = await world.customer_data.sent_for(workspace, "inn")
    assert [(each.removal, each.name) for each in found] == [
        (STAY, "Anna Example"),
        (PERSON, "Anna Example"),
    ]
    assert await world.customer_data.sent_for(workspace, "in") == []
    assert await world.customer_data.sent_for("another-workspace", "inn") == []


async def test_stays_and_people_are_removed_in_one_call(world):
    summary = await world.customer_data.removal(CONNECTION, [PERSON, STAY, PERSON]).run()
    assert summary == RemovalSummary((STAY, PERSON), (), (), (), ())
    (keys,) = world.gateway.deleted
    assert keys == DeletedKeys(reservation_keys=("r-1",), guest_keys=("g-1",))


async def test_a_refused_call_does_not_stop_the_others(world):
    refusal = InvalidRequestError("No.", "No.", fields={"room_keys.0": ("Unknown",)})
    world.gateway.fail("delete_data", refusal)
    summary = await world.customer_data.removal(CONNECTION, LONG).run()
    assert summary.refused == tuple(LONG[:2])
    assert summary.removed == tuple(LONG[2:])
    assert summary.errors == (refusal,)
    assert summary.rest == tuple(LONG[:2])


@pytest.mark.parametrize("is_lost", [False, True])
async def test_an_error_that_the_others_would_meet_too_ends_the_run(world, is_lost):
    error = (
        NetworkError("No answer.", "None.", outcome_unknown=True)
        if is_lost
        else UnauthorizedError("Not you.", "No.")
    )
    summary_of = world.customer_data.removal(CONNECTION, LONG)
    world.gateway.fail("delete_data", error)
    summary = await summary_of.run()
    assert (summary.unconfirmed if is_lost else summary.refused) == tuple(LONG[:2])
    assert summary.not_tried == tuple(LONG[2:])
    assert summary.removed == ()


async def test_stopping_ends_the_call_that_waits_and_says_that_it_may_have_happened(world):
    run = world.customer_data.removal(CONNECTION, LONG)
    with world.gateway.hold("delete_data"):
        task = asyncio.create_task(run.run())
        await until(lambda: "delete_data" in world.gateway.calls, "the call waits")
        run.stop()
        summary = await task
    assert summary.unconfirmed == tuple(LONG[:2])
    assert summary.not_tried == tuple(LONG[2:])
    assert summary.errors == ()


async def test_a_cancelled_run_is_no_stopped_one(world):
    run = world.customer_data.removal(CONNECTION, [STAY])
    with world.gateway.hold("delete_data"):
        task = asyncio.create_task(run.run())
        await until(lambda: "delete_data" in world.gateway.calls, "the call waits")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def activity_of(world, portal_id: str) -> list[str]:
    return [entry.text for entry in await world.timeline.entries(portal_id)][2:]


async def test_the_customers_portals_have_it_in_their_activity_before_and_after(world):
    ours = await world.creation.create(CONNECTION, hotel("inn", "Anna Example"))
    other = await world.creation.create(CONNECTION, hotel("inn-2", "Other"))
    with world.gateway.hold("delete_data") as gate:
        run = world.customer_data.removal(CONNECTION, [STAY, PERSON], "inn")
        task = asyncio.create_task(run.run())
        await until(lambda: "delete_data" in world.gateway.calls, "the call waits")
        before = await activity_of(world, ours.portal_id)
        gate.set()
        await task
    asked = "Asked Seam to remove customer data: 1 stay and 1 person"
    assert before == [asked]
    assert await activity_of(world, ours.portal_id) == [
        asked,
        "Seam confirmed the removal of customer data: 1 stay and 1 person",
    ]
    assert await activity_of(world, other.portal_id) == []
    details = [event.detail for event in await world.ledger.events_of(ours.portal_id)]
    assert "g-1" not in str(details)


async def test_the_activity_says_what_is_not_certain(world):
    portal = await world.creation.create(CONNECTION, hotel("inn", "Anna Example"))
    world.gateway.fail("delete_data", NetworkError("No answer came.", "", outcome_unknown=True))
    await world.customer_data.removal(CONNECTION, [STAY], "inn").run()
    assert await activity_of(world, portal.portal_id) == [
        "Asked Seam to remove customer data: 1 stay",
        "Customer data is not removed for certain: No answer came.",
    ]


async def test_without_the_entry_before_seam_is_not_asked(world):
    await world.creation.create(CONNECTION, hotel("inn", "Anna Example"))
    with failing(world.ledger, FULL_LEDGER, "record_event"):
        summary = await world.customer_data.removal(CONNECTION, [STAY], "inn").run()
    assert summary == RemovalSummary((), (), (), (STAY,), (FULL_LEDGER,))
    assert world.gateway.deleted == []


async def test_what_is_removed_is_told_although_the_entry_after_fails(world):
    await world.creation.create(CONNECTION, hotel("inn", "Anna Example"))
    with world.gateway.hold("delete_data") as gate:
        task = asyncio.create_task(world.customer_data.removal(CONNECTION, [STAY], "inn").run())
        await until(lambda: "delete_data" in world.gateway.calls, "the call waits")
        with failing(world.ledger, FULL_LEDGER, "record_event"):
            gate.set()
            summary = await task
    assert (summary.removed, summary.rest, summary.errors) == ((STAY,), (), (FULL_LEDGER,))
