"""Deliveries that wait: for the end of an Undo, or for the next try."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from seam_portal_desktop.domain.clock import steady_seconds
from seam_portal_desktop.domain.message.delivery import Delivery

_log = logging.getLogger(__name__)

_COUNTDOWN_NAP = 0.25
"""Seconds between two looks at the countdowns."""

LONGEST_NAP = 15.0
"""Seconds between two looks at the other times. A timer may stand still while the computer
sleeps."""


class Timetable:
    """Calls `on_due` with the deliveries whose time has come.

    A countdown stands still while the program is stopped or the computer sleeps, because nobody
    can press Undo then. The other times go on. Nothing depends on a clock that can be set.
    """

    def __init__(
        self,
        on_due: Callable[[Sequence[Delivery]], None],
        *,
        steady: Callable[[], float] = steady_seconds,
        longest_nap: float = LONGEST_NAP,
    ) -> None:
        self._on_due = on_due
        self._steady = steady
        self._longest_nap = longest_nap
        self._counting: dict[str, tuple[Delivery, float]] = {}
        self._later: dict[str, tuple[Delivery, float]] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def counting(self) -> int:
        return len(self._counting)

    @property
    def waiting(self) -> int:
        return len(self._later)

    def count_down(self, delivery: Delivery, seconds: float) -> None:
        self._counting[delivery.delivery_id] = (delivery, seconds)
        self._start()

    def wait(self, delivery: Delivery, seconds: float) -> None:
        self._later[delivery.delivery_id] = (delivery, self._steady() + seconds)
        self._start()

    def has(self, delivery_id: str) -> bool:
        return delivery_id in self._counting or delivery_id in self._later

    def left(self, delivery_id: str) -> float:
        """The seconds that its countdown has left; 0 without one."""
        found = self._counting.get(delivery_id)
        return 0.0 if found is None else found[1]

    def remove(self, delivery_id: str) -> Delivery | None:
        """The delivery, which isn't called any more; None if it isn't here."""
        found = self._counting.pop(delivery_id, None) or self._later.pop(delivery_id, None)
        return None if found is None else found[0]

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _start(self) -> None:
        self._wake.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._on_end)

    def _on_end(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("The outbox's timetable failed: %s", type(error).__name__)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._counting or self._later:
            self._wake.clear()
            before, counted = loop.time(), list(self._counting)
            try:
                async with asyncio.timeout(self._nap()):
                    await self._wake.wait()
            except TimeoutError:
                pass
            passed = min(loop.time() - before, 2 * _COUNTDOWN_NAP)
            due = self._take_counted(counted, passed) + self._take_later()
            if due:
                self._on_due(due)

    def _nap(self) -> float:
        now = self._steady()
        naps = [self._longest_nap, *(at - now for _, at in self._later.values())]
        for _, left in self._counting.values():
            naps += [left, _COUNTDOWN_NAP]
        return max(0.0, min(naps))

    def _take_counted(self, delivery_ids: Sequence[str], passed: float) -> list[Delivery]:
        due = []
        for delivery_id in delivery_ids:
            delivery, left = self._counting.pop(delivery_id, (None, 0.0))
            if delivery is None:
                continue  # undone
            if left > passed:
                self._counting[delivery_id] = (delivery, left - passed)
            else:
                due.append(delivery)
        return due

    def _take_later(self) -> list[Delivery]:
        now = self._steady()
        ready = [name for name, (_, at) in self._later.items() if at <= now]
        return [self._later.pop(name)[0] for name in ready]
