"""What the policy and the do-not-send list forbid is refused where messages are queued."""

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
from seam_portal_desktop.domain.policy import UNMANAGED, parse_policy
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.sending.do_not_send import DoNotSendService
from seam_portal_desktop.services.sending.outbox import Outbox
from seam_portal_desktop.services.sending.permission import (
    SendingForbiddenError,
    SendingPermission,
)
from tests.support.deliveries import SENDER, ScriptedTransport, content, delivery, sender_of
from tests.support.ledger_data import NOW, WORKSPACE, answer, requested
from tests.support.sqlite_ledger import sqlite_ledger
from tests.support.until import until

pytestmark = pytest.mark.anyio


class Sending:
    """An outbox on a real ledger, with the policy and the list that it asks."""

    def __init__(self, ledger, policy=UNMANAGED) -> None:
        self.ledger = ledger
        self.transport = ScriptedTransport()
        self.seconds = 0.0
        self.listed = DoNotSendService(
            ledger, lambda: NOW, "ada", rules=policy.recipient_rules, steady=lambda: self.seconds
        )
        self.permission = SendingPermission(policy, self.listed)
        self.outbox = Outbox(
            ledger,
            self.transport,
            sender_of,
            self.permission,
            lambda: NOW,
            os_user="ada",
            longest_nap=0.01,
        )

    async def recorded(self) -> list[DeliveryState]:
        return [each.state for each in await self.ledger.deliveries.deliveries_of("p1")]


@pytest.fixture
async def ledger(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    for portal_id in ("p1", "p2"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
    yield ledger
    await ledger.close()


@pytest.fixture
async def sending(ledger):
    sending = Sending(ledger)
    yield sending
    await sending.outbox.aclose()


def policy(**values):
    return parse_policy(values, "the test")


@pytest.mark.parametrize(
    ("values", "channel", "sentence"),
    [
        ({"smtp": False}, SendChannel.SMTP, "this way of sending (the test)"),
        (
            {"forbidden_channels": ["qr_code"]},
            SendChannel.QR_CODE,
            "this way of sending (the test)",
        ),
        (
            {"recipient_domains": ["harbor.example"]},
            SendChannel.SMTP,
            "Your organisation doesn’t allow example.com. It allows harbor.example only.",
        ),
        ({"recipient_domains": ["harbor.example"]}, SendChannel.EML, "harbor.example only."),
        ({"recipient_domains": []}, SendChannel.SMTP, "Your organisation allows no recipients."),
    ],
)
async def test_what_the_policy_forbids_is_neither_queued_nor_handed_over(
    ledger, values, channel, sentence
):
    sending = Sending(ledger, policy(**values))
    forbidden = delivery(channel=channel)
    for put in (sending.outbox.send, lambda each: sending.outbox.hand_over(each[0])):
        with pytest.raises(SendingForbiddenError) as caught:
            await put([forbidden])
        assert sentence in caught.value.message
    assert await sending.recorded() == []
    assert sending.transport.tries == []
    await sending.outbox.aclose()


async def test_other_channels_and_domains_are_not_concerned(ledger):
    values = {"forbidden_channels": ["sms"], "recipient_domains": ["*.harbor.example"]}
    sending = Sending(ledger, policy(**values))
    await sending.outbox.send([delivery("d1", "p1", "ann@mail.harbor.example")])
    await until(lambda: len(sending.transport.received) == 1)
    values = {"recipient_domains": ["harbor.example"]}
    by_phone = delivery("d2", "p2", "+1 202 555 0143", channel=SendChannel.SMS)
    await Sending(ledger, policy(**values)).outbox.hand_over(by_phone)
    await sending.outbox.aclose()


async def test_one_on_the_list_stops_all_that_were_sent_with_it(sending):
    await sending.listed.add(WORKSPACE, "example.com", "They left us")
    others = delivery("d2", "p2", "bo@mill.example")
    with pytest.raises(SendingForbiddenError) as caught:
        await sending.outbox.send([others, delivery("d1", "p1", "Ann@EXAMPLE.com")])
    assert caught.value.message == "Ann@EXAMPLE.com is on the do-not-send list: They left us"
    assert await sending.ledger.deliveries.deliveries_of("p2") == ()
    assert sending.transport.tries == []


async def test_a_test_to_oneself_is_no_way_around_the_policy(ledger):
    sending = Sending(ledger, policy(smtp=False))
    with pytest.raises(SendingForbiddenError):
        await sending.permission.check_test(SENDER)
    await Sending(ledger).permission.check_test(SENDER)


async def test_what_waited_is_checked_again_when_it_is_due(sending):
    await sending.outbox.send([delivery(), delivery("d2", "p2")], timedelta(seconds=0.2))
    await sending.listed.add(WORKSPACE, "ann@example.com", "Not our customer any more")
    await until(lambda: sending.outbox.pending.total == 0, "nothing waits")
    assert await sending.recorded() == [DeliveryState.FAILED]
    (failed,) = await sending.ledger.deliveries.deliveries_of("p1")
    expected = "ann@example.com is on the do-not-send list: Not our customer any more"
    assert failed.content.problem == expected
    assert sending.transport.tries == []


async def test_what_an_earlier_run_left_is_checked_by_the_policy_of_today(ledger):
    await ledger.deliveries.record_deliveries([delivery()])
    sending = Sending(ledger, policy(recipient_domains=["harbor.example"]))
    await sending.outbox.recover()
    await until(lambda: sending.outbox.pending.total == 0, "nothing waits")
    assert await sending.recorded() == [DeliveryState.FAILED]
    assert sending.transport.tries == []
    await sending.outbox.aclose()


async def test_only_recipients_that_are_left_are_checked(sending):
    """Whom the first try reached has it already."""
    partly = delivery("d1", "p1", "ann@example.com", "bo@mill.example")
    reached = (RecipientResult("ann@example.com", RecipientState.ACCEPTED),)
    partly = replace(partly, content=content("ann@example.com", "bo@mill.example", results=reached))
    await sending.listed.add(WORKSPACE, "ann@example.com", "Left")
    assert await sending.permission.obstacle(partly) == ""
    await sending.listed.add(WORKSPACE, "mill.example", "Left as well")
    assert "bo@mill.example" in await sending.permission.obstacle(partly)


async def test_a_batch_reads_the_list_once_a_minute(sending):
    reads = []
    store = sending.ledger.do_not_send
    original = store.read

    async def read(workspace_id):
        reads.append(workspace_id)
        return await original(workspace_id)

    store.read = read
    for _ in range(3):
        assert await sending.permission.obstacle(delivery()) == ""
    assert len(reads) == 1
    sending.seconds = 61
    await sending.permission.obstacle(delivery())
    assert len(reads) == 2
