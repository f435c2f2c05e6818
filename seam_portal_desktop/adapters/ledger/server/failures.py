"""Errors of a PostgreSQL server for the user.

Source of the codes: PostgreSQL's documentation, appendix A.
"""

from __future__ import annotations

from seam_portal_desktop.adapters.ledger.server.connection import ServerSilentError
from seam_portal_desktop.adapters.ledger.server.one_program import Holder, LedgerInUseError
from seam_portal_desktop.texts import _

_SILENT = (
    _("The ledger’s database doesn’t answer"),
    (
        _(
            "The server was given some seconds, then the connection to it was broken off. Check "
            "the network connection, then try again. If it stays like this, tell whoever manages "
            "the database."
        )
    ),
)
_SLOW = (
    _("The ledger’s database takes too long"),
    _(
        "The server ended the call after some seconds, and nothing was changed. Try again in a "
        "while."
    ),
)
_HELD = (
    _("The ledger’s tables are locked"),
    _("Another program of the database keeps them locked. Wait a moment, then try again."),
)
_UNREACHABLE = (
    _("The ledger’s server can’t be used"),
    (
        _(
            "It can’t be reached, or it refused the user or the password that your organisation’s "
            "policy names. Check the network connection, then try again."
        )
    ),
)
_NOT_ALLOWED = (
    _("The ledger’s server doesn’t allow it"),
    (
        _(
            "The user that your organisation’s policy names may not read or change the ledger’s "
            "tables. Tell whoever manages the database."
        )
    ),
)
_FULL = (
    _("The ledger’s server has no room left"),
    _("Tell whoever manages the database. What was saved before is still there."),
)
_NO_DRIVER = (
    _("There is no driver for the ledger’s database"),
    (
        _(
            "This build of the program can’t speak to the kind of database that your "
            "organisation’s policy names. Tell whoever manages this computer."
        )
    ),
)
_BY_CODE = {"42": _NOT_ALLOWED, "28": _UNREACHABLE, "25": _NOT_ALLOWED, "53": _FULL}
_NO_CONNECTION = ("08", "57", "3D", "25P03")
_BY_FULL_CODE = {"57014": _SLOW, "55P03": _HELD}


def server_message(error: BaseException) -> tuple[str, str] | None:
    """Title and message, or None if no server raised `error` (SQLAlchemy's error or its cause)."""
    if isinstance(error, LedgerInUseError):
        return _in_use(error.holder)
    if isinstance(error, ServerSilentError):
        return _SILENT
    if type(error).__name__ == "NoSuchModuleError" or isinstance(error, ImportError):
        return _NO_DRIVER
    cause = getattr(error, "orig", None) or error
    is_drivers = type(cause).__module__.startswith("psycopg")
    return _drivers_message(cause) if is_drivers else None


def _drivers_message(error: BaseException) -> tuple[str, str] | None:
    code = getattr(error, "sqlstate", None)
    if code is None:
        # libpq's errors for a connection that could not be made in time or at all, or that broke.
        by_name = {"ConnectionTimeout": _SILENT, "OperationalError": _UNREACHABLE}
        return by_name.get(type(error).__name__)
    if code in _BY_FULL_CODE:
        return _BY_FULL_CODE[code]
    return _UNREACHABLE if code.startswith(_NO_CONNECTION) else _BY_CODE.get(code[:2])


def _in_use(holder: Holder | None) -> tuple[str, str]:
    if holder is None:
        who = _("Another program has it open.")
    elif holder.program is not None:
        program = holder.program
        who = _("{user} has it open on {host} (process {process}).").format(
            user=program.user, host=program.host, process=program.process
        )
    else:
        who = _("A program has it open as the database’s user {role}.").format(
            role=holder.role or _("somebody else")
        )
    if holder is not None and holder.since is not None:
        who = _("{who}, since {since:%Y-%m-%d %H:%M}.").format(
            who=who[:-1], since=holder.since.astimezone()
        )
    what_next = _(
        "A ledger on a server is for one program at a time. Close the program there, then try "
        "again. Two people need a database, or a schema, each."
    )
    return _("Another program uses this ledger"), f"{who} {what_next}"
