"""A ledger that the second revision wrote opens here with all that it held.

``data/ledger-0002.sql`` is the dump of a file that the program wrote at that revision.
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
from seam_portal_desktop.domain.portal.record import PortalKind, PortalStatus
from seam_portal_desktop.domain.preview.report import CheckLevel, PreviewMode
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE
from tests.support.preview_records import piece, stored_report

pytestmark = pytest.mark.anyio

DUMP = Path(__file__).with_name("data") / "ledger-0002.sql"
LATER = NOW + timedelta(days=1)
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


async def test_rows_and_links_are_all_there_and_none_is_a_twin(ledger, path):
    found = await ledger.find(PortalQuery(WORKSPACE), now=LATER)
    rows = {portal.portal_id: portal for portal in found.rows}
    assert {portal_id: row.status(LATER) for portal_id, row in rows.items()} == {
        "old": PortalStatus.ACTIVE,
        "new": PortalStatus.ACTIVE,
        "stay": PortalStatus.FAILED,
    }
    assert {(row.preview_of, row.preview_verdict) for row in rows.values()} == {(None, None)}
    assert rows["stay"].kind is PortalKind.RESERVATION_DEEP_LINK
    assert (rows["old"].renewed_to, rows["new"].renewed_from) == ("new", "old")
    assert rows["old"].client_session_id == "session-1"
    assert await ledger.url_of("old") == Secret(FAKE_URL)
    assert (await ledger.find(PortalQuery(WORKSPACE, safe_previews=True), now=LATER)).total == 0
    assert read_snapshot(path, WORKSPACE) == found.rows


async def test_a_preview_from_before_had_no_mode_and_the_next_one_has(ledger):
    before = PortalEvent(NOW + timedelta(hours=1), EventKind.PREVIEWED, "ada")
    assert before in await ledger.events_of("old")
    soon = NOW + timedelta(hours=1, minutes=1)
    await ledger.mark_previewed("old", soon, PreviewMode.SAFE)
    told = [event for event in await ledger.events_of("old") if event.kind is before.kind]
    assert told == [before, PortalEvent(soon, before.kind, "eve", {"mode": "safe"})]


async def test_previews_are_kept_from_now_on(ledger):
    assert await ledger.report_of("old") is None
    assert (
        await ledger.record_report("old", stored_report())
    ).preview_verdict is CheckLevel.WARNING
    await ledger.attach(piece(portal_id="old"), b"picture")
    assert await ledger.attachment_content("e1") == b"picture"


async def test_the_first_paint_waits_for_the_upgrade(path):
    assert read_snapshot(path, WORKSPACE) is None
