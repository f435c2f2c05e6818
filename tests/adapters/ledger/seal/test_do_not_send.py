"""Do-not-send lists: encrypted at rest, whole or with a warning."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.message.do_not_send import DoNotSend
from tests.support.ledger_data import NOW, WORKSPACE

pytestmark = pytest.mark.anyio

ANN = DoNotSend("ann@harbor.example", "Asked us not to write", "ada", NOW)
MILL = DoNotSend("mill.example", "Contract ended in March", "ada", NOW + timedelta(minutes=1))


@pytest.fixture
def store():
    return SessionSecretStore()


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request, tmp_path):
    if request.param == "sqlite":
        return tmp_path / "ledger.sqlite3"
    return request.getfixturevalue("postgresql").new_database()


async def opened(place, store) -> SqlLedger:
    ledger = SqlLedger(place, UrlCipher(store), lambda: NOW, os_user="ada")
    await ledger.open()
    return ledger


async def filled(place, store) -> SqlLedger:
    ledger = await opened(place, store)
    await ledger.do_not_send.add(WORKSPACE, ANN)
    await ledger.do_not_send.add(WORKSPACE, MILL)
    return ledger


async def entries(ledger, workspace_id=WORKSPACE):
    return [*(await ledger.do_not_send.read(workspace_id)).entries]


async def test_a_later_run_reads_the_list_of_each_workspace(place, store):
    ledger = await filled(place, store)
    await ledger.do_not_send.add("other", MILL)
    await ledger.close()
    ledger = await opened(place, store)
    assert await entries(ledger) == [ANN, MILL]
    assert await entries(ledger, "other") == [MILL]
    assert await entries(ledger, "third") == []
    await ledger.close()


async def test_the_same_target_has_one_entry_however_it_is_written(place, store):
    ledger = await filled(place, store)
    again = DoNotSend("ANN@Harbor.example", "Left the company", "bob", NOW + timedelta(hours=1))
    await ledger.do_not_send.add(WORKSPACE, again)
    assert await entries(ledger) == [MILL, again]
    await ledger.do_not_send.remove(WORKSPACE, "ann@HARBOR.example")
    await ledger.do_not_send.remove(WORKSPACE, "nobody@harbor.example")
    assert await entries(ledger) == [MILL]
    await ledger.close()


async def test_no_address_and_no_reason_is_in_the_files(tmp_path, store):
    ledger = await filled(tmp_path / "ledger.sqlite3", store)
    files = [*tmp_path.iterdir()]
    found = b"".join(each.read_bytes() for each in files)
    await ledger.close()
    found += b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"do_not_send" in found
    for text in (b"harbor.example", b"mill.example", b"Asked us", b"March"):
        assert text not in found


async def test_entries_without_their_key_are_counted_and_can_be_removed(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    ledger = await filled(path, store)
    await ledger.close()
    ledger = await opened(path, SessionSecretStore())
    assert (await ledger.do_not_send.read(WORKSPACE)).unreadable == 2
    assert await entries(ledger) == []
    await ledger.do_not_send.add(WORKSPACE, MILL)
    await ledger.do_not_send.remove_unreadable(WORKSPACE)
    assert (await ledger.do_not_send.read(WORKSPACE)).unreadable == 0
    assert await entries(ledger) == [MILL]
    await ledger.close()


@pytest.mark.parametrize("content", ["x'00'", "'text'", "5", "zeroblob(200)"])
async def test_a_damaged_entry_is_counted(tmp_path, store, content):
    path = tmp_path / "ledger.sqlite3"
    ledger = await filled(path, store)
    await ledger.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            f"UPDATE do_not_send SET entry_sealed = {content} "
            "WHERE at = (SELECT min(at) FROM do_not_send)"
        )
    ledger = await opened(path, store)
    assert (await ledger.do_not_send.read(WORKSPACE)).unreadable == 1
    assert await entries(ledger) == [MILL]
    await ledger.close()


async def test_an_entry_cannot_be_read_under_another_row(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    ledger = await filled(path, store)
    await ledger.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE do_not_send SET entry_sealed = (SELECT entry_sealed FROM do_not_send "
            "ORDER BY at DESC LIMIT 1)"
        )
    ledger = await opened(path, store)
    assert (await ledger.do_not_send.read(WORKSPACE)).unreadable == 1
    await ledger.close()
