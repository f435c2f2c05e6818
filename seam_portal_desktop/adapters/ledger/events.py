"""Reads and writes the events of portals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, literal, select

from seam_portal_desktop.adapters.ledger.rows import from_micros, to_micros
from seam_portal_desktop.adapters.ledger.schema import portal_events, portals
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.record import FailureRecord, Outcome

IDS_AT_A_TIME = 500
"""SQLite takes a limited number of parameters in one statement."""

_c = portal_events.c


def add(connection: Connection, portal_id: str, event: PortalEvent) -> None:
    """Write one event in the caller's transaction."""
    connection.execute(
        insert(portal_events).values(
            portal_id=portal_id,
            at=to_micros(event.at),
            kind=event.kind.value,
            by=event.by,
            detail=_as_json(event.detail),
        )
    )


def add_interrupted(connection: Connection, failure: FailureRecord, micros: int) -> None:
    """Write an `unknown` event for every row that still waits for its answer."""
    waiting = select(
        portals.c.portal_id,
        literal(micros),
        literal(EventKind.UNKNOWN.value),
        literal(""),
        literal(_as_json(failure_detail(failure))),
    ).where(portals.c.outcome == Outcome.REQUESTED.value)
    names = ["portal_id", "at", "kind", "by", "detail"]
    connection.execute(insert(portal_events).from_select(names, waiting))


def of_portals(connection: Connection, portal_ids: Sequence[str]) -> dict[str, list[PortalEvent]]:
    """The events by portal_id, oldest first, of the rows that aren't deleted."""
    found: dict[str, list[PortalEvent]] = {}
    for start in range(0, len(portal_ids), IDS_AT_A_TIME):
        wanted = portal_ids[start : start + IDS_AT_A_TIME]
        rows = connection.execute(
            select(portals.c.portal_id, _c.at, _c.kind, _c.by, _c.detail)
            .join(portals, portals.c.portal_id == _c.portal_id)
            .where(_c.portal_id.in_(wanted), portals.c.deleted_at.is_(None))
            .order_by(_c.portal_id, _c.at, _c.event_id)
        )
        for portal_id, micros, kind, by, detail in rows:
            event = PortalEvent(from_micros(micros), EventKind(kind), by, _from_json(detail))
            found.setdefault(portal_id, []).append(event)
    return found


def last_of(connection: Connection, portal_id: str, kind: EventKind) -> PortalEvent | None:
    """The newest event of that kind of the row."""
    row = connection.execute(
        select(_c.at, _c.by, _c.detail)
        .where(_c.portal_id == portal_id, _c.kind == kind.value)
        .order_by(_c.at.desc(), _c.event_id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    micros, by, detail = row
    return PortalEvent(from_micros(micros), kind, by, _from_json(detail))


def failure_detail(failure: FailureRecord) -> Mapping[str, str]:
    return {"title": failure.title, "message": failure.message}


def _as_json(detail: Mapping[str, str]) -> str:
    return json.dumps(dict(detail))


def _from_json(text: str) -> dict[str, str]:
    return {name: value for name, value in json.loads(text).items() if value}
