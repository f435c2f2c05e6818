"""New links in the place of old ones, one or many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from seam_portal_desktop.domain.errors import (
    ForbiddenError,
    NetworkError,
    RateLimitedError,
    SecretStoreError,
    UnauthorizedError,
    UserFacingError,
)
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.creation import CreationService, LinkNotSavedError

LONGEST_WAIT = 300
"""Seconds. Who is told to wait for longer than this is told so instead of kept waiting."""

_UNTOLD_WAIT = 5
_MOST_WAITS = 5

_ENDS_THE_RUN = (
    NetworkError,
    UnauthorizedError,
    ForbiddenError,
    RateLimitedError,
    SecretStoreError,
    LinkNotSavedError,
)
"""What would happen to all the others in the same way."""


@dataclass(frozen=True, slots=True)
class RenewalProgress:
    """Portal number `number` (from 1) of `total` is being renewed, or waits for `waiting` s."""

    number: int
    total: int
    customer_key: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class RenewalFailure:
    portal: PortalRecord
    error: UserFacingError


@dataclass(frozen=True, slots=True)
class RenewalSummary:
    """What came of each: the new rows, what failed and why, and what was not tried any more."""

    renewed: tuple[PortalRecord, ...]
    failed: tuple[RenewalFailure, ...]
    left: tuple[PortalRecord, ...]


class RenewalRun:
    """One pass over some portals, one after the other, each with a row of its own.

    `stop` ends it after the call that is under way, so that no outcome becomes unknown. When
    Seam gets too many calls, it waits for as long as Seam says and then goes on.
    """

    def __init__(
        self,
        creation: CreationService,
        connection: WorkspaceConnection,
        olds: Sequence[PortalRecord],
        on_progress: Callable[[RenewalProgress], None],
    ) -> None:
        self._creation = creation
        self._connection = connection
        self._olds = tuple(olds)
        self._on_progress = on_progress
        self._stopped = asyncio.Event()
        self._number = 0
        self._waits = 0

    def stop(self) -> None:
        self._stopped.set()

    async def run(self) -> RenewalSummary:
        """Raises nothing but CancelledError: whatever went wrong is in the summary."""
        renewed: list[PortalRecord] = []
        failed: list[RenewalFailure] = []
        for old in self._olds:
            if self._stopped.is_set():
                break
            self._number += 1
            self._waits = 0
            self._tell(old)
            try:
                new = await self._creation.renew(
                    self._connection,
                    old.portal_id,
                    on_busy=partial(self._wait, old),
                )
            except UserFacingError as error:
                failed.append(RenewalFailure(old, error))
                if isinstance(error, _ENDS_THE_RUN):
                    break
            else:
                renewed.append(new)
        return RenewalSummary(tuple(renewed), tuple(failed), self._olds[self._number :])

    async def _wait(self, old: PortalRecord, error: RateLimitedError) -> bool:
        seconds = _UNTOLD_WAIT if error.retry_after is None else error.retry_after
        self._waits += 1
        if seconds > LONGEST_WAIT or self._waits > _MOST_WAITS:
            return False
        self._tell(old, waiting=max(1, seconds))
        try:
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        except TimeoutError:
            self._tell(old)
            return True
        return False

    def _tell(self, old: PortalRecord, *, waiting: int = 0) -> None:
        self._on_progress(RenewalProgress(self._number, len(self._olds), old.customer_key, waiting))
