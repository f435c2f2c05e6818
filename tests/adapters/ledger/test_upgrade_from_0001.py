"""A ledger that the first version wrote opens here with all that it held.

``data/ledger-0001.sql`` is the dump of a file that the program wrote at that revision.
"""

from __future__ import annotations

import sqlite3
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.adapters.ledger.url_cipher import UrlCipher
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome, PortalKind, PortalStatus
from seam_portal_desktop.domain.request import encode_request
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE

pytestmark = pytest.mark.anyio

DUMP = Path(__file__).with_name("data") / "ledger-0001.sql"
LATER = NOW + timedelta(days=1)
HOUR = timedelta(hours=1)
KEY_ID = "00000000-0000-4000-8000-00000000000a"
FAKE_KEY = b"not a real key, only for a test!"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(DUMP.read_text("utf-8"))
    connection.close()
    return path


@pytest.fixture
async def ledger(path):
    store = SessionSecretStore()
    await store.set(f"ledger-key/{KEY_ID}", Secret(b64encode(FAKE_KEY).decode()))
    ledger = SqlLedger(path, UrlCipher(store), lambda: LATER, os_user="eve")
    await ledger.open()
    yield ledger
    await ledger.close()


async def test_rows_links_and_requests_are_all_there(ledger):
    found = await ledger.find(PortalQuery(WORKSPACE), now=LATER)
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
    assert await ledger.url_of("sent") == Secret(FAKE_URL)
    request = await ledger.request_of("sent")
    assert b"Zo\xc3\xab" in encode_request(request)


async def test_their_stories_are_told_from_their_columns(ledger):
    assert list(await ledger.events_of("sent")) == [
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
    told = {
        portal_id: [(event.kind.value, event.at) for event in await ledger.events_of(portal_id)]
        for portal_id in ("revoked", "failed", "unknown", "waiting")
    }
    asked = ("requested", NOW)
    assert told == {
        "revoked": [asked, ("created", NOW), ("sent", NOW + HOUR), ("revoked", NOW + 3 * HOUR)],
        "failed": [asked, ("failed", NOW)],
        "unknown": [asked, ("unknown", NOW)],
        "waiting": [asked, ("unknown", LATER)],
    }
    (_, sent, _) = (await ledger.events_of("revoked"))[1:]
    assert (sent.by, sent.detail) == ("ben", {})
    (_, failed) = await ledger.events_of("failed")
    assert failed.detail["title"] == "Seam refused some of the fields."


async def test_life_goes_on(ledger, path):
    portal = await ledger.mark_revoked("sent", LATER)
    assert portal.outcome is Outcome.CREATED
    assert (await ledger.events_of("sent"))[-1] == PortalEvent(LATER, EventKind.REVOKED, "eve")
    found = await ledger.find(PortalQuery(WORKSPACE), now=LATER)
    assert read_snapshot(path, WORKSPACE) == found.rows


async def test_the_first_paint_waits_for_the_upgrade(path):
    assert read_snapshot(path, WORKSPACE) is None
