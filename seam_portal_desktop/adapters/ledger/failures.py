"""Errors of the ledger's database as errors for the user.

Only the class name of the database library's error is kept: its text and parameters may hold a
row's content.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from seam_portal_desktop.adapters.files.disk import DiskFault, disk_fault
from seam_portal_desktop.adapters.ledger.server.failures import server_message
from seam_portal_desktop.domain.errors import LedgerError, UserFacingError
from seam_portal_desktop.texts import _

_T = TypeVar("_T")

_FULL = (
    _("The disk is full"),
    (
        _(
            "The ledger could not be written. Free some space, then try again. What was saved "
            "before is still there."
        )
    ),
)
_QUOTA = (
    _("Your share of the disk is used up"),
    (
        _(
            "The ledger could not be written: you may use no more space on its disk. Delete files "
            "of yours or ask whoever manages the disk, then try again. What was saved before is "
            "still there."
        )
    ),
)
_READ_ONLY = (
    _("The disk is read-only"),
    (
        _(
            "The ledger is on a disk that can only be read at the moment. A system does that after "
            "an error of the disk, or if the disk has a lock. Make it writable, then try again, or "
            "start the program with --data-dir and a folder on another disk."
        )
    ),
)
_NOT_ALLOWED = (
    _("The ledger can't be written"),
    (
        _(
            "Its file or folder is read-only for you. Check the folder's permissions, or start the "
            "program with --data-dir and a folder of your own."
        )
    ),
)
_NO_FOLDER = (
    _("The ledger can't be opened"),
    (
        _(
            "There is no usable folder at its place. Check that the disk is connected and that you "
            "may use the folder, or start the program with --data-dir and another one."
        )
    ),
)
_LOCKED = (
    _("The ledger is in use by another program"),
    (
        _(
            "Another program has kept it locked, perhaps a backup or a second user of the same "
            "folder. Wait a moment, then try again."
        )
    ),
)
_DAMAGED = (
    _("The ledger's file is damaged"),
    (
        _(
            "Close the program and start it again: it will set the damaged file aside and tell you "
            "its name."
        )
    ),
)
_BROKEN_DISK = (
    _("The disk that holds the ledger failed"),
    (
        _(
            "It reported an error while reading or writing. Check the disk or the network drive, "
            "then try again."
        )
    ),
)
_OTHER = (
    _("The ledger could not be read or written"),
    _("Try again. If it happens again, copy these details and report them."),
)

_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _NOT_ALLOWED,
    sqlite3.SQLITE_PERM: _NOT_ALLOWED,
    sqlite3.SQLITE_CANTOPEN: _NO_FOLDER,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_IOERR: _BROKEN_DISK,
}
_VAGUE_CODES = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
"""SQLite's codes that a full disk, a used up quota and a read-only disk have too."""

_BY_DISK_FAULT = {
    DiskFault.FULL: _FULL,
    DiskFault.QUOTA: _QUOTA,
    DiskFault.READ_ONLY: _READ_ONLY,
    DiskFault.NOT_ALLOWED: _NOT_ALLOWED,
    DiskFault.NO_FOLDER: _NO_FOLDER,
    DiskFault.BROKEN: _BROKEN_DISK,
    DiskFault.OTHER: _OTHER,
}


_SIGNS_OF_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def _primary_code(error: BaseException) -> int | None:
    """SQLite's result code without its extension bits, from the driver's error or its wrapper."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def is_damage(error: BaseException) -> bool:
    """Whether SQLite found a broken file, one that is no database, or tables that aren't ours any
    more. The last is the only reason of SQLITE_ERROR here. Python can't read SQLite's error if it
    quotes a wrong byte."""
    cause = getattr(error, "orig", None) or error
    return isinstance(cause, UnicodeDecodeError) or _primary_code(error) in _SIGNS_OF_DAMAGE


def damage(found_by: str) -> sqlite3.DatabaseError:
    """SQLite's error for a broken file, for damage that SQLite doesn't raise itself."""
    error = sqlite3.DatabaseError(found_by)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return error


def needs_a_writer(error: sqlite3.Error) -> bool:
    """Whether a connection that only reads can't open the file, but one that writes may."""
    return _primary_code(error) in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def ledger_error(error: BaseException) -> LedgerError:
    """`error` for the user, with its class name and SQLite's code name."""
    if isinstance(error, LedgerError):
        return error
    if isinstance(error, UserFacingError):
        return LedgerError(error.title, error.message, technical=error.technical)
    cause = getattr(error, "orig", None) or error
    technical = type(error).__name__
    if name := getattr(cause, "sqlite_errorname", None):
        technical = f"{technical} ({name})"
    code = _primary_code(error)
    if code is not None:
        title, message = _BY_SQLITE_CODE.get(code, _OTHER)
    elif (from_server := server_message(error)) is not None:
        title, message = from_server
    elif isinstance(cause, OSError):
        title, message = _BY_DISK_FAULT[disk_fault(cause)]
    else:
        title, message = _OTHER
    return LedgerError(title, message, technical=technical, can_retry=True)


def newer_version() -> LedgerError:
    return LedgerError(
        _("The ledger was made by a newer version"),
        _(
            "This version of the program can't read it and has left it as it is. Install the newer "
            "version again, or start with --data-dir and another folder."
        ),
    )


def foreign_file() -> LedgerError:
    return LedgerError(
        _("This database isn't a ledger"),
        _(
            "It belongs to something else and was left as it is. Start the program with --data-dir "
            "and another folder."
        ),
    )


def not_open() -> LedgerError:
    return LedgerError(
        _("The ledger isn't open"),
        _("It is still being opened, could not be opened, or is closed."),
    )


def no_such_portal() -> LedgerError:
    return LedgerError(_("This portal isn't in the ledger"), _("It may have been deleted."))


def no_such_attachment() -> LedgerError:
    return LedgerError(_("This isn't attached any more"), _("It, or its portal, was deleted."))


def no_such_delivery() -> LedgerError:
    return LedgerError(_("This message isn't in the ledger"), _("Its portal was deleted."))


def already_created() -> LedgerError:
    return LedgerError(
        _("This portal has its link already"),
        _("The ledger keeps the first answer that Seam gave."),
    )


def guarded(work: Callable[[], _T], find_disk_error: Callable[[], OSError | None]) -> _T:
    """Run `work`. Everything that it raises becomes a LedgerError without cause or context.

    SQLite has one code for many errors of a disk. Then `find_disk_error` gives the disk's own one,
    if there still is one.
    """
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the port's promise: LedgerError and nothing else
        is_vague = _primary_code(error) in _VAGUE_CODES
        failure = ledger_error((find_disk_error() if is_vague else None) or error)
    raise failure  # outside the handler, or its __context__ would hold the row's content
