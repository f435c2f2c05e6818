"""One row at a time, inside the caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from seam_portal_desktop.adapters.ledger import events, failures
from seam_portal_desktop.adapters.ledger.changes import Change
from seam_portal_desktop.adapters.ledger.schema import portals

_c = portals.c


def apply(connection: Connection, portal_id: str, change: Change) -> None:
    """Write `change`, or nothing of it when the row is gone."""
    if change.values:
        row = update(portals).where(_c.portal_id == portal_id)
        if not connection.execute(row.values(change.values)).rowcount:
            return
    if change.event is not None:
        events.add(connection, portal_id, change.event)


def read_row(
    connection: Connection, portal_id: str, *columns: ColumnElement[Any]
) -> tuple[Any, ...]:
    row = connection.execute(select(*columns).where(_c.portal_id == portal_id)).one_or_none()
    if row is None:
        raise failures.no_such_portal()
    return tuple(row)


def read_visible(
    connection: Connection, portal_id: str, *columns: ColumnElement[Any]
) -> tuple[Any, ...]:
    row = read_row(connection, portal_id, *columns, _c.deleted_at)
    if row[-1] is not None:
        raise failures.no_such_portal()
    return row[:-1]
