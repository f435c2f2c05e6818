"""Notes are sealed at rest, found by searches, and gone when a mark is undone or a row deleted."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal import notes
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.errors import SecretStoreAbsentError, SecretStoreLockedError
from seam_portal_desktop.domain.portal.event import NOTE_NOT_KEPT, NOTE_UNREADABLE, EventKind
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Channel, PortalStatus, Sent
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.services.portal.timeline import build_timeline
from tests.support.ledger_data import NOW, WORKSPACE, answer, requested
from tests.support.until import until

pytestmark = pytest.mark.anyio

NOTE = "for Lúcia, at the front desk"
SENT = Sent(NOW, "ada", Channel.EMAIL, NOTE)


@pytest.fixture
def store():
    return SessionSecretStore()


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request, tmp_path):
    if request.param == "sqlite":
        return tmp_path / "ledger.sqlite3"
    return request.getfixturevalue("postgresql").new_database()


def make(place, store) -> SqlLedger:
    return SqlLedger(place, UrlCipher(store), lambda: NOW, os_user="ada")


@pytest.fixture
async def ledger(place, store):
    ledger = make(place, store)
    await ledger.open()
    for portal_id in ("p1", "p2"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
    await ledger.mark_sent("p1", SENT)
    yield ledger
    await ledger.close()


async def ids(ledger, text: str) -> list[str]:
    found = await ledger.find(PortalQuery(WORKSPACE, text=text), now=NOW)
    assert found.total == len(found.rows)
    counts = await ledger.counts(WORKSPACE, text=text, now=NOW)
    assert sum(counts.values()) == found.total
    return [row.portal_id for row in found.rows]


async def notes_of(ledger) -> list[str | None]:
    return [
        event.detail.get("note")
        for event in await ledger.events_of("p1")
        if event.kind is EventKind.SENT
    ]


async def test_a_note_is_found_and_read_in_a_later_run(ledger, place, store):
    await ledger.close()
    ledger = make(place, store)
    await ledger.open()
    assert await ids(ledger, "FRONT desk") == ["p1"]
    assert await ids(ledger, "lúcia") == ["p1"]
    assert sorted(await ids(ledger, "harbor")) == ["p1", "p2"]
    assert await ids(ledger, "back desk") == []
    assert (await ledger.get("p1")).sent == SENT
    assert await notes_of(ledger) == [NOTE]
    assert (await ledger.events_by_portal(["p1"]))["p1"][-1].detail["note"] == NOTE
    await ledger.close()


async def test_the_note_is_published_with_the_row(ledger):
    changes = []
    ledger.changes.subscribe(changes.append)
    await ledger.mark_sent("p2", SENT)
    await ledger.get("p2")
    assert changes[-1].records[0].sent == SENT


async def test_undoing_sent_forgets_the_note_of_row_and_timeline(ledger):
    await ledger.mark_sent("p1", Sent(NOW + timedelta(hours=1), "ada", None, "another note"))
    assert await notes_of(ledger) == [NOTE, "another note"]
    await ledger.mark_sent("p1", None)
    assert await notes_of(ledger) == [None, None]
    assert await ids(ledger, "desk") == []
    texts = [
        entry.text
        for entry in build_timeline(await ledger.get("p1"), await ledger.events_of("p1"), NOW)
    ]
    assert sorted(texts[-3:]) == [
        "Marked as sent",
        "Marked as sent by email",
        "No longer marked as sent",
    ]


class LockedStore(SessionSecretStore):
    """A keyring that is locked after it was used."""

    async def get(self, name):
        raise SecretStoreLockedError("The keyring is locked", "Unlock it.")


async def test_without_the_key_the_list_is_there_and_says_so(ledger, place):
    await ledger.close()
    ledger = make(place, LockedStore())
    await ledger.open()
    assert (await ledger.get("p1")).sent.note is None
    assert await ids(ledger, "desk") == []
    assert sorted(await ids(ledger, "harbor")) == ["p1", "p2"]
    (sent,) = [each for each in await ledger.events_of("p1") if each.kind is EventKind.SENT]
    assert NOTE_UNREADABLE in sent.detail
    texts = [entry.text for entry in build_timeline(await ledger.get("p1"), [sent], NOW)]
    assert texts == ["Marked as sent by email. Its note can’t be read now."]
    await ledger.close()


class AbsentStore(SessionSecretStore):
    """A keyring that can't be used until `is_there`."""

    is_there = False

    async def set(self, name, secret):
        if not self.is_there:
            raise SecretStoreAbsentError("There is no keyring", "Install one.")
        await super().set(name, secret)


async def test_a_note_that_was_not_kept_differs_from_one_that_cannot_be_read_now(tmp_path):
    store = AbsentStore()
    ledger = make(tmp_path / "ledger.sqlite3", store)
    await ledger.open()
    await ledger.record_intent(requested("p1"), PortalRequest())
    await ledger.record_created("p1", answer())
    await ledger.mark_sent("p1", SENT)
    assert await notes_of(ledger) == [NOTE]
    await ledger.close()
    store.is_there = True
    ledger = make(tmp_path / "ledger.sqlite3", store)
    await ledger.open()
    (sent,) = [each for each in await ledger.events_of("p1") if each.kind is EventKind.SENT]
    assert sent.detail[NOTE_UNREADABLE] == NOTE_NOT_KEPT
    (entry,) = build_timeline(await ledger.get("p1"), [sent], NOW)
    assert entry.text.endswith("Its note was not kept, because the keyring couldn’t be used.")
    await ledger.close()


class SlowStore(SessionSecretStore):
    """A keyring that asks the user for its password first."""

    def __init__(self, store: SessionSecretStore) -> None:
        self._store = store
        self.unlocked = asyncio.Event()

    async def get(self, name):
        await self.unlocked.wait()
        return await self._store.get(name)


async def test_a_list_does_not_wait_for_a_prompt_and_gets_the_notes_after_it(
    ledger, place, store, monkeypatch
):
    monkeypatch.setattr(notes, "_PATIENCE", 0.01)
    await ledger.close()
    slow = SlowStore(store)
    ledger = make(place, slow)
    await ledger.open()
    published = []
    ledger.changes.subscribe(published.append)
    assert (await ledger.get("p1")).sent.note is None
    slow.unlocked.set()
    await until(lambda: published, "the record is published again")
    assert published[-1].records[0].sent == SENT
    assert await ids(ledger, "desk") == ["p1"]
    await ledger.close()


async def test_a_note_opens_in_its_own_row_and_column_only(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    ledger = make(path, store)
    await ledger.open()
    for portal_id in ("p1", "p2"):
        await ledger.record_intent(requested(portal_id), PortalRequest())
        await ledger.record_created(portal_id, answer())
        await ledger.mark_sent(portal_id, SENT)
    await ledger.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE portals SET sent_note_sealed = (SELECT sent_note_sealed FROM portals "
            "WHERE portal_id = 'p2') WHERE portal_id = 'p1'"
        )
        connection.execute(
            "UPDATE portals SET sent_note_sealed = (SELECT note_sealed FROM portal_events "
            "WHERE note_sealed IS NOT NULL LIMIT 1) WHERE portal_id = 'p2'"
        )
    ledger = make(path, store)
    await ledger.open()
    assert [(await ledger.get(each)).sent.note for each in ("p1", "p2")] == [None, None]
    assert await ledger.counts(WORKSPACE, now=NOW) == {PortalStatus.ACTIVE: 2}
    await ledger.close()


async def test_no_file_has_a_note_or_what_was_deleted(tmp_path, store):
    path = tmp_path / "ledger.sqlite3"
    ledger = make(path, store)
    await ledger.open()
    for number in range(300):
        portal = requested(f"p{number}", f"{'gone' if number % 3 else 'kept'}-hotel-{number}")
        await ledger.record_intent(portal, PortalRequest())
        await ledger.record_created(f"p{number}", answer())
        await ledger.mark_sent(f"p{number}", SENT)
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"front desk" not in content
    assert b"gone-hotel" in content
    await ledger.delete([f"p{number}" for number in range(300) if number % 3])
    await ledger.close()
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"kept-hotel" in content
    assert b"gone-hotel" not in content
