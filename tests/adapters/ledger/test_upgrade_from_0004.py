"""Opens a ledger that the program wrote at revision 0004: it knows no names of customers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Channel, Sent
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE

pytestmark = pytest.mark.anyio

REVISION = "0004"
LATER = NOW + timedelta(days=1)
HARBOR = CustomerDetails("Harbor Hotel", ("vip",))


async def test_all_is_kept_and_no_customer_has_a_name(upgraded, old_file):
    found = await upgraded.find(PortalQuery(WORKSPACE), now=LATER)
    assert {row.portal_id for row in found.rows} == {"sent", "plain", "other"}
    assert {(row.customer_name, row.tags) for row in found.rows} == {("", ())}
    note = "for Lúcia at the desk"
    assert (await upgraded.get("sent")).sent == Sent(
        NOW + timedelta(hours=1), "ada", Channel.EMAIL, note
    )
    assert await upgraded.url_of("sent") == Secret(FAKE_URL)
    assert await upgraded.customer_details(WORKSPACE, "harbor-hotel") == NO_DETAILS
    first_rows = read_snapshot(old_file, WORKSPACE)
    assert [row.portal_id for row in first_rows] == [row.portal_id for row in found.rows]


async def test_a_customer_can_be_named(upgraded):
    await upgraded.set_customer_details(WORKSPACE, "harbor-hotel", HARBOR)
    found = await upgraded.find(PortalQuery(WORKSPACE, tags=frozenset({"vip"})), now=LATER)
    assert {row.portal_id for row in found.rows} == {"sent", "plain"}
