"""The first read gives the rows of the ledger, and never waits or fails."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Channel, FailureRecord, Sent
from seam_portal_desktop.domain.request import PortalRequest
from tests.support.ledger_data import NOW, WORKSPACE, answer, requested

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ledger(tmp_path):
    ledger = SqlLedger(
        tmp_path / "a folder?#%" / "ledger.sqlite3",
        UrlCipher(SessionSecretStore()),
        lambda: NOW,
    )
    await ledger.open()
    yield ledger
    await ledger.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a folder?#%" / "ledger.sqlite3"


async def test_the_rows_are_those_of_find(ledger, path):
    for number in range(30):
        portal = requested(str(number), requested_at=NOW + timedelta(minutes=number // 3))
        sent = Sent(NOW, "ada", Channel.EMAIL if number % 2 else None, "note 🏡")
        await ledger.record_intent(
            replace(portal, sent=sent if number % 5 else None), PortalRequest()
        )
        if number % 3 == 0:
            created_at = NOW - timedelta(hours=number % 7, microseconds=1)
            await ledger.record_created(str(number), answer(created_at=created_at))
        if number % 3 == 1:
            await ledger.record_failed(str(number), FailureRecord("Refused", "Why", "r"))
    await ledger.delete(["7"])
    await ledger.record_intent(requested("x", workspace_id="other"), PortalRequest())

    found = await ledger.find(PortalQuery(WORKSPACE), now=NOW)
    assert len(found.rows) == 29
    assert read_snapshot(path, WORKSPACE) == found.rows
    assert read_snapshot(path, WORKSPACE, limit=4) == found.rows[:4]
    assert read_snapshot(path, "nobody") == ()


async def test_nothing_when_it_can_t_be_read(ledger, path, tmp_path):
    assert read_snapshot(tmp_path / "missing.sqlite3", WORKSPACE) is None
    assert not (tmp_path / "missing.sqlite3").exists()
    (tmp_path / "junk").write_bytes(b"junk" * 1000)
    assert read_snapshot(tmp_path / "junk", WORKSPACE) is None
    (tmp_path / "empty").touch()
    assert read_snapshot(tmp_path / "empty", WORKSPACE) is None
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert read_snapshot(path, WORKSPACE) is None


def test_it_imports_nothing_heavy():
    code = (
        "import sys; import seam_portal_desktop.adapters.ledger.snapshot;"
        "import seam_portal_desktop.adapters.files.preferences;"
        "heavy = {'sqlalchemy', 'alembic', 'cryptography', 'msgspec', 'keyring', 'asyncio'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
