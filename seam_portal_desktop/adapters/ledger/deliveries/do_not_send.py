"""The do-not-send lists at rest: each entry is encrypted as links are, under a name of its row."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, type_coerce
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger.ledger_thread import LedgerThread
from seam_portal_desktop.adapters.ledger.rows import from_micros, is_time, to_micros
from seam_portal_desktop.adapters.ledger.schema import do_not_send
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.data_key import key_id_of
from seam_portal_desktop.adapters.ledger.seal.key_facts import KeyFacts
from seam_portal_desktop.adapters.ledger.seal.names import do_not_send_name
from seam_portal_desktop.domain.message.do_not_send import DoNotSend, DoNotSendList, target_key

_c = do_not_send.c
_Row = tuple[str, Any, Any]


class SqlDoNotSend:
    """Implements the port DoNotSendStore. The addresses have no index: a list is read whole."""

    def __init__(self, thread: LedgerThread, cipher: UrlCipher, key_facts: KeyFacts) -> None:
        self._thread = thread
        self._cipher = cipher
        self._key_facts = key_facts

    async def read(self, workspace_id: str) -> DoNotSendList:
        rows = await self._rows(workspace_id)
        return await self._thread.run(lambda: self._list_of(rows))

    async def add(self, workspace_id: str, entry: DoNotSend) -> None:
        same = await self._ids_of(workspace_id, entry.key)
        entry_id = str(uuid.uuid4())
        key = await self._cipher.sealing_key()
        content = json.dumps(
            {"target": entry.target, "reason": entry.reason, "by": entry.by}, ensure_ascii=False
        )
        values = {
            "entry_id": entry_id,
            "workspace_id": workspace_id,
            "at": to_micros(entry.at),
            "entry_sealed": key.seal_bytes(
                do_not_send_name(entry_id), content.encode("utf-8", "replace")
            ),
        }

        def write(connection: Connection, _changed: set[str]) -> None:
            connection.execute(delete(do_not_send).where(_c.entry_id.in_(same)))
            connection.execute(insert(do_not_send).values(values))
            self._key_facts.write(connection)

        await self._thread.write(write)

    async def remove(self, workspace_id: str, target: str) -> None:
        ids = await self._ids_of(workspace_id, target_key(target))
        await self._delete(ids)

    async def remove_unreadable(self, workspace_id: str) -> None:
        rows = await self._rows(workspace_id)
        entries = await self._thread.run(lambda: [(row[0], self._entry_of(row)) for row in rows])
        await self._delete([entry_id for entry_id, entry in entries if entry is None])

    async def _delete(self, ids: Sequence[str]) -> None:
        def write(connection: Connection, _changed: set[str]) -> None:
            connection.execute(delete(do_not_send).where(_c.entry_id.in_(ids)))

        await self._thread.write(write)

    async def _rows(self, workspace_id: str) -> Sequence[_Row]:
        """The rows of the list, when the keyring was asked for all their keys."""

        def read(connection: Connection) -> Sequence[_Row]:
            found = connection.execute(
                select(_c.entry_id, _c.at, type_coerce(_c.entry_sealed, NullType()))
                .where(_c.workspace_id == workspace_id)
                .order_by(_c.at, _c.entry_id)
            )
            return [tuple(row) for row in found]

        rows = await self._thread.read(read)
        key_ids = {key_id_of(sealed) for _id, _at, sealed in rows if isinstance(sealed, bytes)}
        await self._cipher.get_keys([key_id for key_id in key_ids if key_id is not None])
        return rows

    async def _ids_of(self, workspace_id: str, key: str) -> Sequence[str]:
        """The rows whose target has this key."""
        rows = await self._rows(workspace_id)

        def find() -> Sequence[str]:
            entries = ((row[0], self._entry_of(row)) for row in rows)
            return [entry_id for entry_id, entry in entries if entry and entry.key == key]

        return await self._thread.run(find)

    def _list_of(self, rows: Sequence[_Row]) -> DoNotSendList:
        entries = [self._entry_of(row) for row in rows]
        readable = [entry for entry in entries if entry is not None]
        return DoNotSendList(readable, unreadable=len(entries) - len(readable))

    def _entry_of(self, row: _Row) -> DoNotSend | None:
        """None without the key, or if it is damaged."""
        entry_id, at, sealed = row
        if not isinstance(sealed, bytes):
            return None
        content = self._cipher.open_with_key_at_hand(do_not_send_name(str(entry_id)), sealed)
        if content is None:
            return None
        try:
            value = json.loads(content)
            texts = [value[name] for name in ("target", "reason", "by")]
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        target, reason, by = map(str, texts)
        return DoNotSend(target, reason, by, from_micros(at if is_time(at) else 0))
