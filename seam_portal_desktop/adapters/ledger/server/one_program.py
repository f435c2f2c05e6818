"""One program at a time on a ledger's schema: an advisory lock, held by the connection itself.

At its start the program settles what the last run left unfinished, so it would settle the work of
a second program that runs. The lock ends with the connection. A new connection takes it again
before it is used, so nothing is ever written without it.
"""

from __future__ import annotations

import socket
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seam_portal_desktop.texts import _

_NAME = "Seam Portal Desktop"
_LOCK_CLASS = 0x5EA9
"""The first of the lock's two numbers. The second one is a checksum of the schema's name."""
_PATIENCE = "2s"
"""How long the last connection of this same program may take to end."""

_HOLDER = """
SELECT a.pid, a.usename, a.application_name, a.backend_start
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND l.classid::bigint = %s AND l.objid::bigint = %s
"""


@dataclass(frozen=True, slots=True)
class ProgramName:
    """This program for others: ``text`` is the connection's application_name, 63 bytes at most.

    It names the person, the computer and the process, and has a checksum of the computer's
    address at its end.
    """

    user: str
    host: str
    process: int
    computer: str

    @property
    def text(self) -> str:
        return f"{_NAME} {self.user}@{self.host} {self.process} {self.computer}"

    @classmethod
    def parse(cls, text: str | None) -> ProgramName | None:
        """None if it isn't the text of such a program."""
        words = (text or "").removeprefix(f"{_NAME} ").split(" ")
        if len(words) != len(("name", "process", "computer")) or not words[1].isdecimal():
            return None
        user, _unused, host = words[0].partition("@")
        return cls(user, host, int(words[1]), words[2])


@dataclass(frozen=True, slots=True)
class Holder:
    """The session that has the lock. What this user may not see is None."""

    backend: int
    role: str | None
    program: ProgramName | None
    since: datetime | None


class LedgerInUseError(Exception):
    """Another program has the ledger. ``holder`` is None if the server doesn't tell who."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(_("The ledger is in use."))
        self.holder = holder


def name_of_this_program(os_user: str) -> ProgramName:
    import os

    def short(text: str, length: int) -> str:
        plain = (each for each in text if each.isascii() and (each.isalnum() or each in "-_."))
        return "".join(plain)[:length]

    computer = zlib.crc32(uuid.getnode().to_bytes(8, "big"))
    return ProgramName(
        short(os_user, 10) or "somebody",
        short(socket.gethostname(), 12) or "a-computer",
        os.getpid(),
        f"{computer:08x}",
    )


def claim(
    raw: Any,  # noqa: ANN401 - psycopg's connection
    program: ProgramName,
    settings: Mapping[str, str],
) -> None:
    """Apply `settings` to the new connection `raw`, and take the schema's lock.

    An earlier connection of this program that the server still has is ended. Raises
    LedgerInUseError, or psycopg's errors.
    """
    from psycopg.errors import LockNotAvailable

    raw.autocommit = True
    with raw.cursor() as cursor:
        for name, value in ({**settings, "lock_timeout": _PATIENCE}).items():
            cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
        cursor.execute("SELECT coalesce(current_schema(), '')")
        (schema,) = cursor.fetchone()
        number = zlib.crc32(schema.encode())
        try:
            _lock(cursor, number)
        except LockNotAvailable:
            holder = _find_holder(cursor, number)
            if holder is None or not (holder.program == program or _has_ended(holder, program)):
                raise LedgerInUseError(holder) from None
            cursor.execute("SELECT pg_terminate_backend(%s)", (holder.backend,))
            try:
                _lock(cursor, number)
            except LockNotAvailable:
                raise LedgerInUseError(_find_holder(cursor, number)) from None
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", (settings["lock_timeout"],))
    raw.autocommit = False


def _lock(cursor: Any, number: int) -> None:  # noqa: ANN401
    signed = number - 2**32 if number >= 2**31 else number
    cursor.execute("SELECT pg_advisory_lock(%s::int, %s::int)", (_LOCK_CLASS, signed))


def _find_holder(cursor: Any, number: int) -> Holder | None:  # noqa: ANN401
    cursor.execute(_HOLDER, (_LOCK_CLASS, number))
    row = cursor.fetchone()
    if row is None:
        return None
    backend, role, application, since = row
    return Holder(backend, role, ProgramName.parse(application), since)


def _has_ended(holder: Holder, program: ProgramName) -> bool:
    """Whether the holder was a process of this computer that has ended.

    The server may not know that yet, for instance after the network was cut.
    """
    other = holder.program
    if other is None or (other.host, other.computer) != (program.host, program.computer):
        return False
    import psutil

    return not psutil.pid_exists(other.process)
