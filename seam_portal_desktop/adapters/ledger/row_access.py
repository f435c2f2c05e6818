"""Reads and writes rows in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from seam_portal_desktop.adapters.ledger import events, failures
from seam_portal_desktop.adapters.ledger.changes import Change
from seam_portal_desktop.adapters.ledger.events import IDS_AT_A_TIME
from seam_portal_desktop.adapters.ledger.queries import PORTAL_FIELDS
from seam_portal_desktop.adapters.ledger.rows import portal_from_row
from seam_portal_desktop.adapters.ledger.schema import portals
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import PortalRecord

_c = portals.c


def apply(connection: Connection, portal_id: str, change: Change) -> bool:
    """Write `change`. Returns False, and writes nothing, if the row doesn't exist."""
    if change.values:
        row = update(portals).where(_c.portal_id == portal_id)
        if not connection.execute(row.values(change.values)).rowcount:
            return False
    if change.event is not None:
        events.add(connection, portal_id, change.event)
    return True


def read_row(
    connection: Connection, portal_id: str, *columns: ColumnElement[Any]
) -> tuple[Any, ...]:
    row = connection.execute(select(*columns).where(_c.portal_id == portal_id)).one_or_none()
    if row is None:
        raise failures.no_such_portal()
    return tuple(row)


def read_change(connection: Connection, portal_ids: Collection[str]) -> LedgerChange:
    """The current records with these ids. Ids of hidden and missing ones are in ``removed``."""
    found: list[PortalRecord] = []
    ids = sorted(portal_ids)
    for start in range(0, len(ids), IDS_AT_A_TIME):
        rows = connection.execute(
            select(*PORTAL_FIELDS).where(
                _c.portal_id.in_(ids[start : start + IDS_AT_A_TIME]), _c.deleted_at.is_(None)
            )
        )
        found += map(portal_from_row, rows)
    visible = {record.portal_id for record in found}
    return LedgerChange(tuple(found), frozenset(portal_ids) - visible)


def read_visible(
    connection: Connection, portal_id: str, *columns: ColumnElement[Any]
) -> tuple[Any, ...]:
    row = read_row(connection, portal_id, *columns, _c.deleted_at)
    if row[-1] is not None:
        raise failures.no_such_portal()
    return row[:-1]
