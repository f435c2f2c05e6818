"""Revokes several links, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seam_portal_desktop.domain.errors import RateLimitedError, UserFacingError
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portal.revocation import RevocationService, RevocationTarget
from seam_portal_desktop.services.runs import STOPS_A_RUN, PortalFailure, RateLimitPause


@dataclass(frozen=True, slots=True)
class RevocationProgress:
    """Link `number` (from 1) of `total` is revoked now, or waits for `waiting` seconds."""

    number: int
    total: int
    customer_key: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class RevocationSummary:
    """``ended`` are the links that had ended already when their turn came."""

    revoked: tuple[PortalRecord, ...]
    ended: tuple[PortalRecord, ...]
    failed: tuple[PortalFailure, ...]
    not_tried: tuple[PortalRecord, ...]


class RevocationRun:
    """Revokes some links. `stop` ends it after the link that is being revoked.

    A link whose session isn't certain is a failure, and the others go on. An error that all others
    would meet too ends the run.
    """

    def __init__(
        self,
        service: RevocationService,
        connection: WorkspaceConnection,
        portals: Sequence[PortalRecord],
        on_progress: Callable[[RevocationProgress], None],
    ) -> None:
        self._service = service
        self._connection = connection
        self._portals = tuple(portals)
        self._on_progress = on_progress
        self._pause = RateLimitPause()
        self._number = 0
        # Without that Seam's list would be read once for each link.
        self._must_learn_sessions = sum(each.client_session_id is None for each in portals) > 1

    def stop(self) -> None:
        self._pause.stop()

    async def run(self) -> RevocationSummary:
        """Raises nothing but CancelledError: errors are in the summary."""
        revoked: list[PortalRecord] = []
        ended: list[PortalRecord] = []
        failed: list[PortalFailure] = []
        for portal in self._portals:
            if self._pause.is_stopped:
                break
            self._number += 1
            self._pause.begin_portal()
            self._report_progress(portal)
            try:
                was_revoked, record = await self._revoke(portal)
            except UserFacingError as error:
                failed.append(PortalFailure(portal, error))
                if isinstance(error, STOPS_A_RUN):
                    break
            else:
                (revoked if was_revoked else ended).append(record)
        return RevocationSummary(
            tuple(revoked), tuple(ended), tuple(failed), self._portals[self._number :]
        )

    async def _revoke(self, portal: PortalRecord) -> tuple[bool, PortalRecord]:
        """Whether it was revoked now, and the record as it is then."""
        while True:
            try:
                if self._must_learn_sessions:
                    await self._service.reconcile(self._connection)
                    self._must_learn_sessions = False
                found = await self._service.find(self._connection, portal.portal_id)
                if not isinstance(found, RevocationTarget):
                    return False, found
                return True, await self._service.revoke(self._connection, found)
            except RateLimitedError as error:
                if not await self._pause.wait(
                    error, lambda seconds: self._report_progress(portal, waiting=seconds)
                ):
                    raise

    def _report_progress(self, portal: PortalRecord, *, waiting: int = 0) -> None:
        self._on_progress(
            RevocationProgress(self._number, len(self._portals), portal.customer_key, waiting)
        )
