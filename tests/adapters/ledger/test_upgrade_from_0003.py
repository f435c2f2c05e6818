"""Opens a ledger that the program wrote at revision 0003: its notes are readable in the file."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.adapters.ledger.url_cipher import UrlCipher
from seam_portal_desktop.domain.errors import SecretStoreLockedError
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Channel, Sent
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import FAKE_URL, NOW, WORKSPACE
from tests.support.until import until

pytestmark = pytest.mark.anyio

REVISION = "0003"
NOTE = "for Lu\u0301cia at the desk"
SENT = Sent(NOW + timedelta(hours=1), "ada", Channel.EMAIL, NOTE)
LATER = NOW + timedelta(days=1)


def files(path) -> bytes:
    """Everything that the ledger's files hold."""
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def has_plain_notes(path) -> bool:
    content = files(path)
    return b"at the desk" in content or b"wrong person" in content


async def test_the_notes_are_sealed_in_row_and_timeline(upgraded, old_file):
    await until(lambda: not has_plain_notes(old_file), "no file has the notes any more")
    assert (await upgraded.get("sent")).sent == SENT
    assert (await upgraded.get("plain")).sent.note == ""
    assert (await upgraded.get("undone")).sent is None
    notes = [event.detail.get("note") for event in await upgraded.events_of("sent")]
    assert notes[-1] == NOTE
    assert await upgraded.url_of("sent") == Secret(FAKE_URL)
    assert await upgraded.attachment_content("e1") == b"picture"
    found = await upgraded.find(PortalQuery(WORKSPACE, text="DESK"), now=LATER)
    assert [row.portal_id for row in found.rows] == ["sent"]
    assert await upgraded.counts(WORKSPACE, text="desk", now=LATER)


class LockedStore(SessionSecretStore):
    async def get(self, name):
        raise SecretStoreLockedError("The keyring is locked", "Unlock it.")


async def test_with_a_locked_keyring_the_notes_stay_until_it_is_open(old_file, key_store):
    ledger = SqlLedger(old_file, UrlCipher(LockedStore()), lambda: LATER)
    await ledger.open()
    await until(lambda: not ledger._background, "the keyring was asked")
    assert (await ledger.get("sent")).sent == SENT, "a note must not be lost with this run's key"
    assert (await ledger.find(PortalQuery(WORKSPACE, text="desk"), now=LATER)).total == 1
    await ledger.close()
    ledger = SqlLedger(old_file, UrlCipher(key_store), lambda: LATER)
    await ledger.open()
    await until(lambda: not has_plain_notes(old_file), "no file has the notes any more")
    assert (await ledger.get("sent")).sent == SENT
    await ledger.close()


async def test_sealed_notes_leave_nothing_to_do(upgraded, old_file):
    await until(lambda: not has_plain_notes(old_file), "no file has the notes any more")
    await upgraded.close()
    with sqlite3.connect(old_file) as connection:
        facts = connection.execute("SELECT name FROM ledger_meta").fetchall()
    connection.close()
    assert not any("notes" in name for (name,) in facts)
