"""A returned mail finds its row, in a real ledger."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.files.user_files import read_file
from seam_portal_desktop.domain.message.bounce import NotABounceError
from seam_portal_desktop.domain.message.delivery import DeliveryState, RecipientState
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.sending.outbox import Outbox
from seam_portal_desktop.services.sending.returned_mail import (
    ReturnedMailService,
    UnknownMailError,
)
from tests.support.bounces import DELAYED, ORIGINAL_ID, OUT_OF_OFFICE, POSTFIX, QMAIL
from tests.support.deliveries import ScriptedTransport, delivery, permission_of, sender_of
from tests.support.ledger_data import NOW, answer, requested
from tests.support.sqlite_ledger import sqlite_ledger

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ledger(tmp_path):
    ledger = sqlite_ledger(tmp_path, lambda: NOW)
    await ledger.open()
    await ledger.record_intent(requested("p1"), PortalRequest())
    await ledger.record_created("p1", answer())
    yield ledger
    await ledger.close()


@pytest.fixture
async def returned_mail(ledger):
    permission = permission_of(ledger)
    outbox = Outbox(ledger, ScriptedTransport(), sender_of, permission, lambda: NOW, os_user="ada")
    yield ReturnedMailService(ledger.deliveries, outbox, read_file)
    await outbox.aclose()


async def sent(ledger, *to: str) -> None:
    was_sent = delivery("d1", "p1", *to, message_id=ORIGINAL_ID, state=DeliveryState.SENT)
    await ledger.deliveries.record_deliveries([was_sent])


async def newest(ledger):
    return (await ledger.deliveries.deliveries_of("p1"))[-1]


@pytest.mark.parametrize("text", [POSTFIX, QMAIL])
async def test_the_row_of_a_returned_mail_says_who_was_not_reached(ledger, returned_mail, text):
    await sent(ledger, "Ann@Example.org", "bob@example.org")
    found = await returned_mail.record(text.encode())
    assert (found.delivery.portal_id, found.is_permanent) == ("p1", True)
    stored = await newest(ledger)
    assert stored.state is DeliveryState.RETURNED
    states = {each.address: each.state for each in stored.content.results}
    assert states["Ann@Example.org"] is RecipientState.RETURNED
    assert "bob@example.org" not in states
    (result,) = [each for each in stored.content.results if each.answer]
    assert result.answer.startswith("5.1.1 ")


async def test_a_mailbox_that_forwards_names_another_address(ledger, returned_mail):
    await sent(ledger, "guest@example.net")
    found = await returned_mail.record(POSTFIX.encode())
    assert [each.address for each in found.recipients] == ["guest@example.net"]
    assert (await newest(ledger)).state is DeliveryState.RETURNED


async def test_a_mail_that_is_still_tried_changes_nothing(ledger, returned_mail):
    await sent(ledger, "ann@example.org")
    found = await returned_mail.record(DELAYED.encode())
    assert not found.is_permanent
    assert found.recipients[0].status == "4.4.1"
    assert (await newest(ledger)).state is DeliveryState.SENT


async def test_other_mails_are_refused_in_words(ledger, returned_mail):
    with pytest.raises(UnknownMailError, match="none of your links"):
        await returned_mail.record(POSTFIX.encode())
    await sent(ledger, "guest@example.net", "bob@example.org")
    with pytest.raises(UnknownMailError, match="doesn’t say whom"):
        await returned_mail.record(POSTFIX.encode())
    with pytest.raises(NotABounceError, match="automatic reply"):
        await returned_mail.record(OUT_OF_OFFICE.encode())
    assert (await newest(ledger)).state is DeliveryState.SENT
