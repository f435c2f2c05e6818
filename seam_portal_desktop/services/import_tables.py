"""Reads tables in files while the window stays alive."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from seam_portal_desktop.domain.tables.sheet import (
    Progress,
    ReadingCancelledError,
    ReadOptions,
    TableFile,
    TableFiles,
    no_progress,
)

_NO_OPTIONS = ReadOptions()


class ImportTablesService:
    def __init__(self, files: TableFiles) -> None:
        self._files = files

    async def read(
        self,
        path: Path,
        options: ReadOptions = _NO_OPTIONS,
        on_progress: Progress = no_progress,
    ) -> TableFile:
        """Read a table in a thread of its own. Raises TableRefusedError.

        `on_progress` is called in the event loop's thread. When the caller is cancelled, the thread
        ends as soon as it reports progress. It is a daemon thread: a dead disk doesn't delay the
        end of the program.
        """
        reading = _Reading(on_progress)
        reading.start(lambda: self._files.read(path, options, reading.report))
        try:
            return await reading.result
        finally:
            reading.cancel()


class _Reading:
    """One call in a thread. ``result`` is its result in the event loop."""

    def __init__(self, on_progress: Progress) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_progress = on_progress
        self._is_cancelled = threading.Event()
        self.result: asyncio.Future[TableFile] = self._loop.create_future()

    def start(self, work: Callable[[], TableFile]) -> None:
        thread = threading.Thread(target=self._run, args=(work,), name="tables", daemon=True)
        thread.start()

    def cancel(self) -> None:
        """End the call at its next progress, which isn't passed on."""
        self._is_cancelled.set()

    def report(self, done: int, total: int) -> None:
        """For the thread. Raises ReadingCancelledError."""
        if self._is_cancelled.is_set():
            raise ReadingCancelledError
        self._loop.call_soon_threadsafe(self._deliver, done, total)

    def _run(self, work: Callable[[], TableFile]) -> None:
        try:
            file = work()
        except BaseException as error:  # noqa: BLE001 - raised where the table is awaited
            self._settle_soon(self.result.set_exception, error)
        else:
            self._settle_soon(self.result.set_result, file)

    def _settle_soon(self, settle: Callable[..., None], outcome: object) -> None:
        with contextlib.suppress(RuntimeError):  # the event loop is closed
            self._loop.call_soon_threadsafe(self._settle, settle, outcome)

    def _settle(self, settle: Callable[..., None], outcome: object) -> None:
        if not self.result.done():
            settle(outcome)

    def _deliver(self, done: int, total: int) -> None:
        if not self._is_cancelled.is_set():
            self._on_progress(done, total)
