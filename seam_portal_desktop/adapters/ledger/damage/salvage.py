"""Copies what can be read of a damaged file into a new ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

from sqlalchemy import Connection, Table

from seam_portal_desktop.adapters.ledger import schema
from seam_portal_desktop.adapters.ledger.damage.marks import DAMAGED_FOR_GOOD, new_id
from seam_portal_desktop.adapters.ledger.damage.pages import DamagedFile, StoredRow
from seam_portal_desktop.adapters.ledger.rows import PORTAL_COLUMNS, unreadable_columns
from seam_portal_desktop.domain.workspace import WorkspaceKind

_PORTAL_COLUMNS = [column.name for column in schema.portals.columns]
_DELIVERY_COLUMNS = len(schema.deliveries.columns)
_OLDEST_PORTAL = 24
"""How many columns a row has that revision 0001 wrote. A row isn't rewritten for a new column."""

_FIRST_TEXTS = ("portal_id", "workspace_id", "workspace_kind", "customer_key")

_EMPTY: dict[str, Any] = {
    "workspace_kind": "",
    "customer_key": "",
    "customer_key_folded": "",
    "search_text": "",
    "outcome": "",
    "request": b"",
    "requested_at": 0,
    "kind": "portal",
    "damaged": 0,
}
"""What a row gets that may not be NULL and could not be read."""


@dataclass
class Salvage:
    """How many portals were saved, without safe previews, and how many of them only in part.

    ``hidden``: how many more were saved that the user had deleted.
    """

    portals: int = 0
    damaged: int = 0
    hidden: int = 0


def salvage(path: Path, connection: Connection) -> Salvage:
    """Insert what can be read of the file at `path` into the empty ledger of `connection`.

    Blocking: about a second for each 10,000 rows. Raises OSError and SQLAlchemy's errors.
    """
    copy = _Copy(connection)
    with DamagedFile(path) as file:
        # Whole rows are first: a row may be there a second time, in a page that isn't used now.
        for row in file.rows():
            if _is_whole_portal(row):
                copy.add_portal(row)
        # Then events and the like, which belong to a portal.
        parts = [row for row in file.rows() if _is_part_of_portal(row)]
        for row in parts:
            copy.add_portal(row)
        for row in file.rows():
            copy.add_other(row)
    copy.add_fact("plain_notes", "yes")  # there may be some; `SqlLedger` looks for them
    return copy.result


def _is_whole_portal(row: StoredRow) -> bool:
    return row.is_whole and _OLDEST_PORTAL <= len(row.values) <= len(_PORTAL_COLUMNS)


def _is_part_of_portal(row: StoredRow) -> bool:
    """Whether it is a portal with wrong bytes, or one that was cut off after its first columns."""
    if row.is_whole or len(row.values) > len(_PORTAL_COLUMNS):
        return False
    if len(row.values) >= _OLDEST_PORTAL:
        return True
    first = row.values[: len(_FIRST_TEXTS)]
    if len(first) < len(_FIRST_TEXTS) or not all(isinstance(each, str) for each in first):
        return False
    return first[_FIRST_TEXTS.index("workspace_kind")] in {kind.value for kind in WorkspaceKind}


class _Copy:
    def __init__(self, connection: Connection) -> None:
        self.result = Salvage()
        self._connection = connection
        self._ids: set[str] = set()
        self._workspace_id = ""

    def add_portal(self, row: StoredRow) -> None:
        named = dict(zip(_PORTAL_COLUMNS, row.values, strict=False))
        if not row.is_whole:
            named["damaged"] = DAMAGED_FOR_GOOD
        if type(named["portal_id"]) is not str:
            named |= {"portal_id": new_id(), "damaged": DAMAGED_FOR_GOOD}
        if type(named["workspace_id"]) is str:
            self._workspace_id = named["workspace_id"]
        else:  # most likely that of the row before it
            named |= {"workspace_id": self._workspace_id, "damaged": DAMAGED_FOR_GOOD}
        for name, empty in _EMPTY.items():
            if named.get(name) is None:
                named[name] = empty
        if named["portal_id"] in self._ids or not self._insert(schema.portals, named):
            return
        self._ids.add(named["portal_id"])
        if named.get("twin_of") is not None:
            return
        if named.get("deleted_at") is not None:
            self.result.hidden += 1
        else:
            self.result.portals += 1
            self.result.damaged += bool(named["damaged"] or unreadable_columns(_as_read(named)))

    def add_other(self, row: StoredRow) -> None:
        """Add an event, a report, an attachment, what we call a customer, an entry of a do-not-send
        list, a delivery, or a fact. The tables are told apart by their numbers of columns."""
        values = row.values
        types = [*map(type, values[:3])]
        if len(values) in (6, 7) and types == [NoneType, str, int] and values[1] in self._ids:
            self._insert_row(schema.portal_events, (row.rowid, *values[1:]))
        elif types == [str, str, int] and len(values) == len(schema.do_not_send.columns):
            self._insert_row(schema.do_not_send, values)
        elif len(values) in (4, 5) and types[:2] == [str, int] and values[0] in self._ids:
            self._insert_row(schema.preview_reports, values)
        elif (
            len(values) == len(schema.attachments.columns)
            and types[:2] == [str, str]
            and values[1] in self._ids
        ):
            self._insert_row(schema.attachments, values)
        elif types == [str, str, bytes] and len(values) == len(schema.customer_details.columns):
            self._insert_row(schema.customer_details, values)
        elif (
            # The message is last, and long: a row without it is still worth something.
            len(values) in (_DELIVERY_COLUMNS - 1, _DELIVERY_COLUMNS)
            and types[:2] == [str, str]
            and values[1] in self._ids
        ):
            self._insert_row(schema.deliveries, values)
        elif types == [str, str] and row.is_whole:
            self.add_fact(*values)

    def add_fact(self, name: str, value: str) -> None:
        self._insert_row(schema.meta, (name, value))

    def _insert_row(self, table: Table, values: Sequence[Any]) -> None:
        names = [column.name for column in table.columns]
        self._insert(table, dict(zip(names, values, strict=False)))

    def _insert(self, table: Table, named: dict[str, Any]) -> bool:
        """Insert values as they are. A row that is there, or that lacks a value, is left out."""
        names = ", ".join(f'"{name}"' for name in named)
        places = ", ".join("?" * len(named))
        statement = f"INSERT OR IGNORE INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608
        return bool(self._connection.exec_driver_sql(statement, tuple(named.values())).rowcount)


def _as_read(named: dict[str, Any]) -> list[Any]:
    return [named.get(name) for name in PORTAL_COLUMNS]
