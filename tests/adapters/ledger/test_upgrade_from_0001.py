"""Opens a ledger that the program wrote at revision 0001."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome, PortalKind, PortalStatus
from seam_portal_desktop.domain.request import encode_request
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE

pytestmark = pytest.mark.anyio

REVISION = "0001"
LATER = NOW + timedelta(days=1)
HOUR = timedelta(hours=1)


async def test_all_rows_links_and_requests_are_kept(upgraded):
    found = await upgraded.find(PortalQuery(WORKSPACE), now=LATER)
    rows = {portal.portal_id: portal for portal in found.rows}
    assert {portal_id: row.status(LATER) for portal_id, row in rows.items()} == {
        "sent": PortalStatus.ACTIVE,
        "revoked": PortalStatus.REVOKED,
        "failed": PortalStatus.FAILED,
        "unknown": PortalStatus.UNKNOWN,
        "waiting": PortalStatus.UNKNOWN,
    }
    assert {row.kind for row in rows.values()} == {PortalKind.PORTAL}
    assert rows["sent"].renewed_from is rows["sent"].renewed_to is None
    assert await upgraded.url_of("sent") == Secret(FAKE_URL)
    request = await upgraded.request_of("sent")
    assert b"Zo\xc3\xab" in encode_request(request)


async def test_events_are_made_from_the_columns(upgraded):
    assert list(await upgraded.events_of("sent")) == [
        PortalEvent(NOW, EventKind.REQUESTED),
        PortalEvent(NOW + timedelta(seconds=1), EventKind.CREATED),
        PortalEvent(NOW + HOUR, EventKind.PREVIEWED),
        PortalEvent(
            NOW + 2 * HOUR,
            EventKind.SENT,
            "ada",
            {"channel": "email", "note": 'For the "front desk" \\ Zoë'},
        ),
    ]
    events = {
        portal_id: [(event.kind.value, event.at) for event in await upgraded.events_of(portal_id)]
        for portal_id in ("revoked", "failed", "unknown", "waiting")
    }
    asked = ("requested", NOW)
    assert events == {
        "revoked": [asked, ("created", NOW), ("sent", NOW + HOUR), ("revoked", NOW + 3 * HOUR)],
        "failed": [asked, ("failed", NOW)],
        "unknown": [asked, ("unknown", NOW)],
        "waiting": [asked, ("unknown", LATER)],
    }
    (_, sent, _) = (await upgraded.events_of("revoked"))[1:]
    assert (sent.by, sent.detail) == ("ben", {})
    (_, failed) = await upgraded.events_of("failed")
    assert failed.detail["title"] == "Seam refused some of the fields."


async def test_the_upgraded_ledger_can_be_changed(upgraded, old_file):
    portal = await upgraded.mark_revoked("sent", LATER)
    assert portal.outcome is Outcome.CREATED
    assert (await upgraded.events_of("sent"))[-1] == PortalEvent(LATER, EventKind.REVOKED, "eve")
    found = await upgraded.find(PortalQuery(WORKSPACE), now=LATER)
    without_notes = [
        replace(row, sent=replace(row.sent, note=None)) if row.sent and row.sent.note else row
        for row in found.rows
    ]
    assert list(read_snapshot(old_file, WORKSPACE)) == without_notes
