"""Writes marks and results of deliveries to the ledger, many with one commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.message.delivery import Delivery
from seam_portal_desktop.domain.message.ports import DeliveryStore
from seam_portal_desktop.services.sending.queue.group_commit import GroupCommit

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries to write to a ledger that refuses it."""

_GATHERING = 0.1
"""Seconds between two commits of results while messages leave quickly."""

_CLOSING_SECONDS = 5.0


class DeliveryLog:
    """What the server answered is kept in memory until the ledger has it."""

    def __init__(self, store: DeliveryStore) -> None:
        self._store = store
        self._marks = GroupCommit(store.mark_sending)
        self._unsaved: dict[str, tuple[Delivery, asyncio.Future[None]]] = {}
        self._writer: asyncio.Task[None] | None = None
        self._is_closing = False
        self._is_last = asyncio.Event()

    @property
    def unsaved(self) -> int:
        """How many results the ledger doesn't have yet."""
        return len(self._unsaved)

    async def mark(self, delivery_id: str) -> bool:
        """The server may have it from now on. False: it must not be sent. Raises LedgerError."""
        return delivery_id in await self._marks.put(delivery_id)

    def write(self, delivery: Delivery) -> asyncio.Future[None]:
        """Write it soon, and again and again until that succeeds. The future is done then.

        It replaces what is still to be written of the same delivery.
        """
        before = self._unsaved.get(delivery.delivery_id)
        if before is not None:
            before[1].cancel()
        saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._unsaved[delivery.delivery_id] = (delivery, saved)
        self._is_last.clear()
        if self._writer is None and not self._is_closing:
            self._writer = asyncio.create_task(self._run())
            self._writer.add_done_callback(self._on_end)
        return saved

    def hurry(self) -> None:
        """No more results come soon: write those that are there."""
        self._is_last.set()

    async def aclose(self) -> None:
        """Write what is left, unless the ledger refuses it."""
        self._is_closing = True
        if self._writer is not None:
            await asyncio.wait({self._writer}, timeout=_CLOSING_SECONDS)
        if self._writer is not None:
            self._writer.cancel()
        with contextlib.suppress(LedgerError):
            await self._write_all()
        if self._unsaved:
            _log.warning("%d results of messages could not be saved", len(self._unsaved))

    async def _run(self) -> None:
        pause = _FIRST_PAUSE
        while self._unsaved:
            try:
                is_busy = await self._write_all() > 1
                pause = _FIRST_PAUSE
                if is_busy and self._unsaved and not self._is_closing:
                    await self._gather()
            except LedgerError as error:
                _log.warning("A result of a message is not saved yet: %s", error.title)
                if self._is_closing:
                    return
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _gather(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GATHERING):
                await self._is_last.wait()

    async def _write_all(self) -> int:
        """Returns how many there were."""
        group = dict(self._unsaved)
        if not group:
            return 0
        await self._store.change_deliveries([delivery for delivery, _ in group.values()])
        for delivery_id, (delivery, saved) in group.items():
            if self._unsaved.get(delivery_id, (None,))[0] is delivery:
                del self._unsaved[delivery_id]
            if not saved.done():
                saved.set_result(None)
        return len(group)

    def _on_end(self, writer: asyncio.Task[None]) -> None:
        self._writer = None
        if not writer.cancelled() and (error := writer.exception()) is not None:
            _log.error("Results of messages can't be written: %s", type(error).__name__)
