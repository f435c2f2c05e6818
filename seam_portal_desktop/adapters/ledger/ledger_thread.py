"""Runs the ledger's database work in one thread and publishes its changes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection

from seam_portal_desktop.adapters.daemon_thread import DaemonThread
from seam_portal_desktop.adapters.ledger import failures
from seam_portal_desktop.adapters.ledger.database import Database
from seam_portal_desktop.adapters.ledger.row_access import read_change
from seam_portal_desktop.adapters.ledger.rows import KeysAtHand
from seam_portal_desktop.adapters.ledger.server.connection import (
    HURRIED_SECONDS,
    ServerSilentError,
)
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.portal.changes import ChangeFeed

T = TypeVar("T")

_WATCH_SECONDS = 0.2

_log = logging.getLogger(__name__)


class LedgerThread:
    """Executes calls in their order. All but `open` wait until `open` has succeeded.

    A write continues if its caller is cancelled; a cancelled read stops the query. ``changes``
    publishes each commit before `write` returns. Methods raise LedgerError. If the server is
    silent, the waiting calls fail too.
    """

    def __init__(self, database: Database, keys: KeysAtHand) -> None:
        self.database = database
        self._keys = keys
        self.changes = ChangeFeed()
        self._thread = DaemonThread("ledger")
        self._opened = asyncio.Event()
        self._callers: set[asyncio.Task[Any]] = set()
        self._answered_at = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._has_given_up = False

    async def open(self, work: Callable[[], None]) -> None:
        await self._thread.run(lambda: failures.guarded(work, self.database.disk_error))
        self._opened.set()

    def stop_waiting(self) -> None:
        """Execute the calls that wait for `open`. They raise, because the database isn't open."""
        self._opened.set()

    def hurry(self) -> None:
        """The program ends. A server that doesn't answer delays it by two seconds at most.

        A thread may hang where nothing ends it, for instance while it looks up the server's name.
        """
        if self.database.is_on_server and self._watch is None:
            self.database.hurry()
            self._answered_at = time.monotonic()
            self._give_up_if_silent()

    async def close(self, work: Callable[[], None]) -> None:
        """Do `work`, which tidies up, if the database lets it, and stop in any case."""
        try:
            await self.run(work)
        except LedgerError as error:
            _log.warning("The ledger was closed without tidying up: %s", error.title)
        finally:
            if self._watch is not None:
                self._watch.cancel()
            if self._has_given_up:
                self._thread.post(self.database.close)  # after the call that hangs
            self._thread.stop()

    async def run(self, work: Callable[[], T], *, abandonable: bool = False) -> T:
        await self._opened.wait()
        queued_at = time.monotonic()

        def checked() -> T:
            self.database.check_answers(queued_at)
            return work()

        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        if not self._callers:
            self._answered_at = queued_at
        self._callers.add(task)
        try:
            if not self._has_given_up:
                return await self._thread.run(
                    lambda: failures.guarded(checked, self.database.disk_error),
                    abandonable=abandonable,
                    interrupt=self.database.interrupt,
                )
        except asyncio.CancelledError:
            if not self._has_given_up or task.uncancel():
                raise  # the caller was cancelled
        finally:
            self._callers.discard(task)
            self._answered_at = time.monotonic()
        raise failures.ledger_error(ServerSilentError())

    def _give_up_if_silent(self) -> None:
        silence = time.monotonic() - self._answered_at
        if self._callers and silence > HURRIED_SECONDS + _WATCH_SECONDS:
            self._has_given_up = True
            for caller in self._callers:
                caller.cancel()
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(_WATCH_SECONDS, self._give_up_if_silent)

    async def read(self, read: Callable[[Connection], T], *, seconds: float | None = None) -> T:
        def work() -> T:
            with self.database.read(seconds) as connection:
                return read(connection)

        return await self.run(work, abandonable=True)

    async def write(
        self, write: Callable[[Connection, set[str]], T], *, seconds: float | None = None
    ) -> T:
        """Run `write` in one transaction, then publish the rows whose ids it added to the set."""
        loop = asyncio.get_running_loop()

        def work() -> T:
            changed: set[str] = set()
            with self.database.write(seconds) as connection:
                result = write(connection, changed)
                change = read_change(connection, changed, self._keys)
            if changed:
                with contextlib.suppress(RuntimeError):  # the event loop may have ended
                    loop.call_soon_threadsafe(self.changes.publish, change)
            return result

        return await self.run(work)
