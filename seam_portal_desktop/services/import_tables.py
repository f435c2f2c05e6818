"""Reads tables in files while the window stays alive."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from seam_portal_desktop.domain.ports import WriteTable
from seam_portal_desktop.domain.tables.conversion import RefusedCell
from seam_portal_desktop.domain.tables.mapping import SheetMapping
from seam_portal_desktop.domain.tables.plan import problem_table
from seam_portal_desktop.domain.tables.sheet import (
    Progress,
    ReadingCancelledError,
    ReadOptions,
    Sheet,
    TableFile,
    TableFiles,
    no_progress,
)

Result = TypeVar("Result")

_NO_OPTIONS = ReadOptions()


class ImportTablesService:
    def __init__(self, files: TableFiles, write_table: WriteTable) -> None:
        self._files = files
        self._write_table = write_table

    async def read(
        self,
        path: Path,
        options: ReadOptions = _NO_OPTIONS,
        on_progress: Progress = no_progress,
    ) -> TableFile:
        """Read a table in a thread of its own. Raises TableRefusedError.

        See `in_thread` for `on_progress` and for what a cancel does.
        """
        return await in_thread(partial(self._files.read, path, options), on_progress)

    async def save_problems(
        self,
        target: Path,
        sheet: Sheet,
        mapping: SheetMapping,
        refused: Sequence[RefusedCell],
        separator: str,
    ) -> None:
        """Write the rows of the refused cells with the reasons. Raises UserFacingError."""
        titles, rows = problem_table(sheet, mapping, refused)
        await self._write_table(target, titles, rows, separator)


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
    is_cancelled = threading.Event()

    def report(so_far: int, total: int) -> None:
        if is_cancelled.is_set():
            raise ReadingCancelledError
        loop.call_soon_threadsafe(deliver, so_far, total)

    def deliver(so_far: int, total: int) -> None:
        if not is_cancelled.is_set():
            on_progress(so_far, total)

    def settle(set_outcome: Callable[[], None]) -> None:
        if not done.done():
            set_outcome()

    def run() -> None:
        set_outcome: Callable[[], None]
        try:
            set_outcome = partial(done.set_result, work(report))
        except BaseException as error:  # noqa: BLE001 - raised where the result is awaited
            set_outcome = partial(done.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the event loop is closed
            loop.call_soon_threadsafe(settle, set_outcome)

    threading.Thread(target=run, name="tables", daemon=True).start()
    try:
        return await done
    finally:
        is_cancelled.set()
