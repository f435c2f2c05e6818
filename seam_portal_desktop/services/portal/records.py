"""Reads records and links, and marks records as previewed or sent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import (
    NO_FILTERS,
    PortalQuery,
    RecordFilters,
    RecordPage,
)
from seam_portal_desktop.domain.portal.record import Channel, PortalRecord, PortalStatus, Sent
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.portal.creation import CreationService

PAGE_ROWS = 1000
"""The number of rows that the table reads at a time."""

_CHANNELS = "last_channels"


async def find_all(ledger: Ledger, query: PortalQuery, now: datetime) -> list[PortalRecord]:
    """Every record that matches, page by page. Raises LedgerError."""
    found: dict[str, PortalRecord] = {}
    offset = 0
    while True:
        page = await ledger.find(query, now=now, offset=offset, limit=PAGE_ROWS)
        # A new record moves others to the next page.
        found |= {record.portal_id: record for record in page.rows}
        offset += len(page.rows)
        if not page.rows or offset >= page.total:
            return list(found.values())


class PortalService:
    """Reads and marks the records of the ledger, which has the records of all workspaces.

    How links were sent last is in `data`'s options; `save_preferences` writes them.
    """

    def __init__(
        self,
        ledger: Ledger,
        creation: CreationService,
        clock: Clock,
        os_user: str,
        *,
        data: PreferencesData,
        save_preferences: Callable[[], Awaitable[None]],
        policy: Policy = UNMANAGED,
    ) -> None:
        self._data = data
        self._save_preferences = save_preferences
        self._policy = policy
        self._ledger = ledger
        self._creation = creation
        self._clock = clock
        self._os_user = os_user

    async def find(
        self, query: PortalQuery, *, offset: int = 0, limit: int = PAGE_ROWS
    ) -> RecordPage:
        """A page of records. Raises LedgerError."""
        page = await self._ledger.find(query, now=self._clock(), offset=offset, limit=limit)
        return replace(page, rows=tuple(map(self._creation.with_unsaved, page.rows)))

    async def counts(
        self,
        workspace_id: str,
        text: str = "",
        tags: frozenset[str] = frozenset(),
        filters: RecordFilters = NO_FILTERS,
    ) -> Mapping[PortalStatus, int]:
        """The number of records with each status, among those that match the rest."""
        return await self._ledger.counts(
            workspace_id, text=text, tags=tags, filters=filters, now=self._clock()
        )

    async def portal(self, portal_id: str) -> PortalRecord:
        """The record with this id, in any workspace. Raises LedgerError."""
        return self._creation.with_unsaved(await self._ledger.get(portal_id))

    async def url_of(self, portal_id: str) -> Secret:
        """The link, to be shown, copied or opened.

        Raises LinkUnreadableError if there is no URL or it can't be decrypted,
        SafePreviewNotSendableError for a safe preview, and LinkRefusedError if the link must not
        be used (see Policy.check_link).
        """
        url = self._creation.unsaved_link(portal_id)
        if url is None:
            _, stored = await asyncio.gather(
                self._check_sendable(portal_id), self._ledger.url_of(portal_id)
            )
            url = stored
        return self._policy.check_link(url)

    async def mark_previewed(
        self, portal_id: str, mode: PreviewMode = PreviewMode.LIVE
    ) -> PortalRecord:
        now = self._clock()
        return self._creation.with_unsaved(await self._ledger.mark_previewed(portal_id, now, mode))

    async def mark_sent(self, portal_id: str, channel: Channel | None, note: str) -> PortalRecord:
        await self._check_sendable(portal_id)
        sent = Sent(self._clock(), self._os_user, channel, note.strip())
        record = self._creation.with_unsaved(await self._ledger.mark_sent(portal_id, sent))
        await self._remember_channel(record.workspace_id, channel)
        return record

    def last_channel(self, workspace_id: str) -> Channel | None:
        """How a link of this workspace was sent last, in any run. None: it wasn't said."""
        value = self._data.options.get(_CHANNELS, {}).get(workspace_id)
        return None if value is None else Channel(value)

    async def record_copied(self, portal_id: str) -> None:
        """Add to the portal's timeline that its link was copied."""
        await self._check_sendable(portal_id)
        await self._ledger.record_event(portal_id, EventKind.COPIED, self._clock())

    async def undo_sent(self, portal_id: str) -> PortalRecord:
        return self._creation.with_unsaved(await self._ledger.mark_sent(portal_id, None))

    async def _remember_channel(self, workspace_id: str, channel: Channel | None) -> None:
        if channel is self.last_channel(workspace_id):
            return
        channels = dict(self._data.options.get(_CHANNELS, {}))
        channels.pop(workspace_id, None)
        if channel is not None:
            channels[workspace_id] = channel.value
        self._data.options[_CHANNELS] = channels
        with contextlib.suppress(UserFacingError):  # the link is marked; this run knows the channel
            await self._save_preferences()

    async def _check_sendable(self, portal_id: str) -> None:
        (await self._ledger.get(portal_id)).check_sendable()
