"""The ledger on SQLAlchemy Core."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, type_coerce
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger import changes, events, failures, previews, queries
from seam_portal_desktop.adapters.ledger.changes import Change
from seam_portal_desktop.adapters.ledger.damage import marks
from seam_portal_desktop.adapters.ledger.database import Database
from seam_portal_desktop.adapters.ledger.ledger_thread import LedgerThread
from seam_portal_desktop.adapters.ledger.notes import PLAIN_NOTES, Notes, seal_plain_notes
from seam_portal_desktop.adapters.ledger.row_access import (
    apply,
    delete_hidden,
    read_change,
    read_row,
    read_visible,
    repair,
    update_row,
)
from seam_portal_desktop.adapters.ledger.rows import portal_from_row, portal_values, to_micros
from seam_portal_desktop.adapters.ledger.schema import meta, portals
from seam_portal_desktop.adapters.ledger.server.connection import CONTENT_SECONDS
from seam_portal_desktop.adapters.ledger.server.kept_links import KeptLinks, SealedLink
from seam_portal_desktop.adapters.ledger.url_cipher import DataKey, UrlCipher
from seam_portal_desktop.domain.clock import Clock, is_seams
from seam_portal_desktop.domain.errors import (
    LedgerError,
    LinkKeptError,
    LinkUnreadableError,
    RequestUnreadableError,
)
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.query import PortalQuery, RecordPage
from seam_portal_desktop.domain.portal.record import (
    FailureRecord,
    Outcome,
    PortalRecord,
    PortalStatus,
    Sent,
)
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.preview.report import Attachment, PreviewReport, StoredReport
from seam_portal_desktop.domain.request import (
    PortalRequest,
    RequestFormatError,
    decode_request,
    encode_request,
)
from seam_portal_desktop.domain.secret import Secret

_log = logging.getLogger(__name__)

T = TypeVar("T")

_KEY_ID = "current_key_id"
_KEY_CHECK = "key_check/"
_MOST_PUBLISHED = 100
"""After more changes than this the list reads its page again anyway."""

_c = portals.c


class SqlLedger:
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
        self._notes = Notes(cipher, lambda: self._start(self._publish_notes))
        self._thread = LedgerThread(database, self._notes.open)
        self._kept_links = KeptLinks(kept_links) if kept_links and database.is_on_server else None
        self._sealed: dict[str, SealedLink] = {}
        self.changes = self._thread.changes
        self._cipher = cipher
        self._clock = clock
        self._os_user = os_user
        self._unfinished: set[asyncio.Task[Any]] = set()
        self._key_request: asyncio.Task[DataKey] | None = None
        self._kept_key_id: str | None = None
        self._check_values: dict[str, str] = {}
        self._key_samples: Sequence[Row[str, bytes]] = ()
        self._has_plain_notes = False
        self._background: set[asyncio.Task[None]] = set()
        self.notice: str | None = None

    async def open(self) -> None:
        await self._thread.open(self._open)
        samples = [
            (portal_id, bytes(sealed))
            for portal_id, sealed in self._key_samples
            if isinstance(portal_id, str) and isinstance(sealed, bytes | memoryview)  # not damaged
        ]
        self._cipher.prefer(self._kept_key_id, self._check_values, samples)
        for link in await self._kept_links.read() if self._kept_links else ():
            try:
                await self._write_link(link, link.answer())
            except LedgerError as error:
                _log.warning("A kept link is still not saved: %s", error.title)
        self._start(self._mark_damaged)
        if self._has_plain_notes:
            self._start(self._seal_plain_notes)

    def hurry(self) -> None:
        self._thread.hurry()

    async def close(self) -> None:
        self._thread.stop_waiting()
        self.hurry()
        self._notes.stop()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await asyncio.gather(*self._unfinished, return_exceptions=True)
        if self._key_request is not None:
            self._key_request.cancel()  # no link needs the key now, and a prompt may be open
        await self._thread.close(self._close)

    # Reading --------------------------------------------------------------------------------

    async def find(
        self, query: PortalQuery, *, now: datetime, offset: int = 0, limit: int = 1000
    ) -> RecordPage:
        unmarked: set[str] = set()

        def read(connection: Connection) -> RecordPage:
            by_note = self._find_by_note(
                connection, query.text, query.workspace_id, safe_previews=query.safe_previews
            )
            total = connection.scalar(queries.total(query, now, by_note)) or 0
            page = queries.find(query, now, offset=offset, limit=limit, by_note=by_note)
            rows = connection.execute(page).all()
            records = tuple(portal_from_row(row, self._notes.open) for row in rows)
            unmarked.update(marks.unmarked(rows, records))
            return RecordPage(records, offset, total)

        found = await self._read_with_notes(read)
        if unmarked:  # damaged since `open`
            self._start(self._mark_damaged)
        return found

    async def counts(
        self, workspace_id: str, *, text: str = "", now: datetime
    ) -> Mapping[PortalStatus, int]:
        def read(connection: Connection) -> dict[PortalStatus, int]:
            by_note = self._find_by_note(connection, text, workspace_id)
            rows = connection.execute(queries.counts(workspace_id, text, now, by_note))
            found: Counter[PortalStatus] = Counter()
            for status, number in rows:
                # A value that isn't one is of a row that was damaged since `open`.
                known = status in set(PortalStatus)
                found[PortalStatus(status) if known else PortalStatus.DAMAGED] += number
            return dict(found)

        return await self._read_with_notes(read)

    async def get(self, portal_id: str) -> PortalRecord:
        return await self._read_with_notes(
            lambda connection: portal_from_row(
                read_visible(connection, portal_id, *queries.PORTAL_FIELDS), self._notes.open
            )
        )

    async def request_of(self, portal_id: str) -> PortalRequest:
        (encoded,) = await self._thread.read(
            lambda connection: read_visible(
                connection, portal_id, type_coerce(_c.request, NullType())
            )
        )
        try:
            return decode_request(encoded if isinstance(encoded, bytes) else b"")
        except RequestFormatError:
            raise RequestUnreadableError(
                "What was asked of Seam can't be read",
                "The request kept with this portal is damaged. The portal itself is not affected.",
            ) from None

    async def url_of(self, portal_id: str) -> Secret:
        (sealed,) = await self._thread.read(
            lambda connection: read_visible(
                connection, portal_id, type_coerce(_c.url_sealed, NullType())
            )
        )
        if sealed is None:
            raise LinkUnreadableError(
                "There is no link", "Seam has not answered with a link for this portal."
            )
        return await self._cipher.unseal(portal_id, sealed if isinstance(sealed, bytes) else b"")

    async def customer_keys(self, workspace_id: str, *, limit: int = 500) -> Sequence[str]:
        query = queries.customer_keys(workspace_id, limit)
        return await self._thread.read(lambda connection: tuple(connection.scalars(query)))

    async def events_of(self, portal_id: str) -> Sequence[PortalEvent]:
        def read(connection: Connection) -> Sequence[PortalEvent]:
            read_visible(connection, portal_id, _c.portal_id)
            found = events.of_portals(connection, [portal_id], self._notes.open_of_event)
            return tuple(found.get(portal_id, ()))

        return await self._read_with_notes(read)

    async def events_by_portal(
        self, portal_ids: Sequence[str]
    ) -> Mapping[str, Sequence[PortalEvent]]:
        return await self._read_with_notes(
            lambda connection: events.of_portals(connection, portal_ids, self._notes.open_of_event)
        )

    async def report_of(self, portal_id: str) -> StoredReport | None:
        def read(connection: Connection) -> tuple[PreviewReport, bytes | None] | None:
            read_visible(connection, portal_id, _c.portal_id)
            return previews.read_report(connection, portal_id)

        found = await self._thread.read(read)
        if found is None:
            return None
        report, sealed = found
        thumbnail = b""
        if sealed is not None:
            with contextlib.suppress(LinkUnreadableError):
                name = previews.thumbnail_name(portal_id)
                thumbnail = await self._cipher.unseal_bytes(name, sealed)
        return StoredReport(report, thumbnail)

    async def attachments_of(self, portal_id: str) -> Sequence[Attachment]:
        def read(connection: Connection) -> Sequence[Attachment]:
            read_visible(connection, portal_id, _c.portal_id)
            return previews.list_attachments(connection, portal_id)

        return await self._thread.read(read)

    async def attachment_content(self, attachment_id: str) -> bytes:
        sealed = await self._thread.read(
            lambda connection: previews.read_attachment(connection, attachment_id),
            seconds=CONTENT_SECONDS,
        )
        if sealed is None:
            raise failures.no_such_attachment()
        try:
            return await self._cipher.unseal_bytes(previews.attachment_name(attachment_id), sealed)
        except LinkUnreadableError as error:
            raise failures.attachment_unreadable(error) from None

    # Writing --------------------------------------------------------------------------------

    async def record_intent(self, portal: PortalRecord, request: PortalRequest) -> None:
        """See the port. Also requests the key for the link from the keyring."""
        values = portal_values(portal) | {"request": encode_request(request)}
        event = changes.requested(portal, self._os_user, at_seams_time=is_seams(self._clock))

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
            name = previews.thumbnail_name(portal_id)
            thumbnail = key.seal_bytes(name, stored.thumbnail)

        def decide(connection: Connection, _before: PortalRecord) -> Change:
            previews.write_report(connection, portal_id, stored.report, thumbnail)
            last = events.last_of(connection, portal_id, EventKind.CHECKED)
            return changes.checked(last, stored.report, self._os_user)

        return await self._change(portal_id, decide)

    async def attach(self, attachment: Attachment, content: bytes) -> None:
        key = await self._cipher.sealing_key()
        name = previews.attachment_name(attachment.attachment_id)
        # In the ledger's thread, because it may have many megabytes.
        sealed = await self._thread.run(lambda: key.seal_bytes(name, content))

        def write(connection: Connection, changed: set[str]) -> None:
            read_row(connection, attachment.portal_id, _c.portal_id)
            previews.add_attachment(connection, attachment, sealed)
            self._write_key_id(connection)
            changed.add(attachment.portal_id)

        await self._thread.write(write, seconds=CONTENT_SECONDS)

    async def detach(self, attachment_id: str) -> None:
        def write(connection: Connection, changed: set[str]) -> None:
            portal_id = previews.remove_attachment(connection, attachment_id)
            if portal_id is not None:
                changed.add(portal_id)

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
                facts = connection.execute(select(meta.c.name, meta.c.value)).all()
                self._key_samples = connection.execute(queries.sealed_samples()).all()
            database.erase_old_content()
            by_name = {name: value for name, value in facts if isinstance(value, str)}
            self._kept_key_id = by_name.get(_KEY_ID)
            self._check_values = {
                name.removeprefix(_KEY_CHECK): value
                for name, value in by_name.items()
                if name.startswith(_KEY_CHECK)
            }
            self._has_plain_notes = PLAIN_NOTES in by_name
        except Exception:
            database.close()
            raise

    def _close(self) -> None:
        database = self._thread.database
        if not database.is_open:
            return
        try:
            with database.write() as connection:
                self._write_key_id(connection)
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
        at_seams_time = at is None and is_seams(self._clock)
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
            self._write_key_id(connection)
            return self._read_record(connection, portal_id)

        return await self._thread.write(write)

    def _read_record(self, connection: Connection, portal_id: str) -> PortalRecord:
        """The record, hidden or not."""
        row = read_row(connection, portal_id, *queries.PORTAL_FIELDS)
        return portal_from_row(row, self._notes.open)

    async def _read_with_notes(self, read: Callable[[Connection], T]) -> T:
        """Run `read`, and once more if notes lacked a key that the keyring gives soon."""
        result = await self._thread.read(read)
        if await self._notes.get_missing_keys():
            result = await self._thread.read(read)
        return result

    def _find_by_note(
        self, connection: Connection, text: str, workspace_id: str, *, safe_previews: bool = False
    ) -> ColumnElement[bool] | None:
        """The condition for records whose note has `text`, but not their customer key."""
        if not text:
            return None
        notes = queries.notes_without(text, workspace_id, safe_previews=safe_previews)
        found = self._notes.ids_of(text, connection.execute(notes))
        return queries.is_one_of(found, connection.dialect.name) if found else None

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do `work` beside the calls, until `close`."""

        async def guarded() -> None:
            try:
                await work()
            except LedgerError as error:
                _log.warning("The ledger could not be tidied: %s", error.technical)

        task = asyncio.create_task(guarded())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _mark_damaged(self) -> None:
        await marks.mark_all(self._thread)

    async def _publish_notes(self) -> None:
        """Publish the records with notes: they were read without them."""

        def read(connection: Connection) -> LedgerChange:
            noted = select(_c.portal_id).where(_c.sent_note_sealed.is_not(None))
            ids = connection.scalars(noted.limit(_MOST_PUBLISHED)).all()
            return read_change(connection, ids, self._notes.open)

        self.changes.publish(await self._thread.read(read))

    async def _seal_plain_notes(self) -> None:
        key = await self._cipher.sealing_key()
        if key.kept:  # else they would be lost with this run; the next start tries again
            await seal_plain_notes(self._thread, key, self._write_key_id)

    async def _set_deleted_at(self, portal_ids: Sequence[str], at: int | None) -> None:
        def write(connection: Connection, changed: set[str]) -> None:
            for portal_id in portal_ids:
                if not update_row(connection, portal_id, deleted_at=at):
                    raise failures.no_such_portal()
            changed.update(portal_ids)

        await self._thread.write(write)

    def _write_key_id(self, connection: Connection) -> None:
        """Write the id and check value of the key that new links use, if the keyring has it."""
        key_id, check_value = self._cipher.kept_key_id, self._cipher.check_value
        if key_id is None:
            return
        if check_value is not None and key_id not in self._check_values:
            connection.execute(insert(meta).values(name=_KEY_CHECK + key_id, value=check_value))
            self._check_values[key_id] = check_value
        if key_id == self._kept_key_id:
            return
        connection.execute(delete(meta).where(meta.c.name == _KEY_ID))
        connection.execute(insert(meta).values(name=_KEY_ID, value=key_id))
        self._kept_key_id = key_id

    def _on_recorded(self, task: asyncio.Task[PortalRecord]) -> None:
        self._unfinished.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("A link could not be recorded: %s", type(error).__name__)
