"""Checks the ledger's file before it is used, and sets a damaged one aside. Blocking."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from seam_portal_desktop.adapters.ledger import failures

_SUFFIXES = ("-wal", "-shm", "-journal", "")
_LARGEST_WHOLE_CHECK = 64_000_000
"""In bytes. Above it, indexes are compared with their tables only after SQLite met damage: that
takes three times as long."""


def count_changes(path: Path, *, busy_timeout: float, is_thorough: bool) -> int | None:
    """Raise SQLite's error for a damaged file. Returns the number of changes if it is known.

    The file is only read. A connection that may write would copy the log into the damaged file
    when it is closed.
    """
    if not _has_usual_header(path):
        raise failures.damage("header")
    check = "integrity_check" if is_thorough or _is_small(path) else "quick_check"
    uri = f"{path.absolute().as_uri()}?mode=ro"
    reader = sqlite3.connect(uri, uri=True, timeout=busy_timeout)
    with contextlib.closing(reader) as connection:
        connection.text_factory = bytes  # it may quote what is damaged
        try:
            ((verdict,),) = connection.execute(f"PRAGMA {check}(1)").fetchall()
            ((changes,),) = connection.execute("PRAGMA user_version").fetchall()
        except sqlite3.OperationalError as error:
            if failures.needs_a_writer(error):
                return None
            raise
    if verdict != b"ok":
        raise failures.damage(check)
    return int(changes)


def free_name(path: Path, now: datetime) -> Path:
    """A name for the damaged file that no earlier one has."""
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    target = path.with_name(f"{path.name}.broken-{stamp}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.broken-{stamp}-{number}")
    return target


def move(path: Path, target: Path) -> Path:
    """Rename the file and its journals. Returns `target`."""
    for suffix in _SUFFIXES:
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(target.with_name(target.name + suffix))
    return target


def remove(path: Path) -> None:
    """Delete the file and its journals, if they are there."""
    for suffix in _SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _has_usual_header(path: Path) -> bool:
    """Whether the header has versions that SQLite writes, and UTF-8. With another version SQLite
    says that the file is read-only, and with another encoding that it is sound."""
    with path.open("rb") as file:
        header = file.read(60)
    if not header:
        return True
    encoding = int.from_bytes(header[56:], "big")  # 0 until there is a table
    return header[18:20] in (b"\1\1", b"\2\2") and encoding in (0, 1)


def _is_small(path: Path) -> bool:
    return path.stat().st_size <= _LARGEST_WHOLE_CHECK
