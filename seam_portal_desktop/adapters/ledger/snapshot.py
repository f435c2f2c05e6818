"""A quick first read of the ledger, so that the table is painted before SQLAlchemy is imported."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from pathlib import Path

from seam_portal_desktop.adapters.ledger.rows import HEAD, PORTAL_COLUMNS, portal_from_row
from seam_portal_desktop.domain.portal.record import PortalRecord

_TIME_LIMIT = 1.0
"""In seconds. After that time the opened ledger gives the rows soon."""

# The result is one JSON text instead of rows. For each row SQLite releases Python's lock, and
# beside a busy thread it takes 5 ms to get the lock back.
_SELECT = (
    "SELECT '[' || coalesce(group_concat(portal), '') || ']' FROM ("  # noqa: S608
    f"SELECT json_array({', '.join(PORTAL_COLUMNS)}, url_sealed IS NOT NULL, "
    "sent_note_sealed IS NOT NULL, NULL, NULL) AS portal "
    "FROM portals WHERE workspace_id = ? AND deleted_at IS NULL AND twin_of IS NULL "
    "ORDER BY coalesce(created_at, requested_at) DESC, requested_at DESC, portal_id LIMIT ?)"
)


def read_snapshot(
    path: Path, workspace_id: str, *, limit: int = 1000
) -> tuple[PortalRecord, ...] | None:
    """The newest rows of a workspace, as `find` gives them for its default query.

    None when the file is missing, has another schema version, or can't be read within a
    second. Blocking, but mostly without Python's lock. Rows that a crash left behind are as they
    were: `SqlLedger.open` changes them later. Notes and customers' names aren't decrypted.
    """
    deadline = time.monotonic() + _TIME_LIMIT
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_TIME_LIMIT)) as connection:
            connection.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
            versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            if versions != [(HEAD,)]:
                return None
            ((rows,),) = connection.execute(_SELECT, (workspace_id, limit)).fetchall()
            return tuple(map(portal_from_row, json.loads(rows)))
    except (sqlite3.Error, OSError, ValueError, KeyError):
        return None
