"""The ledger's reading half on SQLAlchemy Core."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, or_, select, type_coerce
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger import customers, events, failures, previews, queries
from seam_portal_desktop.adapters.ledger.damage import marks
from seam_portal_desktop.adapters.ledger.database import Database
from seam_portal_desktop.adapters.ledger.deliveries.sealed_content import AddressReader
from seam_portal_desktop.adapters.ledger.ledger_thread import LedgerThread
from seam_portal_desktop.adapters.ledger.row_access import read_change, read_visible
from seam_portal_desktop.adapters.ledger.rows import KeysAtHand, portal_from_row
from seam_portal_desktop.adapters.ledger.schema import portals
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.seal.details import DetailsReader, decode_details
from seam_portal_desktop.adapters.ledger.seal.link_states import LinkStates
from seam_portal_desktop.adapters.ledger.seal.names import (
    attachment_name,
    details_name,
    thumbnail_name,
)
from seam_portal_desktop.adapters.ledger.seal.notes import Notes
from seam_portal_desktop.adapters.ledger.seal.unreadable import ATTACHMENT, DETAILS
from seam_portal_desktop.adapters.ledger.server.connection import CONTENT_SECONDS
from seam_portal_desktop.domain.errors import (
    LedgerError,
    LinkUnreadableError,
    RequestUnreadableError,
)
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails
from seam_portal_desktop.domain.portal.customers import KnownCustomer
from seam_portal_desktop.domain.portal.event import PortalEvent
from seam_portal_desktop.domain.portal.query import (
    NO_FILTERS,
    PortalQuery,
    RecordFilters,
    RecordPage,
    UsedNames,
    fold,
)
from seam_portal_desktop.domain.portal.record import PortalRecord, PortalStatus
from seam_portal_desktop.domain.preview.report import Attachment, PreviewReport, StoredReport
from seam_portal_desktop.domain.request import PortalRequest, RequestFormatError, decode_request
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _

_log = logging.getLogger(__name__)

T = TypeVar("T")

_MOST_PUBLISHED = 100
"""After more changes than this the list reads its page again anyway."""

_c = portals.c


class LedgerReader:
    """The calls of the port Ledger that change nothing for its users.

    Damaged rows are marked beside the calls. Notes and customers' names whose key arrives late are
    published, and so are links whose key turns out to be missing.
    """

    def __init__(self, database: Database, cipher: UrlCipher) -> None:
        self._cipher = cipher
        self._notes = Notes(cipher, lambda: self._start(self._publish_notes))
        self._links = LinkStates(cipher, lambda: self._start(self._publish_links))
        self._details = DetailsReader(self._notes)
        self._addresses = AddressReader(self._notes.open_text)
        self._keys = KeysAtHand(
            self._notes.open, self._links.of, self._details.open, self._addresses.open
        )
        self._thread = LedgerThread(database, self._keys)
        self._background: set[asyncio.Task[None]] = set()
        self.changes = self._thread.changes

    async def find(
        self, query: PortalQuery, *, now: datetime, offset: int = 0, limit: int = 1000
    ) -> RecordPage:
        unmarked: set[str] = set()

        def read(connection: Connection) -> RecordPage:
            sealed = self._find_in_sealed(
                connection,
                query.workspace_id,
                query.text,
                query.tags,
                query.filters.recipients,
                safe_previews=query.safe_previews,
            )
            total = connection.scalar(queries.total(query, now, sealed)) or 0
            page = queries.find(query, now, offset=offset, limit=limit, sealed=sealed)
            rows = connection.execute(page).all()
            records = tuple(portal_from_row(row, self._keys) for row in rows)
            unmarked.update(marks.unmarked(rows, records))
            return RecordPage(records, offset, total)

        found = await self._read_with_notes(read)
        self._links.learn()
        if unmarked:  # damaged since `open`
            self._start(self._mark_damaged)
        return found

    async def counts(
        self,
        workspace_id: str,
        *,
        text: str = "",
        tags: frozenset[str] = frozenset(),
        filters: RecordFilters = NO_FILTERS,
        now: datetime,
    ) -> Mapping[PortalStatus, int]:
        def read(connection: Connection) -> dict[PortalStatus, int]:
            sealed = self._find_in_sealed(connection, workspace_id, text, tags, filters.recipients)
            rows = connection.execute(
                queries.counts(workspace_id, text, now, filters=filters, sealed=sealed)
            )
            found: Counter[PortalStatus] = Counter()
            for status, number in rows:
                # A value that isn't one is of a row that was damaged since `open`.
                known = status in set(PortalStatus)
                found[PortalStatus(status) if known else PortalStatus.DAMAGED] += number
            return dict(found)

        return await self._read_with_notes(read)

    async def used_names(self, workspace_id: str) -> UsedNames:
        def read(connection: Connection) -> UsedNames:
            rows = connection.execute(queries.used_names(workspace_id)).all()
            creators, presets = (
                {row[at] for row in rows if type(row[at]) is str and row[at]} for at in (0, 1)
            )
            return UsedNames(_sorted(creators), _sorted(presets))

        return await self._thread.read(read)

    async def get(self, portal_id: str) -> PortalRecord:
        return await self._read_with_notes(
            lambda connection: portal_from_row(
                read_visible(connection, portal_id, *queries.PORTAL_FIELDS), self._keys
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
                _("What was asked of Seam can't be read"),
                _(
                    "The request kept with this portal is damaged. The portal itself is not "
                    "affected."
                ),
            ) from None

    async def url_of(self, portal_id: str) -> Secret:
        (sealed,) = await self._thread.read(
            lambda connection: read_visible(
                connection, portal_id, type_coerce(_c.url_sealed, NullType())
            )
        )
        if sealed is None:
            raise LinkUnreadableError(
                _("There is no link"), _("Seam has not answered with a link for this portal.")
            )
        return await self._cipher.unseal(portal_id, sealed if isinstance(sealed, bytes) else b"")

    async def customers(self, workspace_id: str, *, now: datetime) -> Sequence[KnownCustomer]:
        return await self._read_with_notes(
            lambda connection: customers.read_customers(
                connection, workspace_id, now, self._details.open
            )
        )

    async def customer_details(self, workspace_id: str, customer_key: str) -> CustomerDetails:
        sealed = await self._thread.read(
            lambda connection: customers.read_details(connection, workspace_id, customer_key)
        )
        if sealed is None:
            return NO_DETAILS
        name = details_name(workspace_id, customer_key)
        content = await self._cipher.unseal_bytes(name, sealed, DETAILS)
        return decode_details(content.decode("utf-8", "replace"))

    async def events_of(self, portal_id: str) -> Sequence[PortalEvent]:
        def read(connection: Connection) -> Sequence[PortalEvent]:
            read_visible(connection, portal_id, _c.portal_id)
            found = events.of_portals(connection, [portal_id], self._notes.read_of_event)
            return tuple(found.get(portal_id, ()))

        return await self._read_with_notes(read)

    async def events_by_portal(
        self, portal_ids: Sequence[str]
    ) -> Mapping[str, Sequence[PortalEvent]]:
        return await self._read_with_notes(
            lambda connection: events.of_portals(connection, portal_ids, self._notes.read_of_event)
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
                name = thumbnail_name(portal_id)
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
        name = attachment_name(attachment_id)
        return await self._cipher.unseal_bytes(name, sealed, ATTACHMENT)

    async def _read_with_notes(self, read: Callable[[Connection], T]) -> T:
        return await self._notes.read_with(self._thread, read)

    def _find_in_sealed(
        self,
        connection: Connection,
        workspace_id: str,
        text: str,
        tags: frozenset[str],
        recipients: frozenset[str],
        *,
        safe_previews: bool = False,
    ) -> queries.FoundInSealed:
        """The conditions for records whose note, name or tags have `text`, for `tags`, and for
        `recipients`."""
        if not (text or tags or recipients):
            return queries.NOT_SEARCHED
        dialect = connection.dialect.name
        details = connection.execute(queries.sealed_details(workspace_id)).all()
        by_text, by_tags, by_recipients = [], None, None
        if text:
            notes = queries.notes_without(text, workspace_id, safe_previews=safe_previews)
            ids = self._notes.ids_of(text, connection.execute(notes))
            keys = self._details.keys_with(workspace_id, details, text, frozenset())
            found = ((_c.portal_id, ids), (_c.customer_key, keys))
            by_text = [queries.is_one_of(*each, dialect) for each in found if each[1]]
        if tags:
            keys = self._details.keys_with(workspace_id, details, "", tags)
            by_tags = queries.is_one_of(_c.customer_key, keys, dialect)
        if recipients:
            sealed = queries.sealed_addresses(workspace_id, safe_previews=safe_previews)
            ids = self._addresses.ids_of(recipients, connection.execute(sealed))
            by_recipients = queries.is_one_of(_c.portal_id, ids, dialect)
        return queries.FoundInSealed(or_(*by_text) if by_text else None, by_tags, by_recipients)

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
        """Publish the records with notes, names and addresses: they were read without them."""

        def read(connection: Connection) -> LedgerChange:
            has_text = or_(
                _c.sent_note_sealed.is_not(None),
                _c.delivered_to_sealed.is_not(None),
                queries.DETAILS_SEALED.is_not(None),
            )
            noted = select(_c.portal_id).where(has_text)
            ids = connection.scalars(noted.limit(_MOST_PUBLISHED)).all()
            return read_change(connection, ids, self._keys)

        self.changes.publish(await self._thread.read(read))

    async def _publish_links(self) -> None:
        """Publish the records whose link can't be read: that wasn't known when they were read."""

        def read(connection: Connection) -> LedgerChange:
            rows = connection.execute(queries.url_headers())
            ids = self._links.ids_of_lost(rows)[:_MOST_PUBLISHED]
            return read_change(connection, ids, self._keys)

        change = await self._thread.read(read)
        if change.records:
            self.changes.publish(change)

    async def _stop_background(self) -> None:
        self._notes.stop()
        self._links.stop()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)


def _sorted(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (fold(name), name)))
