"""Opens, checks and migrates the ledger's database. Blocking, for one thread only."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url

from seam_portal_desktop.adapters.files.disk import write_error
from seam_portal_desktop.adapters.ledger import failures, schema
from seam_portal_desktop.adapters.ledger.server.connection import (
    UPGRADE_SECONDS,
    ServerConnection,
)

_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_PROBE_BYTES = 128 * 1024
"""More than SQLite writes at once while it opens a file."""


class Database:
    """One connection to SQLite (a path or a URL) or to a PostgreSQL server (a URL).

    ``busy_timeout`` is how many seconds to wait for another process's lock of a file. A server has
    the limits of `ServerConnection`, which shows it `os_user`. Every method raises
    what SQLAlchemy, the driver or the file system raise (`failures.ledger_error` translates it).
    """

    def __init__(self, url: str | Path, *, busy_timeout: float, os_user: str = "") -> None:
        self._path = url if isinstance(url, Path) else None
        self._url = URL.create("sqlite", database=str(url)) if isinstance(url, Path) else url
        self._busy_timeout = busy_timeout
        self._engine: Engine | None = None
        self._lock = threading.Lock()
        self._reading: Any = None
        is_file = self._path is not None or make_url(self._url).get_backend_name() == "sqlite"
        self._server = None if is_file else ServerConnection(os_user)

    @property
    def is_on_server(self) -> bool:
        return self._server is not None

    @property
    def is_open(self) -> bool:
        return self._engine is not None

    def open(self, now: datetime) -> str | None:
        """Open the database, migrated. Returns a notice if a damaged file was set aside.

        Raises LedgerError for a database of a newer version, which stays as it is.
        """
        self.close()
        self._prepare_file()
        try:
            self._connect()
        except Exception as error:
            self.close()
            if self._path is None or not failures.is_damage(error):
                raise
        else:
            return None
        notice = self._set_aside(now)
        self._prepare_file()
        self._connect()
        return notice

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None
        if self._server is not None:
            self._server.close()

    @contextlib.contextmanager
    def read(self, seconds: float | None = None) -> Iterator[Connection]:
        """A transaction that reads one state of the database. `interrupt` can end it.

        A server has `seconds` for all of it, else the usual time.
        """
        with self._time_limit(seconds), self._required_engine().connect() as connection:
            raw = connection.connection.dbapi_connection
            with self._lock:
                self._reading = raw
            try:
                yield connection
            finally:
                with self._lock:
                    self._reading = None
                if self._server is not None:
                    self._server.finish_cancelling()

    @contextlib.contextmanager
    def write(self, seconds: float | None = None) -> Iterator[Connection]:
        """A transaction: durable when the block has ended, undone when it raises."""
        with self._time_limit(seconds), self._required_engine().connect() as connection:
            writing = connection.execution_options(takes_write_lock=True)
            with writing.begin():
                yield writing

    def disk_error(self) -> OSError | None:
        """Why the disk takes no more content now, or None if it does or isn't ours."""
        if self._path is None or not self._path.parent.is_dir():
            return None
        return write_error(self._path.parent, _PROBE_BYTES)

    def interrupt(self) -> None:
        """End the running `read`, from another thread, at once. A write is never interrupted."""
        with self._lock:
            if self._reading is None:
                return
            if self._server is None:
                self._reading.interrupt()
            else:
                self._server.cancel(self._reading)

    def check_answers(self, since: float) -> None:
        """Raise ServerSilentError if a server didn't answer another call after `since`."""
        if self._server is not None:
            self._server.check_answers(since)

    def hurry(self) -> None:
        """The program ends: let a server that hangs delay it little. From another thread."""
        if self._server is not None:
            self._server.hurry()

    def _time_limit(self, seconds: float | None = None) -> contextlib.AbstractContextManager[None]:
        if self._server is None:
            return contextlib.nullcontext()
        return self._server.time_limit(seconds)

    def _required_engine(self) -> Engine:
        if self._engine is None:
            raise failures.not_open()
        return self._engine

    def _prepare_file(self) -> None:
        """Create the file: SQLite would create it, its -wal and its -shm readable by everybody."""
        if self._path is None:
            return
        folder = self._path.parent
        if not folder.is_dir():
            folder.mkdir(mode=_FOLDER_MODE, parents=True)
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, _FILE_MODE))
        if os.name == "posix" and self._path.stat().st_mode & 0o077:
            self._path.chmod(_FILE_MODE)

    def _connect(self) -> None:
        engine = create_engine(
            self._url,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=self._server is not None,
            connect_args=self._server.arguments(make_url(self._url)) if self._server else {},
        )
        self._engine = engine
        if self._server is not None:
            self._server.attach(engine)
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            self._set_up_sqlite(engine)
        with self._time_limit(), engine.connect() as connection:
            if is_sqlite:
                _check_file(connection)
            needs_upgrade = schema.needs_upgrade(connection)
        if is_sqlite:
            _use_write_ahead_log(engine)
        if needs_upgrade:
            with self.write(UPGRADE_SECONDS) as connection:
                if not is_sqlite:
                    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                schema.upgrade(connection)

    def _set_up_sqlite(self, engine: Engine) -> None:
        milliseconds = round(self._busy_timeout * 1000)

        @event.listens_for(engine, "connect")
        def configure(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None  # the driver begins late, and never for DDL
            for pragma in (
                f"busy_timeout = {milliseconds}",
                "foreign_keys = ON",
                "synchronous = FULL",  # an intent must survive a power cut before its POST
                "secure_delete = ON",
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # A write that begins as a read could not wait for another process's write.
            writes = connection.get_execution_options().get("takes_write_lock", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def _set_aside(self, now: datetime) -> str:
        """Rename the damaged file and its journal, and return the notice for the user."""
        assert self._path is not None  # noqa: S101 - only files are set aside
        stamp = f"{now:%Y%m%dT%H%M%SZ}"
        target = self._path.with_name(f"{self._path.name}.broken-{stamp}")
        number = 1
        while target.exists():
            number += 1
            target = self._path.with_name(f"{self._path.name}.broken-{stamp}-{number}")
        for suffix in ("-wal", "-shm", ""):
            part = self._path.with_name(self._path.name + suffix)
            if part.exists():
                part.replace(target.with_name(target.name + suffix))
        return (
            f"The ledger's file was damaged. It is kept as {target.name} in the same folder, and "
            "a new ledger was started. Links made before are not listed until it is repaired."
        )


def _check_file(connection: Connection) -> None:
    """Raise SQLite's error for a damaged file before anything is written to it."""
    verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if verdict != "ok":
        damage = sqlite3.DatabaseError("quick_check")
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        damage.sqlite_errorname = "SQLITE_CORRUPT"
        raise damage


def _use_write_ahead_log(engine: Engine) -> None:
    """Let readers not wait for the writer. A network drive may refuse it; then nothing changes."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()
