"""Revokes the read-only copies that an earlier run, or a failed revocation, left behind.

A copy whose answer never arrived isn't revoked: which session is its link is never certain. Its
link ends by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, SecretStoreError, UserFacingError
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord, PortalStatus
from seam_portal_desktop.domain.ports import GatewayOf, Ledger
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portal.outcomes import OutcomeService
from seam_portal_desktop.services.portal.records import find_all
from seam_portal_desktop.services.portal.revocation import (
    NotConfirmedError,
    RevocationService,
    SessionNotIdentifiedError,
    StillAliveError,
)
from seam_portal_desktop.services.portal.seams_time import learn_time, maybe_live

_AT_A_TIME = 3
"""The number of workspaces that are swept at the same time."""

_IN_FLIGHT = timedelta(minutes=5)
"""A copy that was requested within this time may still get its answer, perhaps in another
program."""

_DOUBTFUL_FOR = timedelta(days=30)
"""How long ago a link can have expired by a clock that may be wrong, to be mentioned."""

_ERRORS_OF_ONE_LINK = (SessionNotIdentifiedError, StillAliveError, NotConfirmedError)
"""After these errors the next link may still be revoked. Other errors would repeat."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many copies were revoked, and how many a later try may revoke."""

    revoked: int = 0
    to_retry: int = 0


class LeftSafePreviews:
    """`is_open` tells whether a safe preview is in use now. Those are left alone."""

    def __init__(
        self,
        ledger: Ledger,
        gateway_of: GatewayOf,
        outcomes: OutcomeService,
        revocation: RevocationService,
        clock: Clock,
        *,
        is_open: Callable[[str], bool],
    ) -> None:
        self._ledger = ledger
        self._gateway_of = gateway_of
        self._outcomes = outcomes
        self._revocation = revocation
        self._clock = clock
        self._is_open = is_open
        self._locks: dict[str, asyncio.Lock] = {}

    async def sweep_all(self, connections: Sequence[WorkspaceConnection]) -> Swept:
        """`sweep` for each of these workspaces. Raises nothing but CancelledError.

        Only the credentials of workspaces with something to revoke are read, one after the other.
        If the keyring doesn't give one, the next ones aren't asked for: each may be a prompt.
        """
        ready: list[WorkspaceConnection] = []
        refused: list[tuple[WorkspaceConnection, UserFacingError]] = []
        keyring_error: SecretStoreError | None = None
        for connection in connections:
            try:
                if not await self._left(connection):
                    continue
                if keyring_error is not None:
                    raise keyring_error
                await self._gateway_of(connection)
                ready.append(connection)
            except UserFacingError as error:
                refused.append((connection, error))
                if isinstance(error, SecretStoreError):
                    keyring_error = error
        to_retry = 0
        for connection, refusal in refused:
            to_retry += await self._record_all_left(connection, refusal)
        limit = asyncio.Semaphore(_AT_A_TIME)

        async def sweep(connection: WorkspaceConnection) -> Swept:
            async with limit:
                return await self.sweep(connection)

        swept = await asyncio.gather(*map(sweep, ready))
        to_retry += sum(each.to_retry for each in swept)
        return Swept(sum(each.revoked for each in swept), to_retry)

    async def sweep(self, connection: WorkspaceConnection) -> Swept:
        """Revoke the workspace's safe previews that are no longer shown.

        The timeline of each portal says what could not be revoked and why. Raises nothing but
        CancelledError: the user did not start it.
        """
        workspace_id = connection.workspace.workspace_id
        async with self._locks.setdefault(workspace_id, asyncio.Lock()):
            try:
                return await self._sweep(connection)
            except UserFacingError as error:
                return Swept(to_retry=await self._record_all_left(connection, error))

    async def _sweep(self, connection: WorkspaceConnection) -> Swept:
        if not await self._left(connection):
            return Swept()
        await learn_time(self._clock, await self._gateway_of(connection))
        revoked = to_retry = 0
        for copy in await self._left(connection):
            if self._is_open(copy.portal_id):
                continue
            if copy.outcome is not Outcome.CREATED:
                to_retry += await self._may_settle_later(connection, copy)
                continue
            try:
                await self._revocation.find_and_revoke(connection, copy.portal_id)
            except _ERRORS_OF_ONE_LINK as error:
                await record_left(self._ledger, copy.portal_id, error, self._clock())
                to_retry += not isinstance(error, SessionNotIdentifiedError)
                continue
            revoked += 1
            await _record_event(self._ledger, copy, EventKind.SAFE_PREVIEW_ENDED, self._clock(), {})
        return Swept(revoked, to_retry)

    async def _may_settle_later(self, connection: WorkspaceConnection, copy: PortalRecord) -> bool:
        """Check a copy whose answer never arrived. Returns whether a later try can do more.

        Raises as OutcomeService.check.
        """
        check = await self._outcomes.check(connection, copy.portal_id)
        portal = check.portal
        if portal.outcome is Outcome.UNKNOWN and portal.failure and not check.is_too_early:
            left = UserFacingError(portal.failure.title, portal.failure.message)
            await record_left(self._ledger, copy.portal_id, left, self._clock())
        return check.is_too_early or portal.outcome is Outcome.CREATED

    async def _left(self, connection: WorkspaceConnection) -> list[PortalRecord]:
        """The safe previews that may have a live link and aren't in use. Raises LedgerError."""
        waiting = PortalStatus.REQUESTED, PortalStatus.UNKNOWN
        query = PortalQuery(
            connection.workspace.workspace_id,
            statuses=maybe_live(self._clock, *waiting),
            safe_previews=True,
        )
        now = self._clock()
        return [
            record
            for record in await find_all(self._ledger, query, now)
            if not self._is_open(record.portal_id)
            and (record.outcome is not Outcome.REQUESTED or now >= record.requested_at + _IN_FLIGHT)
        ]

    async def _record_all_left(
        self, connection: WorkspaceConnection, error: UserFacingError
    ) -> int:
        """Add to each portal's timeline that its copy is left.

        Returns how many a later try may revoke, at least 1 if the ledger can't say how many are
        left. After SecretStoreError it is none: a later try would be another prompt.
        """
        _log.info("Left-over safe previews stay: %s", type(error).__name__)
        now = self._clock()
        count = 1
        with contextlib.suppress(LedgerError):
            left = [
                record
                for record in await self._left(connection)
                if record.expires_at is None or now < record.expires_at + _DOUBTFUL_FOR
            ]
            count = len(left)
            for record in left:
                await record_left(self._ledger, record.portal_id, error, now)
        return 0 if isinstance(error, SecretStoreError) else count


async def record_left(
    ledger: Ledger, safe_preview_id: str, error: UserFacingError, at: datetime
) -> None:
    """Add to the portal's timeline that the link of its safe preview is left, and why.

    Nothing is added if that was the last thing that happened to it.
    """
    _log.info("A safe preview's link is left: %s", type(error).__name__)
    with contextlib.suppress(LedgerError):
        copy = await ledger.get(safe_preview_id)
        if copy.preview_of is None:
            return
        kinds = EventKind.SAFE_PREVIEW_LEFT, EventKind.SAFE_PREVIEW_ENDED
        about = [each for each in await ledger.events_of(copy.preview_of) if each.kind in kinds]
        detail = {"reason": error.title}
        last = about[-1] if about else None
        if last is None or (last.kind, last.detail) != (EventKind.SAFE_PREVIEW_LEFT, detail):
            await _record_event(ledger, copy, EventKind.SAFE_PREVIEW_LEFT, at, detail)


async def _record_event(
    ledger: Ledger, copy: PortalRecord, kind: EventKind, at: datetime, detail: dict[str, str]
) -> None:
    """Add an event to the timeline of the safe preview's portal."""
    if copy.preview_of is not None:
        with contextlib.suppress(LedgerError):  # the portal may be deleted
            await ledger.record_event(copy.preview_of, kind, at, detail)
