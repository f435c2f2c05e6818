"""The real ledger for tests: a SQLite file whose key is in memory, and ways to make it fail."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache
from inspect import iscoroutinefunction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import LedgerError
from seam_portal_desktop.domain.ports import Ledger

_CALLS = tuple(name for name, each in vars(Ledger).items() if iscoroutinefunction(each))


@cache
def _empty_file() -> bytes:
    """A ledger without rows. The migrations take more than half of the time of a first `open`."""

    async def make(path: Path) -> None:
        ledger = SqlLedger(path, UrlCipher(SessionSecretStore()), system_clock)
        await ledger.open()
        await ledger.close()

    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        path = ledger_file(Path(folder))
        thread.submit(asyncio.run, make(path)).result()  # this thread's loop may be running
        return path.read_bytes()


def ledger_file(folder: Path) -> Path:
    return folder / "ledger.sqlite3"


def sqlite_ledger(
    folder: Path, clock: Clock = system_clock, *, cipher: UrlCipher | None = None
) -> SqlLedger:
    """A ledger, not yet open, in a new file of `folder`."""
    ledger_file(folder).write_bytes(_empty_file())
    cipher = cipher or UrlCipher(SessionSecretStore())
    return SqlLedger(ledger_file(folder), cipher, clock, os_user="ada")


def update_row(folder: Path, portal_id: str, **columns: Any) -> None:
    """Set columns of a row, as another program could."""
    names = ", ".join(f"{name} = ?" for name in columns)
    with closing(sqlite3.connect(ledger_file(folder))) as connection, connection:
        statement = f"UPDATE portals SET {names} WHERE portal_id = ?"
        assert connection.execute(statement, (*columns.values(), portal_id)).rowcount == 1


@contextmanager
def failing(ledger: SqlLedger, error: LedgerError, *methods: str) -> Iterator[None]:
    """Let these methods raise `error`; without names, all but open and close."""

    async def fail(*_: object, **__: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        for name in methods or set(_CALLS) - {"open", "close"}:
            patch.setattr(ledger, name, fail)
        yield


@contextmanager
def held(ledger: SqlLedger, method: str) -> Iterator[asyncio.Event]:
    """Calls of `method` wait until the block is left. The event is set when the first begins."""
    entered, gate = asyncio.Event(), asyncio.Event()
    call = getattr(ledger, method)

    async def wait(*arguments: object, **options: object) -> object:
        entered.set()
        await gate.wait()
        return await call(*arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, method, wait)
        try:
            yield entered
        finally:
            gate.set()
