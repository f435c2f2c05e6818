from __future__ import annotations

import sqlite3
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.snapshot import read_snapshot
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import NOW, WORKSPACE
from tests.support.postgresql import postgresql_server

_KEY_ID = "00000000-0000-4000-8000-00000000000a"
_FAKE_KEY = b"not a real key, only for a test!"


@pytest.fixture(scope="session")
def postgresql():
    with postgresql_server() as server:
        yield server


@pytest.fixture
def old_file(request, tmp_path):
    """A file as the program wrote it at the test module's REVISION, from its dump in data/."""
    path = tmp_path / "ledger.sqlite3"
    dump = Path(__file__).with_name("data") / f"ledger-{request.module.REVISION}.sql"
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text("utf-8"))
    connection.close()
    return path


@pytest.fixture
async def key_store():
    """A keyring with the key of the old files."""
    store = SessionSecretStore()
    await store.set(f"ledger-key/{_KEY_ID}", Secret(b64encode(_FAKE_KEY).decode()))
    return store


@pytest.fixture
async def upgraded(old_file, key_store):
    """The ledger on `old_file`, opened a day after NOW; the first paint reads no old schema."""
    assert read_snapshot(old_file, WORKSPACE) is None
    later = NOW + timedelta(days=1)
    ledger = SqlLedger(old_file, UrlCipher(key_store), lambda: later, os_user="eve")
    await ledger.open()
    yield ledger
    await ledger.close()
