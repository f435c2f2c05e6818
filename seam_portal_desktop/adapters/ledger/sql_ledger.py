"""The ledger's writing half. The reading half is `reading.py`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, insert

from seam_portal_desktop.adapters.ledger import (
    changes,
    customers,
    events,
    failures,
    previews,
    queries,
)
from seam_portal_desktop.adapters.ledger.changes import Change
from seam_portal_desktop.adapters.ledger.damage import marks
from seam_portal_desktop.adapters.ledger.database import Database
from seam_portal_desktop.adapters.ledger.deliveries.do_not_send import SqlDoNotSend
from seam_portal_desktop.adapters.ledger.deliveries.store import SqlDeliveries
from seam_portal_desktop.adapters.ledger.reading import LedgerReader
from seam_portal_desktop.adapters.ledger.row_access import (
    apply,
    delete_hidden,
    read_row,
    repair,
    update_row,
)
from seam_portal_desktop.adapters.ledger.rows import portal_from_row, portal_values, to_micros
from seam_portal_desktop.adapters.ledger.schema import portals
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.data_key import DataKey
from seam_portal_desktop.adapters.ledger.seal.details import seal_details
from seam_portal_desktop.adapters.ledger.seal.key_facts import KeyFacts
from seam_portal_desktop.adapters.ledger.seal.names import attachment_name, thumbnail_name
from seam_portal_desktop.adapters.ledger.seal.notes import has_plain_notes, seal_plain_notes
from seam_portal_desktop.adapters.ledger.server.connection import CONTENT_SECONDS
from seam_portal_desktop.adapters.ledger.server.kept_links import KeptLinks, SealedLink
from seam_portal_desktop.domain.clock import Clock, has_seam_time
from seam_portal_desktop.domain.errors import (
    LedgerError,
    LinkKeptError,
)
from seam_portal_desktop.domain.message.ports import DeliveryStore, DoNotSendStore
from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.record import (
    FailureRecord,
    Outcome,
    PortalRecord,
    Sent,
)
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.preview.report import Attachment, StoredReport
from seam_portal_desktop.domain.request import (
    PortalRequest,
    encode_request,
)

_log = logging.getLogger(__name__)

T = TypeVar("T")

_c = portals.c


class SqlLedger(LedgerReader):
    """Implements the port Ledger. `url` is the path of a SQLite file or an SQLAlchemy URL.

    `os_user` is written into the events. `kept_links` is the folder for links that a server hasn't
    saved yet; a file needs none. See `LedgerThread` for the order of calls.
    """

    def __init__(
        self,
        url: str | Path,
        cipher: UrlCipher,
        clock: Clock,
        *,
        os_user: str = "",
        busy_timeout: float = 5.0,
        kept_links: Path | None = None,
    ) -> None:
        database = Database(url, busy_timeout=busy_timeout, os_user=os_user)
        super().__init__(database, cipher)
        self._kept_links = KeptLinks(kept_links) if kept_links and database.is_on_server else None
        self._sealed: dict[str, SealedLink] = {}
        self._clock = clock
        self._os_user = os_user
        self._unfinished: set[asyncio.Task[Any]] = set()
        self._key_request: asyncio.Task[DataKey] | None = None
        self._key_facts = KeyFacts(cipher)
        self.deliveries: DeliveryStore = SqlDeliveries(
            self._thread, cipher, self._notes, self._key_facts, clock=clock, os_user=os_user
        )
        self.do_not_send: DoNotSendStore = SqlDoNotSend(self._thread, cipher, self._key_facts)
        self._has_plain_notes = False
        self.notice: str | None = None

    async def open(self) -> None:
        await self._thread.open(self._open)
        self._key_facts.apply()
        if self._kept_links is not None:
            # All at once: if the server is silent, the calls that wait fail with the first one.
            await asyncio.gather(*map(self._save_kept, await self._kept_links.read()))
        self._start(self._tidy)

    def hurry(self) -> None:
        self._thread.hurry()

    async def close(self) -> None:
        self._thread.stop_waiting()
        self.hurry()
        await self._stop_background()
        await asyncio.gather(*self._unfinished, return_exceptions=True)
        if self._key_request is not None:
            self._key_request.cancel()  # no link needs the key now, and a prompt may be open
        await self._thread.close(self._close)

    async def record_intent(self, portal: PortalRecord, request: PortalRequest) -> None:
        """See the port. Also requests the key for the link from the keyring."""
        values = portal_values(portal) | {"request": encode_request(request)}
        event = changes.requested(portal, self._os_user, at_seams_time=has_seam_time(self._clock))

        def write(connection: Connection, changed: set[str]) -> None:
            connection.execute(insert(portals).values(values))
            events.add(connection, portal.portal_id, event)
            changed.add(portal.portal_id)

        await self._thread.write(write)
        if self._key_request is None:
            self._key_request = asyncio.create_task(self._cipher.sealing_key())

    async def record_created(self, portal_id: str, created: CreatedPortal) -> PortalRecord:
        """See the port. Also restores a deleted record, because its link is live."""
        recording = asyncio.create_task(self._record_created(portal_id, created))
        self._unfinished.add(recording)
        recording.add_done_callback(self._on_recorded)
        return await asyncio.shield(recording)

    async def record_failed(
        self, portal_id: str, failure: FailureRecord, *, at: datetime | None = None
    ) -> PortalRecord:
        return await self._record_failure(portal_id, Outcome.FAILED, failure, at)

    async def record_unknown(
        self, portal_id: str, failure: FailureRecord, *, at: datetime | None = None
    ) -> PortalRecord:
        return await self._record_failure(portal_id, Outcome.UNKNOWN, failure, at)

    async def mark_previewed(
        self, portal_id: str, at: datetime, mode: PreviewMode = PreviewMode.LIVE
    ) -> PortalRecord:
        def decide(connection: Connection, before: PortalRecord) -> Change:
            last = events.last_of(connection, portal_id, EventKind.PREVIEWED)
            return changes.previewed(before, last, at, mode, self._os_user)

        return await self._change(portal_id, decide)

    async def mark_sent(self, portal_id: str, sent: Sent | None) -> PortalRecord:
        if sent is None:
            now = self._clock()
            return await self._change(
                portal_id, lambda _, row: changes.sent_undone(row, now, self._os_user)
            )
        notes = await self._notes.seal(portal_id, sent.note)
        return await self._change(portal_id, lambda _, row: changes.sent(row, sent, notes))

    async def mark_revoked(
        self, portal_id: str, at: datetime, *, elsewhere: bool = False
    ) -> PortalRecord:
        return await self._change(
            portal_id,
            lambda _, row: changes.revoked(row, at, self._os_user, elsewhere=elsewhere),
        )

    async def record_sessions(self, sessions: Mapping[str, str]) -> None:
        def write(connection: Connection, changed: set[str]) -> None:
            for portal_id, session_id in sessions.items():
                if update_row(connection, portal_id, client_session_id=session_id):
                    changed.add(portal_id)

        await self._thread.write(write)

    async def record_event(
        self, portal_id: str, kind: EventKind, at: datetime, detail: Mapping[str, str] | None = None
    ) -> None:
        event = PortalEvent(at, kind, self._os_user, detail or {})
        await self._change(portal_id, lambda *_: Change(event=event))

    async def record_report(self, portal_id: str, stored: StoredReport) -> PortalRecord:
        thumbnail = None
        if stored.thumbnail:
            key = await self._cipher.sealing_key()
            name = thumbnail_name(portal_id)
            thumbnail = key.seal_bytes(name, stored.thumbnail)

        def decide(connection: Connection, _before: PortalRecord) -> Change:
            previews.write_report(connection, portal_id, stored.report, thumbnail)
            last = events.last_of(connection, portal_id, EventKind.CHECKED)
            return changes.checked(last, stored.report, self._os_user)

        return await self._change(portal_id, decide)

    async def attach(self, attachment: Attachment, content: bytes) -> None:
        key = await self._cipher.sealing_key()
        name = attachment_name(attachment.attachment_id)
        # In the ledger's thread, because it may have many megabytes.
        sealed = await self._thread.run(lambda: key.seal_bytes(name, content))

        def write(connection: Connection, changed: set[str]) -> None:
            read_row(connection, attachment.portal_id, _c.portal_id)
            previews.add_attachment(connection, attachment, sealed)
            self._key_facts.write(connection)
            changed.add(attachment.portal_id)

        await self._thread.write(write, seconds=CONTENT_SECONDS)

    async def detach(self, attachment_id: str) -> None:
        def write(connection: Connection, changed: set[str]) -> None:
            portal_id = previews.remove_attachment(connection, attachment_id)
            if portal_id is not None:
                changed.add(portal_id)

        await self._thread.write(write)

    async def set_customer_details(
        self, workspace_id: str, customer_key: str, details: CustomerDetails
    ) -> None:
        sealed: bytes | None = None
        if details != NO_DETAILS:
            key = await self._cipher.sealing_key()
            sealed = seal_details(key, workspace_id, customer_key, details)

        def write(connection: Connection, changed: set[str]) -> None:
            changed.update(customers.write_details(connection, workspace_id, customer_key, sealed))
            self._key_facts.write(connection)

        await self._thread.write(write)

    async def delete(self, portal_ids: Sequence[str]) -> None:
        await self._set_deleted_at(portal_ids, to_micros(self._clock()))

    async def restore(self, portal_ids: Sequence[str]) -> None:
        await self._set_deleted_at(portal_ids, None)

    def _open(self) -> None:
        database = self._thread.database
        # A second try, after an error below, finds nothing to say.
        self.notice = database.open(self._clock()) or self.notice
        try:
            with database.write() as connection:
                repair(connection, self._clock())
                marks.mark_damaged(connection, marks.rows_without_ids(connection))
                self._key_facts.read(connection)
                self._has_plain_notes = has_plain_notes(connection)
            database.erase_old_content()
        except Exception:
            database.close()
            raise

    def _close(self) -> None:
        database = self._thread.database
        if not database.is_open:
            return
        try:
            with database.write() as connection:
                self._key_facts.write(connection)
                delete_hidden(connection, self._clock())
        finally:
            database.close()

    async def _record_created(self, portal_id: str, created: CreatedPortal) -> PortalRecord:
        link = self._sealed.get(portal_id)
        is_kept = False
        if link is None:
            key = await self._cipher.sealing_key()
            sealed = key.seal(portal_id, created.customer_portal.url)
            link = self._sealed[portal_id] = SealedLink.of(portal_id, created, sealed)
        # A link that only this run can read is no use to the next one.
        if self._kept_links is not None and self._cipher.kept_key_id is not None:
            is_kept = await self._kept_links.keep(link)
        if is_kept and (task := asyncio.current_task()) is not None:
            self._unfinished.discard(task)  # it is safe: `close` needn't wait for the server
        try:
            return await self._write_link(link, created)
        except LedgerError as error:
            if not is_kept:
                raise
            failure = LinkKeptError(error.title, error.message, technical=error.technical)
        raise failure

    async def _save_kept(self, link: SealedLink) -> None:
        try:
            await self._write_link(link, link.answer())
        except LedgerError as error:
            _log.warning("A kept link is still not saved: %s", error.title)

    async def _write_link(self, link: SealedLink, created: CreatedPortal) -> PortalRecord:
        """Write Seam's answer, unless an earlier try arrived although no answer came back."""
        portal_id = link.portal_id

        def decide(connection: Connection, row: PortalRecord) -> Change:
            (before,) = read_row(connection, portal_id, _c.url_sealed)
            if before is not None and bytes(before) == link.sealed:
                return Change()
            return changes.created(row, created, link.sealed, self._os_user)

        record = await self._change(portal_id, decide)
        self._sealed.pop(portal_id, None)
        if self._kept_links is not None:
            await self._kept_links.forget(portal_id)
        return record

    async def _record_failure(
        self, portal_id: str, outcome: Outcome, failure: FailureRecord, at: datetime | None
    ) -> PortalRecord:
        moment = at or self._clock()
        at_seams_time = at is None and has_seam_time(self._clock)
        return await self._change(
            portal_id,
            lambda _, row: changes.failed(
                row, outcome, failure, moment, self._os_user, at_seams_time=at_seams_time
            ),
        )

    async def _change(
        self, portal_id: str, decide: Callable[[Connection, PortalRecord], Change]
    ) -> PortalRecord:
        """Update one row, hidden or not, and add its event. `decide` returns the change."""

        def write(connection: Connection, changed: set[str]) -> PortalRecord:
            before = self._read_record(connection, portal_id)
            change = decide(connection, before)
            apply(connection, portal_id, change)
            changed.add(portal_id)
            if change.is_creation and before.renewed_from:
                earlier = changes.renewed(before, self._clock(), self._os_user)
                if apply(connection, before.renewed_from, earlier):
                    changed.add(before.renewed_from)
            self._key_facts.write(connection)
            return self._read_record(connection, portal_id)

        return await self._thread.write(write)

    def _read_record(self, connection: Connection, portal_id: str) -> PortalRecord:
        """The record, hidden or not."""
        row = read_row(connection, portal_id, *queries.PORTAL_FIELDS)
        return portal_from_row(row, self._keys)

    async def _tidy(self) -> None:
        await self._mark_damaged()  # first, because a row may get another id, which seals its note
        if not self._has_plain_notes:
            return
        key = await self._cipher.sealing_key()
        if key.kept:  # else they would be lost with this run; the next start tries again
            await seal_plain_notes(self._thread, key, self._key_facts.write)

    async def _set_deleted_at(self, portal_ids: Sequence[str], at: int | None) -> None:
        def write(connection: Connection, changed: set[str]) -> None:
            for portal_id in portal_ids:
                if not update_row(connection, portal_id, deleted_at=at):
                    raise failures.no_such_portal()
            changed.update(portal_ids)

        await self._thread.write(write)

    def _on_recorded(self, task: asyncio.Task[PortalRecord]) -> None:
        self._unfinished.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("A link could not be recorded: %s", type(error).__name__)
