"""Reads and writes the events of portals."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, literal, select, type_coerce, update
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger.rows import from_micros, is_time, to_micros
from seam_portal_desktop.adapters.ledger.schema import portal_events, portals
from seam_portal_desktop.domain.portal.event import NEVER_STORED, EventKind, PortalEvent
from seam_portal_desktop.domain.portal.record import FailureRecord, Outcome

IDS_AT_A_TIME = 500
"""SQLite takes a limited number of parameters in one statement."""

_log = logging.getLogger(__name__)
_c = portal_events.c
_INSERT = insert(portal_events)


class NewEvent(NamedTuple):
    """An event to be written, with its note if it has one."""

    portal_id: str
    event: PortalEvent
    sealed_note: bytes | None = None


def add(
    connection: Connection, portal_id: str, event: PortalEvent, sealed_note: bytes | None = None
) -> None:
    """Write one event in the caller's transaction. Its detail has no note."""
    add_all(connection, [NewEvent(portal_id, event, sealed_note)])


def add_all(connection: Connection, new: Sequence[NewEvent]) -> None:
    """Write these events in the caller's transaction. Their details have no note."""
    if new:
        connection.execute(
            _INSERT,
            [
                {
                    "portal_id": each.portal_id,
                    "at": to_micros(each.event.at),
                    "kind": each.event.kind.value,
                    "by": each.event.by,
                    "detail": _as_json(each.event.detail),
                    "note_sealed": each.sealed_note,
                }
                for each in new
            ],
        )


def forget_notes(connection: Connection, portal_id: str) -> None:
    """Remove the notes from the portal's events."""
    of_portal = _c.portal_id == portal_id
    connection.execute(update(portal_events).where(of_portal).values(note_sealed=None))
    plain = select(_c.event_id, _c.detail).where(of_portal, _c.detail.contains('"note"'))
    for event_id, text in connection.execute(plain).all():
        detail = _detail(text)
        if detail is not None:
            replace_note(connection, event_id, detail, None)


def replace_note(
    connection: Connection, event_id: int, detail: dict[str, str], sealed: bytes | None
) -> None:
    """Write the event's detail without its note, and `sealed` instead."""
    rest = {name: value for name, value in detail.items() if name != "note"}
    row = update(portal_events).where(_c.event_id == event_id)
    connection.execute(row.values(detail=_as_json(rest), note_sealed=sealed))


def with_plain_note(
    connection: Connection, after: int | None, limit: int
) -> list[tuple[int, str, dict[str, str] | None]]:
    """Events of an earlier version with a note: their id, portal_id and detail, by their ids.

    `after` is the id that they follow. The detail is None if it can't be read.
    """
    found = (
        select(_c.event_id, _c.portal_id, _c.detail)
        .where(_c.kind == EventKind.SENT.value, _c.detail.contains('"note"'))
        .order_by(_c.event_id)
        .limit(limit)
    )
    rows = connection.execute(found if after is None else found.where(_c.event_id > after))
    return [(event_id, portal_id, _detail(text)) for event_id, portal_id, text in rows]


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


def of_portals(
    connection: Connection,
    portal_ids: Sequence[str],
    read_note: Callable[[str, bytes], Mapping[str, str]],
) -> dict[str, list[PortalEvent]]:
    """The events by portal_id, oldest first, of the rows that aren't deleted.

    `read_note` gives what the detail has of a portal's sealed note. An event that can't be read has
    the kind damaged, and the time of the one before it if its own can't be read either.
    """
    found: dict[str, list[PortalEvent]] = {}
    damaged = 0
    sealed_note = type_coerce(_c.note_sealed, NullType())
    for start in range(0, len(portal_ids), IDS_AT_A_TIME):
        wanted = portal_ids[start : start + IDS_AT_A_TIME]
        rows = connection.execute(
            select(portals.c.portal_id, _c.at, _c.kind, _c.by, _c.detail, sealed_note)
            .join(portals, portals.c.portal_id == _c.portal_id)
            .where(_c.portal_id.in_(wanted), portals.c.deleted_at.is_(None))
            .order_by(_c.portal_id, _c.at, _c.event_id)
        )
        for portal_id, *values in rows:
            of_portal = found.setdefault(portal_id, [])
            event = _event(values, partial(read_note, portal_id))
            if event is None:
                damaged += 1
                micros = values[0] if is_time(values[0]) else None
                before = of_portal[-1].at if of_portal else from_micros(0)
                at = before if micros is None else from_micros(micros)
                event = PortalEvent(at, EventKind.DAMAGED)
            of_portal.append(event)
    if damaged:
        _log.warning("%d events of the ledger can't be read", damaged)
    return found


def last_of(connection: Connection, portal_id: str, kind: EventKind) -> PortalEvent | None:
    """The newest event of that kind of the row, without its note. None if it can't be read."""
    row = connection.execute(
        select(_c.at, _c.by, _c.detail)
        .where(_c.portal_id == portal_id, _c.kind == kind.value)
        .order_by(_c.at.desc(), _c.event_id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    micros, by, detail = row
    return _event((micros, kind.value, by, detail, None), lambda _: {})


def _event(
    row: Sequence[Any], read_note: Callable[[bytes], Mapping[str, str]]
) -> PortalEvent | None:
    """The event with this time, kind, user, detail and sealed note. None if it can't be read."""
    micros, kind, by, text, sealed_note = row
    detail = _detail(text)
    if detail is None or not is_time(micros) or kind not in _KINDS or type(by) is not str:
        return None
    if sealed_note is not None:
        detail |= read_note(sealed_note if isinstance(sealed_note, bytes) else b"")
    return PortalEvent(from_micros(micros), EventKind(kind), by, detail)


def failure_detail(failure: FailureRecord) -> Mapping[str, str]:
    return {"title": failure.title, "message": failure.message}


def _as_json(detail: Mapping[str, str]) -> str:
    return json.dumps(dict(detail))


def _detail(text: object) -> dict[str, str] | None:
    """The detail of an event's row. None if it can't be read."""
    if type(text) is not str:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    detail = {name: value for name, value in found.items() if value}
    return detail if all(type(value) is str for value in detail.values()) else None


_KINDS = frozenset(kind.value for kind in EventKind if kind not in NEVER_STORED)
