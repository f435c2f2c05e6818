"""Looking at a portal without touching it, and keeping what was seen.

The link that a customer has is live: a click in it turns a real lock. So what is shown is a twin,
a read-only link of the same request, which is ended with the preview. Every twin is a row of the
ledger before Seam is asked for it, so that none is lost: one that could not be ended, or that a
crash left behind, is ended by the next `sweep` or ends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import (
    LedgerError,
    RequestUnreadableError,
    SeamError,
    UserFacingError,
)
from seam_portal_desktop.domain.policy import UNMANAGED, Policy
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import LIVE_STATUSES, PortalKind, PortalRecord
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.domain.preview.report import StoredReport
from seam_portal_desktop.domain.request import Locale, PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.creation import CreationService
from seam_portal_desktop.services.portals import PortalService, find_all
from seam_portal_desktop.services.revocation import (
    NotConfirmedError,
    RevocationService,
    RevocationTarget,
    SessionNotIdentifiedError,
    StillAliveError,
)
from seam_portal_desktop.services.safe_preview_rules import (
    SafePreviewNotSavedError,
    SafePreviewUnavailableError,
    is_read_only,
    refuse_safe_preview,
    safe_preview_request,
)

CLOSE_WITHIN = timedelta(seconds=3)
"""How long the end of the program may wait for twins to be ended."""

_OF_THIS_LINK_ONLY = (SessionNotIdentifiedError, StillAliveError, NotConfirmedError)
"""What says nothing about the next twin; any other error would meet that as well."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SafeLink:
    """A link that can be looked at without changing anything.

    ``portal`` is the twin's row; or the portal's own, where its own link is read-only anyway.
    ``expires_at`` is aware, in UTC. ``request`` is what made the link.
    """

    portal: PortalRecord
    url: Secret
    expires_at: datetime
    request: PortalRequest

    @property
    def is_safe_preview(self) -> bool:
        return self.portal.kind is PortalKind.SAFE_PREVIEW


class SafePreviewService:
    """`aclose` ends what is still open; call it before the ledger is closed."""

    def __init__(
        self,
        ledger: Ledger,
        creation: CreationService,
        portals: PortalService,
        revocation: RevocationService,
        clock: Clock,
        *,
        policy: Policy = UNMANAGED,
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._creation = creation
        self._portals = portals
        self._revocation = revocation
        self._clock = clock
        self._held: dict[str, WorkspaceConnection] = {}
        self._ending: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def open_safe_previews(self) -> frozenset[str]:
        """The portal_ids of the twins that are being made, shown or ended."""
        return frozenset(self._held)

    async def open_safe(
        self, connection: WorkspaceConnection, portal_id: str, *, locale: Locale | None = None
    ) -> SafeLink:
        """A link to look at the portal with, in `locale` if one is asked for.

        Raises SafePreviewUnavailableError where there can be none, TwinNotSendableError for a
        twin, and SeamError, SecretStoreError, TwinNotSavedError or LedgerError where none could be
        made now. When the caller is cancelled, a twin that Seam is being asked for is ended as
        soon as it is there.
        """
        original = await self._portals.portal(portal_id)
        refuse_safe_preview(original)
        if original.kind is PortalKind.RESERVATION_DEEP_LINK:
            raise _unavailable("A link to a single reservation can’t be made read-only.")
        if original.workspace_id != connection.workspace.workspace_id:
            raise _unavailable("It belongs to another workspace.")
        try:
            request = await self._portals.request_of(portal_id)
        except RequestUnreadableError:
            raise _unavailable("What this portal was asked for can’t be read any more.") from None
        if not request.customer_key:
            raise _unavailable("What this portal was asked for isn’t kept here.")
        if is_read_only(request, locale) and original.expires_at is not None:
            url = await self._portals.url_of(portal_id)
            return SafeLink(original, url, original.expires_at, request)
        making = self._start(
            self._make(connection, original, safe_preview_request(request, locale))
        )
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            self._start(self._end_when_made(making))
            raise

    async def close_safe(self, safe_preview_id: str) -> None:
        """End a twin that `open_safe` gave. Raises nothing but CancelledError.

        What can't be ended now stays in the ledger for `sweep`, and the portal's story says so.
        Ids of anything else are passed over.
        """
        async with self._ending.setdefault(safe_preview_id, asyncio.Lock()):
            connection = self._held.get(safe_preview_id)
            if connection is None:
                return
            try:
                await self._revoke(connection, safe_preview_id)
            except UserFacingError as error:
                await self._note_left(safe_preview_id, error)
            except Exception:  # noqa: BLE001 - a bug here must not keep a window from closing
                _log.exception("A safe preview's link could not be ended")
            self._held.pop(safe_preview_id, None)
            self._ending.pop(safe_preview_id, None)

    async def sweep(self, connection: WorkspaceConnection) -> int:
        """End the workspace's twins that nobody looks at any more; how many were ended.

        They were left behind by a crash or because they could not be ended before. Raises nothing
        but CancelledError: nobody asked for it, and the next sweep tries again.
        """
        ended = 0
        try:
            for safe_preview in await self._left_safe_previews(connection.workspace.workspace_id):
                if safe_preview.portal_id in self._held:
                    continue
                try:
                    await self._revoke(connection, safe_preview.portal_id)
                except _OF_THIS_LINK_ONLY:
                    continue
                ended += 1
                await self._note_on_original(safe_preview, EventKind.SAFE_PREVIEW_ENDED)
        except UserFacingError as error:
            _log.info("Left-over safe previews stay: %s", type(error).__name__)
        return ended

    async def aclose(self, within: timedelta = CLOSE_WITHIN) -> None:
        """End every twin that is still open, for as long as `within`; the rest is swept later."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within.total_seconds()):
                await asyncio.gather(*self._tasks, return_exceptions=True)
                await asyncio.gather(*map(self.close_safe, list(self._held)))
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    # What previews leave behind --------------------------------------------------------------

    async def record_report(self, portal_id: str, stored: StoredReport) -> PortalRecord:
        """Keep what the newest preview found. Raises LedgerError."""
        return await self._ledger.record_report(portal_id, stored)

    async def report_of(self, portal_id: str) -> StoredReport | None:
        """What the newest preview found, if there was one. Raises LedgerError."""
        return await self._ledger.report_of(portal_id)

    # ------------------------------------------------------------------------------------------

    async def _make(
        self, connection: WorkspaceConnection, original: PortalRecord, request: PortalRequest
    ) -> SafeLink:
        safe_preview_id = str(uuid.uuid4())
        # Before there is a row, or a sweep would take it for one that was left behind.
        self._held[safe_preview_id] = connection
        try:
            safe_preview = await self._creation.create_safe_preview(
                connection, original, request, safe_preview_id
            )
        except BaseException as error:
            del self._held[safe_preview_id]
            if isinstance(error, SafePreviewNotSavedError):
                with contextlib.suppress(UserFacingError):
                    await self._revocation.end_unrecorded(connection, error.url)
            elif isinstance(error, SeamError) and error.outcome_unknown:
                await self._note_left(safe_preview_id, error)
            raise
        assert safe_preview.expires_at is not None  # noqa: S101 - it was created
        try:
            url = await self._ledger.url_of(safe_preview_id)
            self._policy.check_link(url)
        except LedgerError:
            await self.close_safe(safe_preview_id)
            raise
        return SafeLink(safe_preview, url, safe_preview.expires_at, request)

    async def _end_when_made(self, making: asyncio.Task[SafeLink]) -> None:
        await asyncio.wait([making])
        if not making.cancelled() and making.exception() is None:
            await self.close_safe(making.result().portal.portal_id)

    async def _revoke(self, connection: WorkspaceConnection, safe_preview_id: str) -> None:
        """Raises what RevocationService raises."""
        found = await self._revocation.find(connection, safe_preview_id)
        if isinstance(found, RevocationTarget):
            await self._revocation.revoke(connection, found)

    async def _left_safe_previews(self, workspace_id: str) -> list[PortalRecord]:
        query = PortalQuery(workspace_id, statuses=LIVE_STATUSES, safe_previews=True)
        return await find_all(self._ledger, query, self._clock())

    async def _note_left(self, safe_preview_id: str, error: UserFacingError) -> None:
        _log.info("A safe preview's link is left to expire: %s", type(error).__name__)
        with contextlib.suppress(LedgerError):
            safe_preview = await self._ledger.get(safe_preview_id)
            await self._note_on_original(
                safe_preview, EventKind.SAFE_PREVIEW_LEFT, {"reason": error.title}
            )

    async def _note_on_original(
        self, safe_preview: PortalRecord, kind: EventKind, detail: dict[str, str] | None = None
    ) -> None:
        if safe_preview.preview_of is not None:
            with contextlib.suppress(LedgerError):  # the portal may have been deleted since
                await self._ledger.record_event(
                    safe_preview.preview_of, kind, self._clock(), detail
                )

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits for it has it; else nobody needs it


def _unavailable(reason: str) -> SafePreviewUnavailableError:
    return SafePreviewUnavailableError(
        "No safe preview for this link",
        f"{reason} Only the live link can be looked at, and a click there acts on the customer’s "
        "real devices.",
    )
