"""Opens a ledger that the program wrote at revision 0005: only its events know who created what."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.portal.query import PortalQuery, RecordFilters, UsedNames
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE

pytestmark = pytest.mark.anyio

REVISION = "0005"
LATER = NOW + timedelta(days=1)


async def test_each_portal_has_the_creator_that_its_events_name(upgraded, old_file):
    found = await upgraded.find(PortalQuery(WORKSPACE), now=LATER)
    creators = {row.portal_id: row.created_by for row in found.rows}
    assert creators == {"one": "ada", "two": "ada", "three": "ACME\\Ben", "nobody": ""}
    assert {row.preset for row in found.rows} == {""}
    snapshot = read_snapshot(old_file, WORKSPACE)
    assert {row.portal_id: row.created_by for row in snapshot} == creators
    assert await upgraded.used_names(WORKSPACE) == UsedNames(("ACME\\Ben", "ada"), ())
    assert await upgraded.url_of("one") == Secret(FAKE_URL)
    assert (await upgraded.get("one")).sent.note == "at the desk"
    assert (await upgraded.get("two")).status(LATER) is PortalStatus.REVOKED


async def test_old_portals_are_filtered_by_their_creator(upgraded):
    filters = RecordFilters(creators=frozenset({"acme\\ben"}))
    found = await upgraded.find(PortalQuery(WORKSPACE, filters=filters), now=LATER)
    assert [row.portal_id for row in found.rows] == ["three"]
    no_preset = RecordFilters(presets=frozenset({""}))
    found = await upgraded.find(PortalQuery(WORKSPACE, filters=no_preset), now=LATER)
    assert found.total == 4


async def test_a_damaged_event_does_not_damage_its_portal(old_file, key_store):
    with closing(sqlite3.connect(old_file)) as connection, connection:
        damage = 'UPDATE portal_events SET "by" = CAST(? AS TEXT) WHERE portal_id = ?'
        connection.execute(damage, (b"\xffada", "one"))
        connection.execute("UPDATE portal_events SET \"by\" = x'07' WHERE portal_id = ?", ("two",))
    ledger = SqlLedger(old_file, UrlCipher(key_store), lambda: LATER)
    await ledger.open()
    assert (await ledger.get("one")).status(LATER) is PortalStatus.ACTIVE
    assert (await ledger.get("two")).status(LATER) is PortalStatus.REVOKED
    assert await ledger.used_names(WORKSPACE) == UsedNames(("ACME\\Ben",), ())
    await ledger.close()
