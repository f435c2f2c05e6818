"""Errors of a PostgreSQL server for the user.

Source of the codes: PostgreSQL's documentation, appendix A.
"""

from __future__ import annotations

_UNREACHABLE = (
    "The ledger’s server can’t be used",
    (
        "It can’t be reached, or it refused the user or the password that your organisation’s "
        "policy names. Check the network connection, then try again."
    ),
)
_NOT_ALLOWED = (
    "The ledger’s server doesn’t allow it",
    (
        "The user that your organisation’s policy names may not read or change the ledger’s "
        "tables. Tell whoever manages the database."
    ),
)
_FULL = (
    "The ledger’s server has no room left",
    "Tell whoever manages the database. What was saved before is still there.",
)
_NO_DRIVER = (
    "There is no driver for the ledger’s database",
    (
        "This build of the program can’t speak to the kind of database that your organisation’s "
        "policy names. Tell whoever manages this computer."
    ),
)
_BY_CODE = {"42": _NOT_ALLOWED, "28": _UNREACHABLE, "25": _NOT_ALLOWED, "53": _FULL}
_NO_CONNECTION = ("08", "57", "3D")


def server_message(error: BaseException) -> tuple[str, str] | None:
    """Title and message, or None if no server raised `error` (SQLAlchemy's error or its cause)."""
    if type(error).__name__ == "NoSuchModuleError" or isinstance(error, ImportError):
        return _NO_DRIVER
    cause = getattr(error, "orig", None) or error
    if not type(cause).__module__.startswith("psycopg"):
        return None
    code = getattr(cause, "sqlstate", None)
    if code is None:
        # libpq's error for a connection that could not be made, or that broke.
        return _UNREACHABLE if type(cause).__name__ == "OperationalError" else None
    return _UNREACHABLE if code.startswith(_NO_CONNECTION) else _BY_CODE.get(code[:2])
