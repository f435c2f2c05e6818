"""What the runs that take several portals one after the other have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from seam_portal_desktop.domain.errors import (
    ForbiddenError,
    NetworkError,
    RateLimitedError,
    SecretStoreError,
    UnauthorizedError,
    UserFacingError,
)
from seam_portal_desktop.domain.policy import PolicyRefusedError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.workspaces import CredentialMissingError

_MAX_WAIT_SECONDS = 300
"""A longer wait for Seam's rate limit is an error that the user sees at once."""

_DEFAULT_WAIT_SECONDS = 5
_MAX_WAITS = 5

STOPS_A_RUN = (
    NetworkError,
    UnauthorizedError,
    ForbiddenError,
    RateLimitedError,
    SecretStoreError,
    CredentialMissingError,
    PolicyRefusedError,
)
"""Errors that all other portals of the run would meet too."""


@dataclass(frozen=True, slots=True)
class PortalFailure:
    portal: PortalRecord
    error: UserFacingError


class RateLimitPause:
    """Waits as long as Seam demands, a few times for each portal. `stop` ends the run."""

    def __init__(self) -> None:
        self._stopped = asyncio.Event()
        self._waits = 0

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        self._stopped.set()

    def begin_portal(self) -> None:
        self._waits = 0

    async def wait(self, error: RateLimitedError, on_wait: Callable[[int], None]) -> bool:
        """Whether the call should be made again. `on_wait` gets the seconds, and 0 at the end."""
        seconds = _DEFAULT_WAIT_SECONDS if error.retry_after is None else error.retry_after
        self._waits += 1
        if seconds > _MAX_WAIT_SECONDS or self._waits > _MAX_WAITS:
            return False
        on_wait(max(1, seconds))
        try:
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        except TimeoutError:
            on_wait(0)
            return True
        return False
