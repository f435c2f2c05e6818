"""The timeline of a portal, with expiry by the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.domain.message.delivery import (
    DeliveryState,
    RecipientResult,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.domain.portal.record import LINK_LIFETIME, Channel
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from tests.support.deliveries import content, delivery
from tests.support.lifecycle import CONNECTION
from tests.support.preview_records import stored_report

pytestmark = pytest.mark.anyio

SENT = "Sent by email to ann@example.com, with the template “Welcome” (version 2)"


async def texts(world, portal_id: str) -> list[str]:
    return [entry.text for entry in await world.timeline.entries(portal_id)]


async def test_the_timeline_of_a_whole_life(world):
    portal_id = (await world.create()).portal_id
    await world.portals.mark_previewed(portal_id)
    await world.portals.record_copied(portal_id)
    await world.portals.mark_sent(portal_id, Channel.EMAIL, "For the front desk")
    await world.portals.undo_sent(portal_id)
    await world.portals.mark_sent(portal_id, None, "")
    new = await world.creation.renew(CONNECTION, portal_id)
    world.clock.now += LINK_LIFETIME

    assert await texts(world, portal_id) == [
        "Requested",
        "Link created",
        "Previewed with the live link",
        "Link copied",
        "Marked as sent by email",
        "No longer marked as sent",
        "Marked as sent",
        "Renewed by a new link",
        "Expired",
    ]
    assert (await texts(world, new.portal_id))[0] == "Requested to renew an earlier link"
    timeline = await world.timeline.entries(portal_id)
    assert {entry.by for entry in timeline[:-1]} == {"ada"}
    assert timeline[-1].by == ""
    assert [entry.at for entry in timeline] == sorted(entry.at for entry in timeline)


async def test_check_results_are_in_the_timeline(world):
    portal_id = (await world.create()).portal_id
    await world.ledger.record_report(portal_id, stored_report(CheckLevel.PROBLEM))
    await world.ledger.record_report(portal_id, stored_report(CheckLevel.OK))
    assert (await texts(world, portal_id))[-2:] == [
        "Preview checked: 1 problem: It speaks “Ελληνικά”",
        "Preview checked: all good",
    ]


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_revoked_link_doesn_t_expire_as_well(world, elsewhere):
    portal = await world.create()
    revoked_at = portal.expires_at - timedelta(days=1)
    await world.ledger.mark_revoked(portal.portal_id, revoked_at, elsewhere=elsewhere)
    world.clock.now += LINK_LIFETIME
    (*_, last) = await world.timeline.entries(portal.portal_id)
    assert last.text == ("Found revoked elsewhere" if elsewhere else "Revoked")


async def test_a_live_link_has_no_expiry_entry(world):
    portal = await world.create()
    assert "Expired" not in await texts(world, portal.portal_id)


async def test_what_became_of_messages_is_told_with_recipients_and_answers(world):
    portal_id = (await world.create()).portal_id
    store = world.ledger.deliveries
    now = world.clock()

    async def asked(delivery_id: str, *to: str, **fields):
        new = delivery(delivery_id, portal_id, *to, at=now, due_at=now, **fields)
        await store.record_deliveries([new])
        return new

    async def becomes(before, state: DeliveryState, *results: RecipientState, **fields) -> None:
        everyone = [each.address for each in before.content.recipients.everyone]
        found = tuple(map(RecipientResult, everyone, results))
        after = replace(before.content, results=found, **fields)
        settled = replace(before, state=state, due_at=None, finished_at=now, content=after)
        await store.change_deliveries([settled])

    accepted, refused = RecipientState.ACCEPTED, RecipientState.REFUSED
    sent = await asked("d1", "ann@example.com", "ben@example.com")
    assert (await texts(world, portal_id))[2:] == [
        "Waiting to be sent to ann@example.com, ben@example.com"
    ]
    await becomes(sent, DeliveryState.PARTLY_SENT, accepted, refused, answer="250 queued")
    failed = await asked("d2", template="", content=content(override_reason="At the door."))
    await becomes(failed, DeliveryState.FAILED, refused, problem="Refused.", answer="550 no")
    lost = await asked("d3")
    await becomes(lost, DeliveryState.MAYBE_SENT, RecipientState.UNKNOWN, problem="Lost.")
    await asked("d4")
    await store.undo_deliveries(["d4"])
    await asked("d5", channel=SendChannel.SMS, state=DeliveryState.HANDED_OVER)

    assert (await texts(world, portal_id))[2:] == [
        f"{SENT}. Not reached: ben@example.com. The mail server answered: 250 queued",
        "Sent in spite of warnings: At the door.",
        "Not sent to ann@example.com: Refused. The mail server answered: 550 no",
        "May have been sent to ann@example.com: Lost.",
        "Handed over to the program for SMS, with the template “Welcome” (version 2)",
        "Sending to ann@example.com was undone",
    ]
