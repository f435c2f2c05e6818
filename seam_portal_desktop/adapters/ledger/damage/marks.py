"""Finds and marks the rows that can't be read, so that SQL counts and filters them as damaged."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, func, literal_column, or_, select, text, update

from seam_portal_desktop.adapters.ledger import queries
from seam_portal_desktop.adapters.ledger.rows import PORTAL_COLUMNS, TEXTS, unreadable_columns
from seam_portal_desktop.adapters.ledger.schema import portals
from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord

if TYPE_CHECKING:
    from seam_portal_desktop.adapters.ledger.ledger_thread import LedgerThread

_log = logging.getLogger(__name__)
_c = portals.c
_rowid: ColumnElement[int] = literal_column("portals.rowid")

_DAMAGED, DAMAGED_FOR_GOOD = 1, 2
"""Values of ``damaged``. The second is for a row whose id or workspace was replaced, or of which
only a part was saved. The first is taken back when the row can be read again."""

_ROWS_AT_A_TIME = 2000
_FIRST_ROWID = -(2**63)

Key = int | str
"""The rowid on SQLite, where a portal_id may be damaged too; else the portal_id."""


def key_column(connection: Connection) -> ColumnElement[Any]:
    """The column that has the rows' keys."""
    return _rowid if _is_sqlite(connection) else _c.portal_id


def rows_without_ids(connection: Connection) -> list[Key]:
    """The rows that can't be named, or are of no workspace, so that no list would have them."""
    if connection.dialect.name != "sqlite":
        return []
    no_text = (func.typeof(column) != "text" for column in (_c.portal_id, _c.workspace_id))
    return list(connection.scalars(select(_rowid).where(or_(*no_text))))


def unmarked(rows: Sequence[Sequence[Any]], records: Sequence[PortalRecord]) -> list[str]:
    """The portal_ids of the damaged among these rows and their records that have no mark yet."""
    return [
        record.portal_id
        for row, record in zip(rows, records, strict=True)
        if record.outcome is Outcome.DAMAGED and not row[_MARK]
    ]


async def mark_all(thread: LedgerThread) -> None:
    """Find and mark the rows that can't be read. Raises LedgerError."""
    after: int | None = None
    while True:
        keys, after = await thread.read(partial(_find_damaged, after))
        if keys:
            await thread.write(partial(_mark_and_publish, keys))
        if after is None:
            return


def _mark_and_publish(keys: Sequence[Key], connection: Connection, changed: set[str]) -> None:
    changed.update(mark_damaged(connection, keys))


def _find_damaged(after: int | None, connection: Connection) -> tuple[list[Key], int | None]:
    """Some of the rows whose mark may have to change, and where to go on; None: that was all.

    On SQLite a few thousand rows are looked at, so that other calls don't wait. Their texts are
    read as one value, because for each row SQLite waits for Python's lock.
    """
    suspected = or_(_c.damaged == _DAMAGED, queries.unreadable(checks_types=_is_sqlite(connection)))
    suspected &= _c.damaged != DAMAGED_FOR_GOOD
    if not _is_sqlite(connection):
        return list(connection.scalars(select(_c.portal_id).where(suspected))), None
    first = _FIRST_ROWID if after is None else after
    last, content = connection.execute(_CHUNK, {"after": first}).one()
    if last is None:
        return [], None
    chunk = (_rowid > first, _rowid <= last)
    keys: set[Key] = set(connection.scalars(select(_rowid).where(*chunk, suspected)))
    try:
        content.decode()
    except UnicodeDecodeError:
        rows = connection.execute(
            select(_rowid, *queries.PORTAL_FIELDS).where(*chunk, _c.damaged == 0)
        )
        keys |= {row[0] for row in rows if unreadable_columns(row[1:])}
    return sorted(keys), last


def mark_damaged(connection: Connection, keys: Collection[Key]) -> set[str]:
    """Mark those of the rows that can't be read, and unmark the others.

    Returns the portal_ids of the rows that changed.
    """
    key = key_column(connection)
    found: set[str] = set()
    changed: set[str] = set()
    for each in keys:
        row = connection.execute(select(*queries.PORTAL_FIELDS).where(key == each)).one_or_none()
        if row is None or row[_MARK] == DAMAGED_FOR_GOOD:  # `keys` may be of before it was marked
            continue
        columns = unreadable_columns(row)
        values: dict[str, Any] = {"damaged": _DAMAGED if columns else 0}
        if "portal_id" in columns:
            values = {"portal_id": new_id(), "damaged": DAMAGED_FOR_GOOD}
        if "workspace_id" in columns:
            workspace_id = _nearest_workspace(connection, each)
            values |= {"workspace_id": workspace_id, "damaged": DAMAGED_FOR_GOOD}
        if values["damaged"] == row[_MARK]:
            continue
        connection.execute(update(portals).where(key == each).values(values))
        changed.add(str(values.get("portal_id", row[0])))
        found.update(columns)
    if found:
        _log.warning("Rows of the ledger can't be read. Columns: %s", ", ".join(sorted(found)))
    return changed


def new_id() -> str:
    """A portal_id for a row that has lost its own."""
    return f"damaged-{uuid.uuid4()}"


def _nearest_workspace(connection: Connection, rowid: Key) -> str:
    """The workspace of the row that was written before or after: most likely the lost one."""
    nearest = (
        select(_c.workspace_id)
        .where(func.typeof(_c.workspace_id) == "text", _rowid != rowid)
        .order_by(func.abs(_rowid - rowid))
        .limit(1)
    )
    return str(connection.scalar(nearest) or "")


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


_MARK = PORTAL_COLUMNS.index("damaged")
_JOINED = " || char(10) || ".join(f"coalesce({name}, '')" for name in TEXTS)
_CHUNK = text(
    "SELECT max(r), CAST(group_concat(t, char(10)) AS BLOB) FROM ("  # noqa: S608
    f"SELECT rowid AS r, {_JOINED} AS t FROM portals WHERE rowid > :after "
    f"ORDER BY rowid LIMIT {_ROWS_AT_A_TIME})"
)
"""The last rowid of a chunk, and its texts with line breaks between them, as bytes."""
