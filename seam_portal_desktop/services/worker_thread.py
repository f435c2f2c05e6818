"""Computes in a thread while the window stays alive."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from seam_portal_desktop.domain.tables.sheet import Progress, ReadingCancelledError, no_progress

Result = TypeVar("Result")

_LARGE = 100_000
"""Bytes or cells."""

_computing: set[asyncio.Future[Any]] = set()


def is_computing() -> bool:
    """Whether a thread of in_thread() computes now."""
    return bool(_computing)


async def in_thread(
    work: Callable[[Progress], Result], on_progress: Progress = no_progress
) -> Result:
    """The result of `work` in a thread of its own.

    `on_progress` is called in the event loop's thread. When the caller is cancelled, the thread
    ends as soon as it reports progress. It is a daemon thread: a dead disk doesn't delay the end of
    the program.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()
    reporter = _Reporter(loop, on_progress)

    def settle(set_outcome: Callable[[], None]) -> None:
        reporter.spare_collector()
        if not done.done():
            set_outcome()

    def run() -> None:
        set_outcome: Callable[[], None]
        try:
            set_outcome = partial(done.set_result, work(reporter))
        except BaseException as error:  # noqa: BLE001 - raised where the result is awaited
            set_outcome = partial(done.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the event loop is closed
            loop.call_soon_threadsafe(settle, set_outcome)

    _computing.add(done)
    threading.Thread(target=run, name="worker", daemon=True).start()
    try:
        return await done
    finally:
        reporter.cancel()
        _computing.discard(done)


class _Reporter:
    """The `Progress` of a thread, which it takes to the event loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_progress: Progress) -> None:
        self._loop = loop
        self._on_progress = on_progress
        self._is_cancelled = threading.Event()
        self._is_large = False

    def __call__(self, done: int, total: int) -> None:
        if self._is_cancelled.is_set():
            raise ReadingCancelledError
        self._loop.call_soon_threadsafe(self._deliver, done, total)

    def cancel(self) -> None:
        self._is_cancelled.set()

    def spare_collector(self) -> None:
        """Freeze the objects that a large work has made.

        The garbage collector of the window's thread would walk through millions of cells, and stop
        the window each time. Without cycles between them they still go when nothing refers to them.
        """
        if self._is_large:
            gc.freeze()

    def _deliver(self, done: int, total: int) -> None:
        self._is_large = total >= _LARGE
        self.spare_collector()
        if not self._is_cancelled.is_set():
            self._on_progress(done, total)
