"""Sealed links: when they can be opened, and the error when they can't."""

from __future__ import annotations

import sqlite3
import uuid
from base64 import b64decode, b64encode
from contextlib import closing
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.data_key import DataKey
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import (
    LinkUnreadableError,
    SecretStoreLockedError,
    UserFacingError,
)
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.secret import Secret
from tests.support.ledger_data import FAKE_URL, NOW, answer, requested

pytestmark = pytest.mark.anyio
URL = Secret(FAKE_URL)


class CountingStore(SessionSecretStore):
    """Counts its calls, and fails while `error` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.error: UserFacingError | None = None
        self.asked: list[str] = []

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.error is not None:
            raise self.error

    async def get(self, name):
        self._ask(f"get {name}")
        return await super().get(name)

    async def set(self, name, secret):
        self._ask(f"set {name}")
        assert name not in self._secrets, "a key must never be overwritten"
        await super().set(name, secret)


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


LOCKED = SecretStoreLockedError("The keyring is locked", "Unlock it.")


async def run(path: Path, store, *portal_ids: str) -> UrlCipher:
    """One run of the program, which creates these portals."""
    cipher = UrlCipher(store)
    ledger = SqlLedger(path, cipher, lambda: NOW)
    await ledger.open()
    for portal_id in portal_ids:
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
        assert await ledger.url_of(portal_id) == URL
    await ledger.close()
    return cipher


async def read(path: Path, store, portal_id: str) -> Secret:
    ledger = SqlLedger(path, UrlCipher(store), lambda: NOW)
    await ledger.open()
    try:
        return await ledger.url_of(portal_id)
    finally:
        await ledger.close()


async def test_one_key_serves_all_runs(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a", "b")
    await run(path, store, "c")
    assert len([asked for asked in store.asked if asked.startswith("set")]) == 1
    assert len(store.asked) == 2, "asked once per key and run"
    assert await read(path, store, "a") == URL
    assert await read(path, store, "c") == URL


async def test_a_link_opens_in_its_own_row_only(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a", "b")
    with sqlite3.connect(path) as connection:
        connection.execute(
            "UPDATE portals SET url_sealed = (SELECT url_sealed FROM portals "
            "WHERE portal_id = 'a') WHERE portal_id = 'b'"
        )
    connection.close()
    assert await read(path, store, "a") == URL
    with pytest.raises(LinkUnreadableError, match="damaged"):
        await read(path, store, "b")


@pytest.mark.parametrize("position", [0, 1, 5, 20, 40, -1])
async def test_any_changed_byte_is_noticed(store, position):
    cipher = UrlCipher(store)
    key = await cipher.sealing_key()
    sealed = bytearray(key.seal("a", URL))
    sealed[position] ^= 1
    with pytest.raises(LinkUnreadableError):
        await cipher.unseal("a", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 30])
async def test_a_cut_off_link_is_damaged(store, sealed):
    with pytest.raises(LinkUnreadableError, match="damaged"):
        await UrlCipher(store).unseal("a", sealed)


async def test_equal_links_are_sealed_differently(store):
    key = await UrlCipher(store).sealing_key()
    assert key.seal("a", URL) != key.seal("a", URL)


async def test_without_a_keyring_links_last_for_the_run(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    store.error = LOCKED
    cipher = await run(path, store, "a")
    assert await cipher.find_problem() is LOCKED
    assert cipher.kept_key_id is None
    store.error = None
    with pytest.raises(LinkUnreadableError, match="keyring was unavailable and was not kept"):
        await read(path, store, "a")


async def test_keep_now_saves_the_links_of_this_run(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    store.error = LOCKED
    cipher = UrlCipher(store)
    ledger = SqlLedger(path, cipher, lambda: NOW)
    await ledger.open()
    await ledger.record_intent(requested("a"), PortalRequest())
    await ledger.record_created("a", answer())
    with pytest.raises(SecretStoreLockedError):
        await cipher.store_key()
    store.error = None
    await cipher.store_key()
    await cipher.store_key()
    assert await cipher.find_problem() is None
    await ledger.close()
    assert await read(path, store, "a") == URL
    assert await (await run(path, store, "b")).find_problem() is None
    assert len(store._secrets) == 1, "the next run goes on with that key"


async def test_a_locked_keyring_can_be_tried_again(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a")
    cipher = UrlCipher(store)
    ledger = SqlLedger(path, cipher, lambda: NOW)
    await ledger.open()
    store.error = LOCKED
    asked = len(store.asked)
    for _ in range(2):
        with pytest.raises(LinkUnreadableError, match="keyring is locked"):
            await ledger.url_of("a")
    assert len(store.asked) == asked + 1
    store.error = None
    cipher.retry()
    assert await ledger.url_of("a") == URL
    await ledger.close()


async def test_a_keyring_unlocked_later_keeps_old_and_new_links(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a")
    store.error = LOCKED
    await run(path, store, "b")
    store.error = None
    await run(path, store, "c")
    assert await read(path, store, "a") == URL
    assert await read(path, store, "c") == URL
    assert len(store._secrets) == 1


@pytest.mark.parametrize("left", [None, "not base64 ☂", "c2hvcnQ="])
async def test_a_lost_or_damaged_key_is_replaced_under_another_name(tmp_path, store, left):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a")
    (name,) = store._secrets
    if left is None:
        del store._secrets[name]
    else:
        store._secrets[name] = Secret(left)
    await run(path, store, "b")
    assert (store._secrets.get(name) is None) if left is None else len(store._secrets) == 2
    assert await read(path, store, "b") == URL
    with pytest.raises(LinkUnreadableError, match="no longer in this computer's keyring"):
        await read(path, store, "a")


def test_a_key_is_not_shown():
    material = b"secretmaterial".ljust(32)
    assert "secretmaterial" not in repr(DataKey(str(uuid.uuid4()), material, kept=True))


CHANGED = "keyring was changed"


def change_key(store) -> str:
    """Give the keyring's entry another key of the right form. Returns the entry's name."""
    name = next(iter(store._secrets))
    store._secrets[name] = Secret(b64encode(b"k" * 32).decode())
    return name


def forget_check_value(path: Path) -> None:
    """As a version of the program left it that knew no check values."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM ledger_meta WHERE name LIKE 'key_check/%'")


def damage(path: Path, portal_id: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        (sealed,) = connection.execute(
            "SELECT url_sealed FROM portals WHERE portal_id = ?", (portal_id,)
        ).fetchone()
        connection.execute(
            "UPDATE portals SET url_sealed = ? WHERE portal_id = ?",
            (sealed[:-1] + bytes((sealed[-1] ^ 1,)), portal_id),
        )


@pytest.mark.parametrize("is_old", [False, True], ids=["with a check value", "an old ledger"])
async def test_a_changed_key_is_not_a_damaged_link(is_old, tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a", "b")
    if is_old:
        forget_check_value(path)
    name = next(iter(store._secrets))
    right = store._secrets[name]
    change_key(store)
    for portal_id in ("a", "b"):
        with pytest.raises(LinkUnreadableError, match=CHANGED) as caught:
            await read(path, store, portal_id)
        assert "restore the entry" in caught.value.message
    cipher = await run(path, store, "c")
    assert "another key than the one" in cipher.changed_key_notice
    assert await read(path, store, "c") == URL, "new links get a new key"
    store._secrets[name] = right
    for portal_id in ("a", "b", "c"):
        assert await read(path, store, portal_id) == URL, "nothing is lost for ever"


async def test_the_only_link_of_an_old_ledger_leaves_both_reasons_open(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a")
    forget_check_value(path)
    change_key(store)
    with pytest.raises(LinkUnreadableError, match="Either what the ledger keeps"):
        await read(path, store, "a")
    cipher = await run(path, store, "b")
    assert cipher.changed_key_notice is None
    assert await read(path, store, "b") == URL
    assert len(store._secrets) == 2, "the doubtful key seals nothing more"


@pytest.mark.parametrize("is_old", [False, True], ids=["with a check value", "an old ledger"])
async def test_a_damaged_link_is_not_a_changed_key(is_old, tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a", "b")
    if is_old:
        forget_check_value(path)
    damage(path, "a")
    with pytest.raises(LinkUnreadableError, match="This link is damaged"):
        await read(path, store, "a")
    assert await read(path, store, "b") == URL
    assert (await run(path, store, "c")).changed_key_notice is None
    assert len(store._secrets) == 1


async def test_a_check_value_is_not_the_key(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    await run(path, store, "a")
    (key,) = store._secrets.values()
    with closing(sqlite3.connect(path)) as connection:
        ((value,),) = connection.execute(
            "SELECT value FROM ledger_meta WHERE name LIKE 'key_check/%'"
        ).fetchall()
    assert bytes.fromhex(value) != b64decode(key.reveal())
    assert key.reveal().encode() not in path.read_bytes()
