"""A real PostgreSQL server for one test run, with a socket in its own folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from sqlalchemy import create_engine, text


class PostgresServer:
    """A server with its data in `folder`."""

    def __init__(self, folder: Path, programs: Path, as_user: list[str]) -> None:
        self._folder = folder
        self._programs = programs
        self._as_user = as_user
        self.is_running = False

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://ledger@/{database}?host={self._folder}"

    def new_database(self) -> str:
        """Create an empty database and return its URL."""
        name = f"test_{uuid.uuid4().hex}"
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def make(self) -> None:
        data = self._folder / "data"
        self._run("initdb", "-D", data, "-U", "ledger", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder} -c fsync=off"
        # With a log file the server doesn't keep this process's pipes open, and the test can end.
        log = self._folder / "log"
        self._run("pg_ctl", "-D", self._folder / "data", "-w", "-l", log, "-o", options, "start")
        self.is_running = True

    def stop(self) -> None:
        if self.is_running:
            self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop")
            self.is_running = False

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The server accepts what is sent to it and does nothing, as on a machine that hangs."""
        master = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(master, signal.SIGSTOP)  # first, so that it starts no other process
        processes = [master, *(each.pid for each in psutil.Process(master).children())]
        try:
            for process in processes[1:]:
                os.kill(process, signal.SIGSTOP)
            yield
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as_user, str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            timeout=60,
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def postgresql_server() -> Iterator[PostgresServer]:
    """Skips the test where PostgreSQL isn't installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL isn't installed")
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        if not shutil.which("runuser"):
            pytest.skip("no runuser to leave root with")
        as_user = ["runuser", "-u", "postgres", "--"]
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if as_user:
            shutil.chown(folder, "postgres")
            folder.chmod(0o711)  # for the user who runs the tests
        server = PostgresServer(folder, programs[-1], as_user)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
