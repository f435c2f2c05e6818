"""Removes data from Seam by its keys, in as many calls as are needed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.domain.portal.event import EventKind
from seam_portal_desktop.domain.ports import GatewayOf, Ledger
from seam_portal_desktop.domain.removal.keys import RemovalKey, batches, deleted_keys
from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.runs import STOPS_A_RUN
from seam_portal_desktop.texts import _

CANCELLED = _("Cancelled before Seam answered.")


@dataclass(frozen=True, slots=True)
class RemovalSummary:
    """``removed``: Seam answered that it is done. ``unconfirmed``: no usable answer came, and they
    may be removed. ``refused``: they are not removed. ``errors`` are those of the calls that
    failed, each once; there is none for a call that the user cancelled."""

    removed: tuple[RemovalKey, ...]
    unconfirmed: tuple[RemovalKey, ...]
    refused: tuple[RemovalKey, ...]
    not_tried: tuple[RemovalKey, ...]
    errors: tuple[UserFacingError, ...]

    @property
    def rest(self) -> tuple[RemovalKey, ...]:
        """What can be tried again."""
        return (*self.unconfirmed, *self.refused, *self.not_tried)


class RemovalActivity:
    """Writes a removal into the activity of a customer's portals: before Seam is asked, and
    after."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        find_portals: Callable[[], Awaitable[Sequence[str]]],
    ) -> None:
        """`find_portals` gives the ids of the portals. It may raise LedgerError."""
        self._ledger = ledger
        self._clock = clock
        self._find_portals = find_portals
        self._portal_ids: Sequence[str] = ()

    async def begin(self, removals: Sequence[RemovalKey]) -> None:
        """Raises LedgerError."""
        self._portal_ids = await self._find_portals()
        await self._record(EventKind.DATA_REMOVAL_ASKED, _numbers(removals))

    async def end(self, summary: RemovalSummary) -> None:
        """Raises LedgerError."""
        if summary.removed:
            await self._record(EventKind.DATA_REMOVED, _numbers(summary.removed))
        if summary.rest:
            title = summary.errors[0].title if summary.errors else CANCELLED
            await self._record(EventKind.DATA_REMOVAL_FAILED, {"title": title})

    async def _record(self, kind: EventKind, detail: Mapping[str, str]) -> None:
        for portal_id in self._portal_ids:
            await self._ledger.record_event(portal_id, kind, self._clock(), detail)


class RemovalRun:
    """Removes `removals`. `stop` also ends the call that waits for its answer.

    A call that Seam refuses doesn't stop the others, unless they would meet the same error.
    """

    def __init__(
        self,
        gateway_of: GatewayOf,
        connection: WorkspaceConnection,
        removals: Sequence[RemovalKey],
        activity: RemovalActivity,
    ) -> None:
        self._gateway_of = gateway_of
        self._connection = connection
        self._batches = batches(removals)
        self._activity = activity
        self._call: asyncio.Task[None] | None = None
        self._is_stopped = False

    def stop(self) -> None:
        self._is_stopped = True
        if self._call is not None:
            self._call.cancel()

    async def run(self) -> RemovalSummary:
        """Raises nothing but CancelledError: errors are in the summary. Without the entry in the
        activity Seam isn't asked."""
        every = tuple(removal for batch in self._batches for removal in batch)
        try:
            await self._activity.begin(every)
        except LedgerError as error:
            return RemovalSummary((), (), (), every, (error,))
        summary = await self._remove_all()
        try:
            await self._activity.end(summary)
        except LedgerError as error:
            return replace(summary, errors=(*summary.errors, error))
        return summary

    async def _remove_all(self) -> RemovalSummary:
        removed: list[RemovalKey] = []
        unconfirmed: list[RemovalKey] = []
        refused: list[RemovalKey] = []
        errors: list[UserFacingError] = []
        tried = 0
        while tried < len(self._batches) and not self._is_stopped:
            batch = self._batches[tried]
            tried += 1
            self._call = asyncio.create_task(self._remove(deleted_keys(batch)))
            try:
                await self._call
            except asyncio.CancelledError:
                if not self._is_stopped:
                    raise
                unconfirmed += batch
            except UserFacingError as error:
                errors.append(error)
                (unconfirmed if error.outcome_unknown else refused).extend(batch)
                if isinstance(error, STOPS_A_RUN):
                    break
            else:
                removed += batch
        return RemovalSummary(
            tuple(removed),
            tuple(unconfirmed),
            tuple(refused),
            tuple(removal for batch in self._batches[tried:] for removal in batch),
            tuple({str(error): error for error in errors}.values()),
        )

    async def _remove(self, keys: DeletedKeys) -> None:
        gateway = await self._gateway_of(self._connection)
        await gateway.delete_data(keys)


def _numbers(removals: Sequence[RemovalKey]) -> Mapping[str, str]:
    """How many of each group. Keys may be personal, and the detail of an event is readable."""
    counts = Counter(removal.group for removal in removals)
    return {group.value: str(count) for group, count in counts.items()}
