"""Notes at rest: each is encrypted as links are, under a name of its own row and column."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, select, update

from seam_portal_desktop.adapters.ledger import events
from seam_portal_desktop.adapters.ledger.damage.marks import Key, key_column
from seam_portal_desktop.adapters.ledger.ledger_thread import LedgerThread
from seam_portal_desktop.adapters.ledger.schema import meta, portals
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.data_key import DataKey, key_id_of
from seam_portal_desktop.adapters.ledger.seal.names import event_note_name, note_name
from seam_portal_desktop.domain.portal.event import NOTE_NOT_KEPT, NOTE_UNREADABLE
from seam_portal_desktop.domain.portal.query import fold, folded_search, search_text

T = TypeVar("T")

_PLAIN_NOTES = "plain_notes"
"""The fact that an earlier version's notes are still to be sealed (see revision 0004)."""

_PATIENCE = 1.0
"""How many seconds a read waits for a key. The keyring may be asking the user for its password."""

_MOST_FOLDED = 50_000
_ROWS_AT_A_TIME = 500
_c = portals.c


class Notes:
    """Opens notes with the keys that are at hand, because a list can't wait for the keyring.

    `open`, `open_text` and `read_of_event` are called on the ledger's thread.
    `on_late_keys` is called when the keyring has answered after a read went on without it.
    """

    def __init__(self, cipher: UrlCipher, on_late_keys: Callable[[], None]) -> None:
        self._cipher = cipher
        self._on_late_keys = on_late_keys
        self._missing: set[str] = set()
        self._folded: dict[bytes, str] = {}
        self._requests: set[asyncio.Task[None]] = set()

    def open(self, portal_id: str, sealed: bytes) -> str | None:
        """The note of the portal's row. None without the key."""
        return self.open_text(note_name(portal_id), sealed)

    def read_of_event(self, portal_id: str, sealed: bytes) -> Mapping[str, str]:
        """The note of an event of the portal, or why there is none, as a part of its detail."""
        note = self.open_text(event_note_name(portal_id), sealed)
        if note is not None:
            return {"note": note}
        was_not_kept = self._cipher.was_not_kept(sealed)
        return {NOTE_UNREADABLE: NOTE_NOT_KEPT if was_not_kept else "yes"}

    async def seal(
        self, portal_id: str, note: str | None
    ) -> tuple[bytes, bytes] | tuple[None, None]:
        """The note for the portal's row and for its event; None twice without a note."""
        if not note:
            return None, None
        return _sealed_twice(await self._cipher.sealing_key(), portal_id, note)

    async def get_missing_keys(self) -> bool:
        """Get the keys that notes lacked. True if the keyring has answered: a read differs then."""
        missing, self._missing = self._missing, set()
        if not missing:
            return False
        request = asyncio.create_task(self._cipher.get_keys(missing))
        self._requests.add(request)
        request.add_done_callback(self._requests.discard)
        done, _ = await asyncio.wait({request}, timeout=_PATIENCE)
        if not done:
            request.add_done_callback(self._on_late_answer)
        return bool(done)

    async def read_with(self, thread: LedgerThread, read: Callable[[Connection], T]) -> T:
        """Run `read`, and once more if notes lacked a key and the keyring answers soon."""
        result = await thread.read(read)
        if await self.get_missing_keys():
            result = await thread.read(read)
        return result

    def stop(self) -> None:
        """No note needs a key now."""
        for request in self._requests:
            request.cancel()

    def ids_of(self, text: str, rows: Iterable[Sequence[Any]]) -> list[str]:
        """The portal_ids of the rows of (portal_id, sealed note) whose note has `text`."""
        wanted = folded_search(text)
        return [
            portal_id
            for portal_id, sealed in rows
            if isinstance(sealed, bytes) and wanted in self._folded_note(portal_id, sealed)
        ]

    def _on_late_answer(self, request: asyncio.Task[None]) -> None:
        if not request.cancelled():
            self._on_late_keys()

    def _folded_note(self, portal_id: str, sealed: bytes) -> str:
        folded = self._folded.get(sealed)
        if folded is None:
            note = self.open(portal_id, sealed)
            if note is None:
                return ""
            if len(self._folded) >= _MOST_FOLDED:
                self._folded.clear()
            folded = self._folded[sealed] = fold(note)
        return folded

    def open_text(self, name: str, sealed: bytes) -> str | None:
        """The text that was sealed under `name`. None without the key, which is asked for later."""
        key_id = key_id_of(sealed)
        if key_id is not None and not self._cipher.has_asked_for(key_id):
            self._missing.add(key_id)
        content = self._cipher.open_with_key_at_hand(name, sealed)
        return None if content is None else content.decode("utf-8", "replace")


def has_plain_notes(connection: Connection) -> bool:
    """Whether an earlier version's notes are still to be sealed."""
    fact = select(meta.c.name).where(meta.c.name == _PLAIN_NOTES)
    return connection.scalar(fact) is not None


async def seal_plain_notes(
    thread: LedgerThread, key: DataKey, write_key_id: Callable[[Connection], None]
) -> None:
    """Seal the notes of an earlier version, and take them out of the files. Raises LedgerError.

    The fact _PLAIN_NOTES stays until that is done, so that the next start goes on with it.
    """
    for seal_some in (_seal_rows, _seal_events):
        after: int | str | None = None
        while True:
            work = partial(_seal_and_write_key_id, seal_some, write_key_id, key, after)
            after = await thread.write(work)
            if after is None:
                break
    if await thread.run(lambda: thread.database.erase_old_content(everywhere=True)):
        await thread.write(_forget_plain_notes)


def _seal_and_write_key_id(
    seal_some: Callable[[Connection, DataKey, Any], int | str | None],
    write_key_id: Callable[[Connection], None],
    key: DataKey,
    after: int | str | None,
    connection: Connection,
    _changed: set[str],
) -> int | str | None:
    write_key_id(connection)
    return seal_some(connection, key, after)


def _seal_rows(connection: Connection, key: DataKey, after: Key | None) -> Key | None:
    """Seal the notes of some rows. Returns the last of these rows; None if there were no more."""
    row_key = key_column(connection)
    found = (
        select(row_key, _c.portal_id, _c.customer_key, _c.sent_note)
        .where(_c.sent_note != "")
        .order_by(row_key)
        .limit(_ROWS_AT_A_TIME)
    )
    last = None
    rows = connection.execute(found if after is None else found.where(row_key > after)).all()
    for last, portal_id, customer_key, note in rows:
        sealed, _ = _sealed_twice(key, str(portal_id), str(note))
        text = search_text(str(customer_key), "")
        values = {"sent_note": None, "sent_note_sealed": sealed, "search_text": text}
        connection.execute(update(portals).where(row_key == last).values(values))
    return last


def _seal_events(connection: Connection, key: DataKey, after: int | None) -> int | None:
    """Seal the notes of some events. An event that can't be read stays as it is.

    Returns the last of these events; None if there were no more.
    """
    last = None
    for last, portal_id, detail in events.with_plain_note(connection, after, _ROWS_AT_A_TIME):
        if detail is not None and "note" in detail:
            _, sealed = _sealed_twice(key, portal_id, detail["note"])
            events.replace_note(connection, last, detail, sealed)
    return last


def _forget_plain_notes(connection: Connection, _changed: set[str]) -> None:
    connection.execute(delete(meta).where(meta.c.name == _PLAIN_NOTES))


def _sealed_twice(key: DataKey, portal_id: str, note: str) -> tuple[bytes, bytes]:
    content = note.encode("utf-8", "replace")
    return (
        key.seal_bytes(note_name(portal_id), content),
        key.seal_bytes(event_note_name(portal_id), content),
    )
