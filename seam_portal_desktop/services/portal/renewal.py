"""Renews links: creates new links with the requests of old ones. Finds earlier renewals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from seam_portal_desktop.domain.errors import LedgerError, RateLimitedError, UserFacingError
from seam_portal_desktop.domain.portal.record import PortalKind, PortalRecord
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.portal.answer_check import OtherPortalAnsweredError
from seam_portal_desktop.services.portal.creation import CreationService, LinkNotSavedError
from seam_portal_desktop.services.portal.records import PortalService
from seam_portal_desktop.services.portal.reservation_links import DeepLinksRefusedError
from seam_portal_desktop.services.runs import STOPS_A_RUN, PortalFailure, RateLimitPause

_STOPS_THE_RUN = (*STOPS_A_RUN, LinkNotSavedError, OtherPortalAnsweredError)


_JUST_NOW = timedelta(hours=1)
"""After a renewal the new link is selected. Within this time it isn't renewed without a question:
the user may have meant the old one, and pressed twice."""


@dataclass(frozen=True, slots=True)
class EarlierRenewal:
    """A portal was renewed already, and the link of ``newer`` is active.

    ``is_newest``: the portal is ``newer`` itself, which a renewal has just made.
    """

    newer: PortalRecord
    is_newest: bool

    @property
    def at(self) -> datetime:
        return self.newer.created_at or self.newer.requested_at


async def earlier_renewal(
    portals: PortalService, portal_id: str, now: datetime
) -> EarlierRenewal | None:
    """Why the portal needn't be renewed now, as the ledger is now. None: there is no reason."""
    newest: PortalRecord | None = None
    seen: set[str] = set()
    next_id: str | None = portal_id
    portal: PortalRecord | None = None
    while next_id is not None and next_id not in seen:
        seen.add(next_id)
        try:
            record = await portals.portal(next_id)
        except LedgerError:
            break  # it was deleted
        if portal is None:
            portal = record
        elif record.is_live(now) and record.has_readable_url:
            newest = record
        next_id = record.renewed_to
    if newest is not None:
        return EarlierRenewal(newest, is_newest=False)
    if portal is None or portal.renewed_from is None or not portal.is_live(now):
        return None
    itself = EarlierRenewal(portal, is_newest=True)
    return itself if now - itself.at < _JUST_NOW else None


@dataclass(frozen=True, slots=True)
class RenewalProgress:
    """Portal `number` (from 1) of `total` is renewed now, or waits for `waiting` seconds."""

    number: int
    total: int
    customer_key: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class RenewalSummary:
    """The new records, the failures, and the portals that were not tried."""

    renewed: tuple[PortalRecord, ...]
    failed: tuple[PortalFailure, ...]
    not_tried: tuple[PortalRecord, ...]


class RenewalRun:
    """Renews some portals one after the other.

    `stop` ends it after the current call, so that no outcome becomes unknown. At a rate limit it
    waits as long as Seam demands and tries again. An error that all others would meet too ends it,
    and if Seam has no links to reservations, no other such link is tried.
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
        self._pause = RateLimitPause()
        self._number = 0

    def stop(self) -> None:
        self._pause.stop()

    async def run(self) -> RenewalSummary:
        """Raises nothing but CancelledError: errors are in the summary."""
        renewed: list[PortalRecord] = []
        failed: list[PortalFailure] = []
        skipped: list[PortalRecord] = []
        refuses_reservations = False
        for old in self._olds:
            if self._pause.is_stopped:
                break
            self._number += 1
            if refuses_reservations and old.kind is PortalKind.RESERVATION_DEEP_LINK:
                skipped.append(old)
                continue
            self._pause.begin_portal()
            self._report_progress(old)
            try:
                new = await self._creation.renew(
                    self._connection,
                    old.portal_id,
                    on_busy=partial(self._wait, old),
                )
            except UserFacingError as error:
                failed.append(PortalFailure(old, error))
                if isinstance(error, _STOPS_THE_RUN):
                    break
                refuses_reservations |= isinstance(error, DeepLinksRefusedError)
            else:
                renewed.append(new)
        not_tried = (*skipped, *self._olds[self._number :])
        return RenewalSummary(tuple(renewed), tuple(failed), not_tried)

    async def _wait(self, old: PortalRecord, error: RateLimitedError) -> bool:
        return await self._pause.wait(
            error, lambda seconds: self._report_progress(old, waiting=seconds)
        )

    def _report_progress(self, old: PortalRecord, *, waiting: int = 0) -> None:
        self._on_progress(RenewalProgress(self._number, len(self._olds), old.customer_key, waiting))
