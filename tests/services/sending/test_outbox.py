"""The outbox on a real ledger: what is sent once, tried again, asked about, and never repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seam_portal_desktop.domain.message.delivery import (
    DeliveryState,
    RecipientResult,
    RecipientState,
)
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.sending.outbox import Outbox
from tests.support.deliveries import ScriptedTransport, delivery, sender_of
from tests.support.ledger_data import NOW, answer, requested
from tests.support.sqlite_ledger import sqlite_ledger
from tests.support.until import until

pytestmark = pytest.mark.anyio


class SetClock:
    """A clock and a steady time that a test moves together."""

    def __init__(self) -> None:
        self.now = NOW
        self.seconds = 0.0

    def __call__(self):
        return self.now

    def steady(self) -> float:
        return self.seconds

    def move(self, **time: float) -> None:
        self.now += timedelta(**time)
        self.seconds += timedelta(**time).total_seconds()


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
async def ledger(tmp_path, clock):
    ledger = sqlite_ledger(tmp_path, clock)
    await ledger.open()
    for portal_id in ("p1", "p2", "p3"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
    yield ledger
    await ledger.close()


@pytest.fixture
def transport():
    return ScriptedTransport()


@pytest.fixture
async def outbox(ledger, transport, clock):
    outbox = make(ledger, transport, clock)
    yield outbox
    await outbox.aclose()


def make(ledger, transport, clock, senders=sender_of) -> Outbox:
    return Outbox(
        ledger,
        transport,
        senders,
        clock,
        os_user="ada",
        steady=clock.steady,
        longest_nap=0.01,
    )


async def states(ledger, portal_id: str = "p1") -> list[DeliveryState]:
    return [each.state for each in await ledger.deliveries.deliveries_of(portal_id)]


async def reaches(ledger, state: DeliveryState, portal_id: str = "p1") -> None:
    """Wait until the portal is published with this state of its newest delivery."""
    published = {portal_id: (await ledger.get(portal_id)).delivery_state}

    def on_change(change: LedgerChange) -> None:
        published.update({each.portal_id: each.delivery_state for each in change.records})

    stop = ledger.changes.subscribe(on_change)
    await until(lambda: published[portal_id] is state, f"it is {state}")
    stop()


def trouble(kind: MailTrouble, **fields) -> MailError:
    return MailError("It failed", "For a test.", trouble=kind, **fields)


async def test_a_message_is_sent_once_and_its_portal_knows(ledger, outbox, transport):
    await outbox.send([delivery()])
    await reaches(ledger, DeliveryState.SENT)
    portal = await ledger.get("p1")
    assert portal.sent is not None
    assert portal.delivered_to == ("ann@example.com",)
    (found,) = await ledger.deliveries.deliveries_of("p1")
    assert found.content.results == (RecipientResult("ann@example.com", RecipientState.ACCEPTED),)
    assert found.content.answer == "250 queued"
    (envelope,) = transport.received
    assert (envelope.sender, envelope.recipients) == ("desk@example.com", ("ann@example.com",))
    assert outbox.pending.total == 0
