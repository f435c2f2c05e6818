"""Deliveries in the ledger, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryState,
    RecipientResult,
    RecipientState,
    SendChannel,
)
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.record import Channel, Sent
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.deliveries import MESSAGE, content, delivery, without_message
from tests.support.ledger_data import NOW, answer, requested
from tests.support.sqlite_ledger import sqlite_ledger

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
DETAIL = {
    "delivery_id": "d1",
    "send_channel": "smtp",
    "template": "Welcome",
    "template_version": "2",
}


@pytest.fixture(params=["sqlite", "postgresql"])
async def ledger(request, tmp_path):
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").new_database()
        ledger = SqlLedger(url, UrlCipher(SessionSecretStore()), lambda: NOW, os_user="ada")
    else:
        ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    for portal_id in ("p1", "p2"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
    yield ledger
    await ledger.close()


def settled(
    before: Delivery, state: DeliveryState, *results: RecipientState, minutes: int = 1
) -> Delivery:
    """`before` after a try, with a result for each of its recipients."""
    everyone = before.content.recipients.everyone
    found = tuple(
        RecipientResult(each.address, result, "250 OK")
        for each, result in zip(everyone, results, strict=False)
    )
    return replace(
        before,
        state=state,
        attempts=1,
        due_at=None,
        finished_at=NOW + minutes * MINUTE,
        content=replace(before.content, results=found, answer="250 queued"),
    )


async def kinds(ledger, portal_id: str = "p1") -> list[EventKind]:
    return [event.kind for event in await ledger.events_of(portal_id)][2:]


async def test_every_field_comes_back(ledger):
    asked = delivery(
        content=content(
            recipients=Recipients(
                (MailAddress("ann@example.com", "Ann Ödström"),),
                (MailAddress("cc@example.com"),),
                (MailAddress("bcc@example.com"),),
            ),
            results=(RecipientResult("ann@example.com", RecipientState.DEFERRED, "450 later"),),
            subject="Ihr Zugang 🔑",
            answer="450 later",
            problem="Later.",
            override_reason="She waits at the door.",
        ),
        attempts=3,
        due_at=NOW + MINUTE,
    )
    await ledger.deliveries.record_deliveries([asked])
    assert list(await ledger.deliveries.deliveries_of("p1")) == [without_message(asked)]
    assert await ledger.deliveries.message_of("d1") == MESSAGE


async def test_the_portal_shows_what_was_sent(ledger):
    asked = delivery("d1", "p1", "ann@example.com", "ben@example.com")
    await ledger.deliveries.record_deliveries([asked])
    portal = await ledger.get("p1")
    assert portal.delivery_state is DeliveryState.WAITING
    assert portal.delivery_channel is SendChannel.SMTP
    assert portal.delivered_to == ("ann@example.com", "ben@example.com")
    assert portal.sent is None

    assert await ledger.deliveries.mark_sending(["d1", "other"]) == {"d1"}
    assert (await ledger.get("p1")).delivery_state is DeliveryState.SENDING
    accepted = [RecipientState.ACCEPTED] * 2
    await ledger.deliveries.change_deliveries([settled(asked, DeliveryState.SENT, *accepted)])

    portal = await ledger.get("p1")
    assert portal.delivery_state is DeliveryState.SENT
    assert portal.sent == Sent(NOW + MINUTE, "ada", Channel.EMAIL)
    assert await kinds(ledger) == [EventKind.SEND_ASKED, EventKind.SENT]
    *_, last = await ledger.events_of("p1")
    assert last.detail == {"channel": "email", **DETAIL}
    assert last.by == "ada"


async def test_only_one_program_gets_a_delivery(ledger):
    await ledger.deliveries.record_deliveries([delivery("d1"), delivery("d2", "p2")])
    assert await ledger.deliveries.mark_sending(["d1"]) == {"d1"}
    assert await ledger.deliveries.mark_sending(["d1", "d2"]) == {"d2"}
    assert await ledger.deliveries.undo_deliveries(["d1", "d2"]) == set()


async def test_what_is_undone_never_leaves(ledger):
    asked = delivery()
    await ledger.deliveries.record_deliveries([asked])
    assert await ledger.deliveries.undo_deliveries(["d1"]) == {"d1"}
    assert await ledger.deliveries.mark_sending(["d1"]) == set()
    await ledger.deliveries.change_deliveries([replace(asked, attempts=1)])
    (found,) = await ledger.deliveries.deliveries_of("p1")
    assert (found.state, found.attempts) == (DeliveryState.UNDONE, 0)
    portal = await ledger.get("p1")
    assert (portal.delivery_state, portal.delivered_to, portal.sent) == (None, (), None)
    assert await kinds(ledger) == [EventKind.SEND_ASKED, EventKind.SEND_UNDONE]
