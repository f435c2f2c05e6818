"""A queue of blocking calls in a daemon thread, which never delays the end of the program."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

_log = logging.getLogger(__name__)


class _Job:
    def __init__(self, work: Callable[[], Any], *, abandonable: bool) -> None:
        self.work = work
        self.abandonable = abandonable
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.lock = threading.Lock()
        self.running = False
        self.abandoned = False

    def run(self) -> None:
        with self.lock:
            if self.abandoned:
                return
            self.running = True
        result: Any = None
        error: BaseException | None = None
        try:
            result = self.work()
        except BaseException as caught:  # noqa: BLE001 - raised where the job is awaited
            error = caught
        with self.lock:
            self.running = False
        try:
            self.loop.call_soon_threadsafe(self._settle, result, error)
        except RuntimeError:
            _log.debug("The event loop closed before its call ended.")

    def _settle(self, result: object, error: BaseException | None) -> None:
        if self.future.done():
            if error is not None and not self.abandonable:
                _log.error("A call failed after its caller was cancelled: %s", type(error).__name__)
        elif error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class DaemonThread:
    """A queue of blocking calls with one daemon thread behind it, started at the first call.

    asyncio.to_thread is not used because its threads are joined at exit: one call that waits for
    a keyring's prompt or a dead disk would keep the process alive.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(
        self,
        work: Callable[[], T],
        *,
        abandonable: bool = False,
        interrupt: Callable[[], None] | None = None,
    ) -> T:
        """Run `work` in the thread after everything that was queued before it.

        If the caller is cancelled, the work is still done, unless it is ``abandonable``. Then it is
        dropped from the queue. If it has begun already, ``interrupt`` is called, and no later work
        starts during that call.
        """
        job = self._queue(_Job(work, abandonable=abandonable))
        try:
            result: T = await job.future
        except asyncio.CancelledError:
            if job.abandonable:
                with job.lock:
                    job.abandoned = True
                    if job.running and interrupt is not None:
                        interrupt()
            raise
        return result

    def post(self, work: Callable[[], object]) -> None:
        """Run `work` after everything that was queued before it, without waiting for it."""
        self._queue(_Job(work, abandonable=False))

    def stop(self) -> None:
        """End the thread after the queued calls; the next `run` starts another."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread = None
            self._jobs = SimpleQueue()

    def _queue(self, job: _Job) -> _Job:
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        self._jobs.put(job)
        return job

    def _serve(self) -> None:
        jobs = self._jobs
        while (job := jobs.get()) is not None:
            job.run()
            del job  # its result may be a secret, and the next call may come hours later
