"""Opens a ledger that the program wrote at revision 0003: its notes are readable in the file."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.database import Database
from seam_portal_desktop.adapters.ledger.seal import notes
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
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


def has_fact(path) -> bool:
    """Whether the ledger knows of notes that are still to be sealed."""
    with closing(sqlite3.connect(path)) as connection:
        facts = connection.execute("SELECT name FROM ledger_meta").fetchall()
    return any("notes" in name for (name,) in facts)


async def open_until_idle(path, store) -> None:
    """One run of the program, which does all that it does beside the calls."""
    ledger = SqlLedger(path, UrlCipher(store), lambda: LATER)
    await ledger.open()
    await until(lambda: not ledger._background, "nothing is left to do")
    await ledger.close()


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
    await until(lambda: not upgraded._background, "all notes are sealed")
    await upgraded.close()
    assert not has_fact(old_file)


async def test_a_file_that_could_not_be_written_anew_is_written_anew_by_the_next_start(
    old_file, key_store, monkeypatch
):
    erase = Database.erase_old_content

    def fill_the_disk(database, *, everywhere=False):
        if everywhere:
            raise OSError(errno.ENOSPC, "No space left on device")
        return erase(database)

    with monkeypatch.context() as disk:
        disk.setattr(Database, "erase_old_content", fill_the_disk)
        await open_until_idle(old_file, key_store)
    written = []

    def count(database, *, everywhere=False):
        written.append(everywhere)
        return erase(database, everywhere=everywhere)

    monkeypatch.setattr(Database, "erase_old_content", count)
    for _ in range(2):
        await open_until_idle(old_file, key_store)
    assert written.count(True) == 1
    assert not has_plain_notes(old_file)


async def test_a_reader_of_the_file_delays_the_end_of_the_notes_to_a_later_start(
    old_file, key_store
):
    with closing(sqlite3.connect(old_file)) as reader:
        reader.execute("PRAGMA journal_mode = WAL")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM portals").fetchall()
        await open_until_idle(old_file, key_store)
        assert has_plain_notes(old_file)
        assert has_fact(old_file)
    await open_until_idle(old_file, key_store)
    assert not has_plain_notes(old_file)
    assert not has_fact(old_file)


async def test_rows_that_cannot_be_read_do_not_hide_the_others(old_file, key_store, monkeypatch):
    """Both are more than the program reads at a time, and come before the last readable ones."""
    monkeypatch.setattr(notes, "_ROWS_AT_A_TIME", 2)
    with closing(sqlite3.connect(old_file)) as connection, connection:
        names = [name for _, name, *_ in connection.execute("PRAGMA table_info(portals)")]
        others = ", ".join(name for name in names if name != "portal_id")
        for number in range(3):
            connection.execute(
                f"INSERT INTO portals (rowid, portal_id, {others}) "
                f"SELECT {number - 9}, CAST(? AS TEXT), {others} FROM portals "
                "WHERE portal_id = 'sent'",
                (b"\xff%d" % number,),
            )
        add = 'INSERT INTO portal_events (portal_id, at, kind, "by", detail) VALUES '
        for _ in range(3):
            connection.execute(f"{add} ('sent', 1, 'sent', 'ada', '{{\"note\": at the desk')")
        connection.execute(f"{add} ('plain', 1, 'sent', 'ada', '{{\"note\": \"the last note\"}}')")
    await open_until_idle(old_file, key_store)
    content = files(old_file)
    assert b"the last note" not in content
    with closing(sqlite3.connect(old_file)) as connection:
        plain = connection.execute("SELECT count(*) FROM portals WHERE sent_note <> ''").fetchone()
    assert plain == (0,)
    ledger = SqlLedger(old_file, UrlCipher(key_store), lambda: LATER)
    await ledger.open()
    found = await ledger.find(PortalQuery(WORKSPACE, text="desk"), now=LATER)
    assert found.total == 4
    await ledger.close()
