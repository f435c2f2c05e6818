"""Runs the ledger's database work in one thread and publishes its changes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from seam_portal_desktop.adapters.daemon_thread import DaemonThread
from seam_portal_desktop.adapters.ledger import failures
from seam_portal_desktop.adapters.ledger.database import Database
from seam_portal_desktop.adapters.ledger.row_access import read_change
from seam_portal_desktop.adapters.ledger.rows import OpenNote
from seam_portal_desktop.domain.portal.changes import ChangeFeed

T = TypeVar("T")


class LedgerThread:
    """Executes calls in their order. All but `open` wait until `open` has succeeded.

    A write continues if its caller is cancelled; a cancelled read stops the query. ``changes``
    publishes each commit before `write` returns. Methods raise LedgerError.
    """

    def __init__(self, database: Database, open_note: OpenNote) -> None:
        self.database = database
        self._open_note = open_note
        self.changes = ChangeFeed()
        self._thread = DaemonThread("ledger")
        self._opened = asyncio.Event()

    async def open(self, work: Callable[[], None]) -> None:
        await self._thread.run(lambda: failures.guarded(work))
        self._opened.set()

    def stop_waiting(self) -> None:
        """Execute the calls that wait for `open`. They raise, because the database isn't open."""
        self._opened.set()

    async def close(self, work: Callable[[], None]) -> None:
        try:
            await self.run(work)
        finally:
            self._thread.stop()

    async def run(self, work: Callable[[], T], *, abandonable: bool = False) -> T:
        await self._opened.wait()
        return await self._thread.run(
            lambda: failures.guarded(work),
            abandonable=abandonable,
            interrupt=self.database.interrupt,
        )

    async def read(self, read: Callable[[Connection], T]) -> T:
        def work() -> T:
            with self.database.read() as connection:
                return read(connection)

        return await self.run(work, abandonable=True)

    async def write(self, write: Callable[[Connection, set[str]], T]) -> T:
        """Run `write` in one transaction, then publish the rows whose ids it added to the set."""
        loop = asyncio.get_running_loop()

        def work() -> T:
            changed: set[str] = set()
            with self.database.write() as connection:
                result = write(connection, changed)
                change = read_change(connection, changed, self._open_note)
            if changed:
                with contextlib.suppress(RuntimeError):  # the event loop may have ended
                    loop.call_soon_threadsafe(self.changes.publish, change)
            return result

        return await self.run(work)
