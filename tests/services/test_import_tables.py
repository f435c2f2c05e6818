"""A table is read in another thread; its progress and its end arrive in the event loop."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from seam_portal_desktop.domain.tables.sheet import (
    Progress,
    ReadingCancelledError,
    ReadOptions,
    Sheet,
    TableFile,
    TableRefusedError,
)
from seam_portal_desktop.services.import_tables import ImportTablesService
from seam_portal_desktop.services.worker_thread import is_computing

pytestmark = pytest.mark.anyio

PATH = Path("guests.csv")
FILE = TableFile("guests.csv", Sheet((), ()))


class _Files:
    """`cancelled` is set when the reader notices that it is cancelled."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.cancelled = threading.Event()

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> TableFile:
        if path.name == "damaged.csv":
            raise TableRefusedError("Line 2 can't be read.", "A quotation mark isn't closed.")
        if path.name == "endless.csv":
            try:
                while True:
                    progress(1, 2)
                    self.started.set()
            except ReadingCancelledError:
                self.cancelled.set()
                raise
        progress(1, 2)
        progress(2, 2)
        return FILE


async def no_table(*_arguments: object) -> None:
    raise AssertionError("nothing is written")


def service(files: _Files) -> ImportTablesService:
    return ImportTablesService(files, no_table)


async def test_progress_arrives_in_the_event_loop():
    seen: list[tuple[int, int, threading.Thread]] = []
    file = await service(_Files()).read(
        PATH, on_progress=lambda *done: seen.append((*done, threading.current_thread()))
    )
    assert file is FILE
    assert seen == [(1, 2, threading.main_thread()), (2, 2, threading.main_thread())]


async def test_reading_leaves_pythons_lock_as_the_program_wants_it():
    """It set the time after which a thread gives the lock back to that of Python's start."""
    before = sys.getswitchinterval()
    wanted = before / 2
    seen: list[float] = []
    sys.setswitchinterval(wanted)
    try:
        await service(_Files()).read(
            PATH, on_progress=lambda *_done: seen.append(sys.getswitchinterval())
        )
        seen.append(sys.getswitchinterval())
    finally:
        sys.setswitchinterval(before)
    assert seen == pytest.approx([wanted] * 3)


async def test_a_thread_computes_until_its_result_is_there():
    assert not is_computing()
    seen: list[bool] = []
    await service(_Files()).read(PATH, on_progress=lambda *_done: seen.append(is_computing()))
    assert seen == [True, True]
    with pytest.raises(TableRefusedError):
        await service(_Files()).read(Path("damaged.csv"))
    assert not is_computing()


async def test_a_refusal_is_raised():
    with pytest.raises(TableRefusedError, match="Line 2"):
        await service(_Files()).read(Path("damaged.csv"))


async def test_a_cancelled_caller_ends_the_thread():
    files = _Files()
    seen: list[tuple[int, int]] = []
    task = asyncio.ensure_future(
        service(files).read(Path("endless.csv"), on_progress=lambda *done: seen.append(done))
    )
    await asyncio.sleep(0)
    assert await asyncio.to_thread(files.started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_computing()
    reported = len(seen)
    assert await asyncio.to_thread(files.cancelled.wait, 10)
    assert len(seen) == reported
