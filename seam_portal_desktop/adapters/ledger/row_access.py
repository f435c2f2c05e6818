"""Reads, writes, repairs and deletes rows in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, update

from seam_portal_desktop.adapters.ledger import events, failures, queries
from seam_portal_desktop.adapters.ledger.changes import Change
from seam_portal_desktop.adapters.ledger.events import IDS_AT_A_TIME
from seam_portal_desktop.adapters.ledger.rows import (
    KeysAtHand,
    failure_values,
    portal_from_row,
    to_micros,
)
from seam_portal_desktop.adapters.ledger.schema import portals
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import FailureRecord, Outcome, PortalRecord
from seam_portal_desktop.texts import _

_c = portals.c

# Made once, because it is read after each commit.
_READ_CHANGED = select(*queries.PORTAL_FIELDS).where(
    _c.portal_id.in_(bindparam("ids", expanding=True)), _c.deleted_at.is_(None)
)

_INTERRUPTED = FailureRecord(
    _("The program ended before Seam answered"),
    _(
        "A working link for this customer may exist, and this ledger doesn't have it. Create the "
        "portal again to get a link that you can send; a link from the first attempt, if there is "
        "one, stops working 7 days after it was requested."
    ),
)
"""The failure of rows that a crash left ``requested``."""


def apply(connection: Connection, portal_id: str, change: Change) -> bool:
    """Write `change`. Returns False, and writes nothing, if the row doesn't exist."""
    if change.values and not update_row(connection, portal_id, **change.values):
        return False
    if change.forgets_notes:
        events.forget_notes(connection, portal_id)
    if change.event is not None:
        events.add(connection, portal_id, change.event, change.event_note)
    return True


def update_row(connection: Connection, portal_id: str, **values: object) -> bool:
    """Set columns of a row, hidden or not. Returns False if it doesn't exist."""
    row = update(portals).where(_c.portal_id == portal_id)
    return bool(connection.execute(row.values(values)).rowcount)


def repair(connection: Connection, now: datetime) -> None:
    """Change the rows that a crash left ``requested``, and delete those that it left hidden."""
    delete_hidden(connection, now)
    # The hidden ones that are left wait for an answer: a link may exist that nobody has.
    connection.execute(update(portals).where(_c.deleted_at.is_not(None)).values(deleted_at=None))
    events.add_interrupted(connection, _INTERRUPTED, to_micros(now))
    connection.execute(
        update(portals)
        .where(_c.outcome == Outcome.REQUESTED.value)
        .values(outcome=Outcome.UNKNOWN.value, **failure_values(_INTERRUPTED))
    )


def read_row(
    connection: Connection, portal_id: str, *columns: ColumnElement[Any]
) -> tuple[Any, ...]:
    row = connection.execute(select(*columns).where(_c.portal_id == portal_id)).one_or_none()
    if row is None:
        raise failures.no_such_portal()
    return tuple(row)


def read_change(
    connection: Connection, portal_ids: Collection[str], keys: KeysAtHand | None
) -> LedgerChange:
    """The current records with these ids. Ids of hidden and missing ones are in ``removed``."""
    found: list[PortalRecord] = []
    ids = sorted(portal_ids)
    for start in range(0, len(ids), IDS_AT_A_TIME):
        rows = connection.execute(_READ_CHANGED, {"ids": ids[start : start + IDS_AT_A_TIME]})
        found += (portal_from_row(row, keys) for row in rows)
    visible = {record.portal_id for record in found}
    return LedgerChange(tuple(found), frozenset(portal_ids) - visible)


def read_visible(
    connection: Connection, portal_id: str, *columns: ColumnElement[Any]
) -> tuple[Any, ...]:
    row = read_row(connection, portal_id, *columns, _c.deleted_at)
    if row[-1] is not None:
        raise failures.no_such_portal()
    return row[:-1]


def delete_hidden(connection: Connection, now: datetime) -> None:
    """Delete the hidden rows, and safe previews that have ended and have no portal any more."""
    # A hidden row without an answer yet may become a live link.
    connection.execute(
        delete(portals).where(
            _c.deleted_at.is_not(None), _c.outcome.is_distinct_from(Outcome.REQUESTED.value)
        )
    )
    connection.execute(queries.erase_orphaned_safe_previews(now))
