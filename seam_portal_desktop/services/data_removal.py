"""Removes data from Seam by its keys, in as many calls as are needed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.ports import GatewayOf
from seam_portal_desktop.domain.removal.keys import RemovalKey, batches, deleted_keys
from seam_portal_desktop.domain.removal.request import DeletedKeys
from seam_portal_desktop.domain.workspace import WorkspaceConnection
from seam_portal_desktop.services.runs import STOPS_A_RUN


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


class RemovalRun:
    """Removes `removals`. `stop` also ends the call that waits for its answer.

    A call that Seam refuses doesn't stop the others, unless they would meet the same error.
    """

    def __init__(
        self,
        gateway_of: GatewayOf,
        connection: WorkspaceConnection,
        removals: Sequence[RemovalKey],
    ) -> None:
        self._gateway_of = gateway_of
        self._connection = connection
        self._batches = batches(removals)
        self._call: asyncio.Task[None] | None = None
        self._is_stopped = False

    def stop(self) -> None:
        self._is_stopped = True
        if self._call is not None:
            self._call.cancel()

    async def run(self) -> RemovalSummary:
        """Raises nothing but CancelledError: errors are in the summary."""
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
