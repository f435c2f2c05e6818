"""Opens, checks and migrates the ledger's database. Blocking, for one thread only."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    QueuePool,
    create_engine,
    event,
    make_url,
)

from seam_portal_desktop.adapters.files.disk import write_error
from seam_portal_desktop.adapters.ledger import failures, schema
from seam_portal_desktop.adapters.ledger.damage import file_check, notices
from seam_portal_desktop.adapters.ledger.damage.last_known import Known, LastKnown
from seam_portal_desktop.adapters.ledger.damage.pages import PAGE_SIZE
from seam_portal_desktop.adapters.ledger.damage.salvage import salvage
from seam_portal_desktop.adapters.ledger.rows import decode_text
from seam_portal_desktop.adapters.ledger.server.connection import (
    UPGRADE_SECONDS,
    ServerConnection,
)

_log = logging.getLogger(__name__)

_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_COUNTS = (
    "SELECT (SELECT user_version FROM pragma_user_version), "
    "(SELECT count(*) FROM portals), "
    "(SELECT count(*) FROM portals WHERE twin_of IS NOT NULL)"
)
"""Of earlier transactions, of all portals, and of safe previews."""

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
        self._known = LastKnown(url) if isinstance(url, Path) else None
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
        """Open the database, migrated. Returns a notice about damage, a loss, or None.

        What can be read of a damaged file is copied into a new one. Raises LedgerError for a
        database of a newer version, which stays as it is.
        """
        self.close()
        self._prepare_file()
        if self._path is None or self._known is None:
            self._connect()
            return None
        known = self._known.read()
        try:
            changes = file_check.count_changes(
                self._path,
                busy_timeout=self._busy_timeout,
                is_thorough=known is not None and known.is_suspect,
            )
            self._connect()
        except Exception as error:
            self.close()
            if not failures.is_damage(error):
                raise
            return self._salvage(self._path, now, known)
        return self._find_loss(known, changes)

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
                known = None if self._known is None else _count_change(writing)
            if self._known is not None and known is not None:
                self._known.write(known)

    def erase_old_content(self, *, everywhere: bool = False) -> bool:
        """Take what was deleted or replaced out of the write-ahead log (SQLite).

        ``secure_delete`` has overwritten it in the file. With `everywhere` the file is written
        anew, because pages that were split may keep a copy of a row. Returns False if the log
        stays, because another process reads it.
        """
        if self._path is None:
            return True
        raw = self._required_engine().raw_connection()
        try:
            cursor = raw.cursor()
            if everywhere:
                cursor.execute("VACUUM")
            ((is_busy, _, _),) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            raw.close()
        return not is_busy

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
            needs_upgrade = schema.needs_upgrade(connection)
        if is_sqlite:
            _use_write_ahead_log(engine)
        if needs_upgrade:
            with self.write(UPGRADE_SECONDS) as connection:
                if not is_sqlite:
                    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                schema.upgrade(connection)
        with self.read() as connection:
            for table in schema.metadata.tables.values():
                connection.execute(table.select().limit(0))

    def _set_up_sqlite(self, engine: Engine) -> None:
        milliseconds = round(self._busy_timeout * 1000)

        @event.listens_for(engine, "connect")
        def configure(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None  # the driver begins late, and never for DDL
            connection.text_factory = decode_text
            for pragma in (
                f"page_size = {PAGE_SIZE}",
                f"busy_timeout = {milliseconds}",
                "foreign_keys = ON",
                "synchronous = FULL",  # an intent must survive a power cut before its POST
                "secure_delete = ON",
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "handle_error")
        def remember_damage(context: ExceptionContext) -> None:
            if self._known is not None and failures.is_damage(context.original_exception):
                self._known.suspect()

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # A write that begins as a read could not wait for another process's write.
            writes = connection.get_execution_options().get("takes_write_lock", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def _salvage(self, path: Path, now: datetime, known: Known | None) -> str:
        """Set the damaged file aside, and copy what can be read of it into a new one."""
        kept = file_check.move(path, file_check.free_name(path, now))
        try:
            self._prepare_file()
            self._connect()
            with self.write() as connection:
                saved = salvage(kept, connection)
        except BaseException:  # such as a full disk: the next start tries again
            self.close()
            if self._known is not None and known is not None:
                self._known.write(known)
            file_check.remove(path)
            file_check.move(kept, path)
            raise
        _log.warning("The ledger was damaged: %d portals could be read", saved.portals)
        before = None if known is None else known.portals - saved.hidden
        return notices.damaged(saved.portals, saved.damaged, before, kept.name)

    def _find_loss(self, known: Known | None, changes: int | None) -> str | None:
        """A notice if the file had fewer changes than after the last commit."""
        with self.write() as connection:
            found = _count_change(connection)
        if known is None or changes is None or changes >= known.changes:
            return None
        _log.warning("The ledger lacks changes that were saved before")
        return notices.lost(found.portals, known.portals)


def _count_change(connection: Connection) -> Known:
    """Count the transaction in the file's header. Returns what the file has with it."""
    changes, number, copies = connection.exec_driver_sql(_COUNTS).one()
    connection.exec_driver_sql(f"PRAGMA user_version = {changes + 1}")
    return Known(changes + 1, number - copies)


def _use_write_ahead_log(engine: Engine) -> None:
    """Let readers not wait for the writer. A network drive may refuse it; then nothing changes."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()
