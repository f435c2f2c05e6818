"""Opens a ledger that the program wrote at revision 0006: nothing was sent by it yet."""

from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.domain.message.delivery import DeliveryState
from seam_portal_desktop.domain.portal.query import PortalQuery, RecordFilters
from seam_portal_desktop.domain.secret import Secret
from tests.support.deliveries import delivery, without_message
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE

pytestmark = pytest.mark.anyio

REVISION = "0006"


async def test_what_was_there_is_there_and_can_be_sent(upgraded, old_file):
    first = await upgraded.get("one")
    assert (first.sent.note, first.preset) == ("at the desk", "Hotels")
    assert (first.delivery_state, first.delivery_channel, first.delivered_to) == (None, None, ())
    assert await upgraded.url_of("one") == Secret(FAKE_URL)
    assert await upgraded.deliveries.deliveries_of("one") == ()

    asked = delivery("d1", "one")
    await upgraded.deliveries.record_deliveries([asked])
    assert await upgraded.deliveries.deliveries_of("one") == (without_message(asked),)
    snapshot = {row.portal_id: row for row in read_snapshot(old_file, WORKSPACE)}
    assert snapshot["one"].delivery_state is DeliveryState.WAITING
    assert snapshot["one"].delivered_to == ()
    waiting = RecordFilters(deliveries=frozenset({DeliveryState.WAITING}))
    found = await upgraded.find(PortalQuery(WORKSPACE, filters=waiting), now=NOW)
    assert [row.portal_id for row in found.rows] == ["one"]
