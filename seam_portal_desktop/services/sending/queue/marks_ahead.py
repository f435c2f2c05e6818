"""Marks deliveries before their bodies leave, as many at once as leave in a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

_MOMENT = 0.2
"""Seconds. A mark takes milliseconds, which count only where messages leave quickly: what leaves
within this time is marked with one commit. If the program is killed, that many messages more may
have been sent as far as the ledger knows."""

_MOST = 32
_MOST_OF_AN_INTERVAL = 1.0


class MarksAhead:
    """`mark` sets one delivery to SENDING; calls of the same moment share a commit.

    Before a slow server each delivery is marked by itself, when its body is about to leave.
    """

    def __init__(self, mark: Callable[[str], Awaitable[bool]]) -> None:
        self._mark = mark
        self._marks: dict[str, asyncio.Future[bool]] = {}
        self._interval = _MOST_OF_AN_INTERVAL
        self._last_body = -_MOST_OF_AN_INTERVAL

    @property
    def ahead(self) -> int:
        """How many of the next deliveries are to be marked now."""
        return min(_MOST, int(_MOMENT / self._interval))

    def has(self, delivery_id: str) -> bool:
        return delivery_id in self._marks

    def start(self, delivery_id: str) -> asyncio.Future[bool]:
        """Begin to mark it, unless that was begun. The result is whether it may be sent, or a
        LedgerError if that isn't known."""
        mark = self._marks.get(delivery_id)
        if mark is None:
            mark = self._marks[delivery_id] = asyncio.ensure_future(self._mark(delivery_id))
        return mark

    def start_next(self, delivery_ids: Sequence[str]) -> None:
        """Begin to mark these, which are the next ones, once most of them have no mark."""
        if delivery_ids and delivery_ids[len(delivery_ids) // 4] not in self._marks:
            for delivery_id in delivery_ids:
                self.start(delivery_id)

    async def settled(self, delivery_id: str) -> bool | None:
        """Forget its mark, once it is written. True: it is. None: there is none, or nobody knows.

        What is written after a mark that is still under way would be undone by it.
        """
        mark = self._marks.get(delivery_id)
        if mark is None:
            return None
        await asyncio.wait({mark})
        del self._marks[delivery_id]
        return None if mark.cancelled() or mark.exception() is not None else mark.result()

    def on_body(self) -> None:
        """A body leaves now: learn how quickly they follow each other."""
        now = asyncio.get_running_loop().time()
        interval = min(now - self._last_body, _MOST_OF_AN_INTERVAL)
        self._interval = max(0.001, (self._interval + interval) / 2)
        self._last_body = now
