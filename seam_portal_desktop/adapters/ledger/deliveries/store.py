"""The deliveries of a ledger, on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Connection, and_, select, type_coerce
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger import failures
from seam_portal_desktop.adapters.ledger.deliveries import writing
from seam_portal_desktop.adapters.ledger.deliveries.rows import FIELDS, delivery_of_row
from seam_portal_desktop.adapters.ledger.deliveries.sealed_content import (
    decode_content,
    decode_message,
)
from seam_portal_desktop.adapters.ledger.ledger_thread import LedgerThread
from seam_portal_desktop.adapters.ledger.row_access import read_visible
from seam_portal_desktop.adapters.ledger.rows import from_micros, is_time, to_micros
from seam_portal_desktop.adapters.ledger.schema import deliveries, portals
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.key_facts import KeyFacts
from seam_portal_desktop.adapters.ledger.seal.names import delivery_message_name, delivery_name
from seam_portal_desktop.adapters.ledger.seal.notes import Notes
from seam_portal_desktop.adapters.ledger.seal.unreadable import MESSAGE, damaged
from seam_portal_desktop.adapters.ledger.server.connection import CONTENT_SECONDS
from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    DeliveryState,
    SendChannel,
)

_c = deliveries.c
_p = portals.c

_SENT_STATES = (
    DeliveryState.SENT,
    DeliveryState.PARTLY_SENT,
    DeliveryState.MAYBE_SENT,
    DeliveryState.RETURNED,
)


class SqlDeliveries:
    """Implements the port DeliveryStore."""

    def __init__(
        self,
        thread: LedgerThread,
        cipher: UrlCipher,
        notes: Notes,
        key_facts: KeyFacts,
        *,
        clock: Clock,
        os_user: str,
    ) -> None:
        self._thread = thread
        self._cipher = cipher
        self._notes = notes
        self._key_facts = key_facts
        self._clock = clock
        self._os_user = os_user

    async def record_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        key = await self._cipher.sealing_key()

        def write(connection: Connection, changed: set[str]) -> None:
            writing.insert_deliveries(connection, key, deliveries)
            changed.update(each.portal_id for each in deliveries)
            self._key_facts.write(connection)

        await self._thread.write(write, seconds=CONTENT_SECONDS)

    async def change_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        key = await self._cipher.sealing_key()
        now = self._clock()

        def write(connection: Connection, changed: set[str]) -> None:
            changed |= writing.change_deliveries(connection, key, deliveries, now)
            self._key_facts.write(connection)

        await self._thread.write(write)

    async def mark_sending(self, delivery_ids: Sequence[str]) -> Collection[str]:
        return await self._change_rows(
            partial(writing.mark_sending, delivery_ids=delivery_ids, now=self._clock())
        )

    async def undo_deliveries(self, delivery_ids: Sequence[str]) -> Collection[str]:
        return await self._change_rows(
            partial(writing.undo, delivery_ids=delivery_ids, now=self._clock(), by=self._os_user)
        )

    async def deliveries_of(self, portal_id: str) -> Sequence[Delivery]:
        def read(connection: Connection) -> Sequence[Delivery]:
            read_visible(connection, portal_id, _p.portal_id)
            return self._read(connection, _c.portal_id == portal_id)

        return await self._notes.read_with(self._thread, read)

    async def deliveries_in(self, states: Collection[DeliveryState]) -> Sequence[Delivery]:
        wanted = _c.state.in_(sorted(state.value for state in states))
        return await self._notes.read_with(
            self._thread, lambda connection: self._read(connection, wanted)
        )

    async def sent_times(self, sender_ids: Collection[str], since: datetime) -> Sequence[datetime]:
        def read(connection: Connection) -> Sequence[datetime]:
            rows = connection.execute(
                select(_c.finished_at, _c.reached).where(
                    _c.sender_id.in_(sorted(sender_ids)),
                    _c.channel == SendChannel.SMTP.value,
                    _c.state.in_(sorted(state.value for state in _SENT_STATES)),
                    _c.finished_at >= to_micros(since),
                )
            )
            return [
                from_micros(micros)
                for micros, reached in rows
                if is_time(micros) and isinstance(reached, int)
                # Of a MAYBE_SENT one nobody knows; the server may have counted it.
                for _recipient in range(max(1, reached))
            ]

        return await self._thread.read(read)

    async def delivery_of_message(self, message_id: str) -> Delivery | None:
        wanted = and_(_c.message_id == message_id, _c.message_id != "")
        found = await self._notes.read_with(
            self._thread, lambda connection: self._read(connection, wanted)
        )
        return found[-1] if found else None

    async def message_of(self, delivery_id: str) -> bytes:
        def read(connection: Connection) -> object:
            found = connection.execute(
                select(type_coerce(_c.message_sealed, NullType()))
                .join(portals, _p.portal_id == _c.portal_id)
                .where(_c.delivery_id == delivery_id, _p.deleted_at.is_(None))
            ).one_or_none()
            if found is None:
                raise failures.no_such_delivery()
            return found[0]

        sealed = await self._thread.read(read, seconds=CONTENT_SECONDS)
        if sealed is None:
            return b""
        packed = await self._cipher.unseal_bytes(
            delivery_message_name(delivery_id),
            sealed if isinstance(sealed, bytes) else b"",
            MESSAGE,
        )
        message = decode_message(packed)
        if message is None:
            raise damaged(MESSAGE)
        return message

    async def _change_rows(
        self, change: Callable[[Connection], Sequence[tuple[str, str]]]
    ) -> Collection[str]:
        def write(connection: Connection, changed: set[str]) -> Collection[str]:
            rows = change(connection)
            changed.update(portal_id for _, portal_id in rows)
            return frozenset(delivery_id for delivery_id, _ in rows)

        return await self._thread.write(write)

    def _read(self, connection: Connection, wanted: ColumnElement[bool]) -> Sequence[Delivery]:
        rows = connection.execute(
            select(*FIELDS)
            .join(portals, _p.portal_id == _c.portal_id)
            .where(wanted, _p.deleted_at.is_(None))
            .order_by(_c.at, _c.delivery_id)
        )
        return tuple(delivery_of_row(row, self._open_content) for row in rows)

    def _open_content(self, delivery_id: str, sealed: bytes) -> DeliveryContent | None:
        text = self._notes.open_text(delivery_name(delivery_id), sealed)
        return None if text is None else decode_content(text)
