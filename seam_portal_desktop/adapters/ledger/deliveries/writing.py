"""Writes deliveries, their portals' rows and events, in the caller's transaction.

Hundreds are written at once, and while messages leave each commit delays one. So each statement is
made once, and takes the values of all rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    Executable,
    and_,
    bindparam,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger import events, failures
from seam_portal_desktop.adapters.ledger.deliveries import changes
from seam_portal_desktop.adapters.ledger.deliveries.changes import Before
from seam_portal_desktop.adapters.ledger.deliveries.rows import (
    FIELDS,
    changing_values,
    delivery_of_row,
    new_values,
)
from seam_portal_desktop.adapters.ledger.deliveries.sealed_content import (
    seal_addresses,
    seal_content,
    seal_message,
)
from seam_portal_desktop.adapters.ledger.events import IDS_AT_A_TIME, NewEvent
from seam_portal_desktop.adapters.ledger.row_access import update_row
from seam_portal_desktop.adapters.ledger.rows import sent_values, to_micros
from seam_portal_desktop.adapters.ledger.schema import deliveries, portals
from seam_portal_desktop.adapters.ledger.seal.data_key import DataKey
from seam_portal_desktop.adapters.ledger.seal.names import event_note_name
from seam_portal_desktop.domain.message.delivery import Delivery, DeliveryContent, DeliveryState
from seam_portal_desktop.domain.portal.event import EventKind, PortalEvent
from seam_portal_desktop.domain.portal.record import Outcome

_T = TypeVar("_T")

_c = deliveries.c
_p = portals.c

_SENT = DeliveryState.SENT.value
_AFTER_SENT = (DeliveryState.SENT, DeliveryState.RETURNED)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ID: BindParameter[Any] = bindparam("id_of_row")
_IS_TO_BE_SENT = or_(
    _c.state == DeliveryState.WAITING.value,
    and_(_c.state == DeliveryState.PARTLY_SENT.value, _c.due_at.is_not(None)),
)
_OPENS = (
    select(_p.portal_id)
    .where(
        _p.portal_id == _c.portal_id,
        _p.outcome == Outcome.CREATED.value,
        _p.damaged == 0,
        _p.deleted_at.is_(None),
        _p.revoked_at.is_(None),
        _p.expires_at > bindparam("now"),
    )
    .exists()
)
_FIND_PORTALS = select(_p.portal_id).where(_p.portal_id.in_(_IDS))
_INSERT = insert(deliveries)
_UPDATE = update(deliveries).where(_c.delivery_id == _ID)
_UPDATE_PORTAL = update(portals).where(_p.portal_id == _ID)
_FIND_BEFORE = (
    select(_c.delivery_id, _c.state, _c.reached, type_coerce(_p.customer_key, NullType()))
    .join(portals, _p.portal_id == _c.portal_id)
    .where(_c.delivery_id.in_(_IDS), _c.state != DeliveryState.UNDONE.value)
)
_MARK = (
    update(deliveries)
    .where(_c.delivery_id.in_(_IDS), _IS_TO_BE_SENT, _OPENS)
    .values(state=DeliveryState.SENDING.value)
    .returning(_c.delivery_id, _c.portal_id)
)
_SHOW_STATE = (
    update(portals)
    .where(_p.portal_id.in_(bindparam("portals", expanding=True)), _p.delivery_id.in_(_IDS))
    .values(delivery_state=bindparam("shown"))
)
_FIND_TO_UNDO = select(*FIELDS).where(_c.delivery_id.in_(_IDS), _IS_TO_BE_SENT)
_FIND_NEWEST = (
    select(_c.delivery_id, _c.state, _c.channel, type_coerce(_c.addresses_sealed, NullType()))
    .where(_c.portal_id == _ID, _c.state != DeliveryState.UNDONE.value)
    .order_by(_c.at.desc(), _c.delivery_id.desc())
    .limit(1)
)


def insert_deliveries(connection: Connection, key: DataKey, new: Sequence[Delivery]) -> None:
    """New rows, which their portals show from now on. Raises LedgerError without their portals."""
    wanted = {each.portal_id for each in new}
    found = _rows(connection, _FIND_PORTALS, sorted(wanted))
    if len(found) < len(wanted):
        raise failures.no_such_portal()
    rows, shown = [], []
    added: list[NewEvent] = []
    for each in new:
        content = each.content or DeliveryContent()
        addresses = seal_addresses(key, each.portal_id, content)
        rows.append(
            {
                **new_values(each),
                "addresses_sealed": addresses,
                "content_sealed": seal_content(key, each.delivery_id, content),
                "message_sealed": seal_message(key, each.delivery_id, content.message),
            }
        )
        shown.append(
            {
                "id_of_row": each.portal_id,
                "delivery_id": each.delivery_id,
                "delivery_state": each.state.value,
                "delivery_channel": each.channel.value,
                "delivered_to_sealed": addresses,
            }
        )
        for event in changes.asked_events(each):
            note = None
            if event.kind is EventKind.SENT_ANYWAY:
                reason = content.override_reason.encode("utf-8", "replace")
                note = key.seal_bytes(event_note_name(each.portal_id), reason)
            added.append(NewEvent(each.portal_id, event, note))
    if rows:
        connection.execute(_INSERT, rows)
        connection.execute(_UPDATE_PORTAL, shown)
        events.add_all(connection, added)


def change_deliveries(
    connection: Connection, key: DataKey, changed: Sequence[Delivery], now: datetime
) -> set[str]:
    """Replace the rows' changing values, but not of rows that are undone or gone. What is sent can
    only come back.

    Returns the portal_ids of the changed ones.
    """
    ids = [each.delivery_id for each in changed]
    before = {
        delivery_id: (Before(state, reached), customer_key)
        for delivery_id, state, reached, customer_key in _rows(connection, _FIND_BEFORE, ids)
    }
    there = [
        each
        for each in changed
        if each.delivery_id in before
        and (before[each.delivery_id][0].state != _SENT or each.state in _AFTER_SENT)
    ]
    rows: list[dict[str, Any]] = []
    sealed_rows: list[dict[str, Any]] = []
    sent_rows: list[dict[str, Any]] = []
    added: list[NewEvent] = []
    for each in there:
        was, customer_key = before[each.delivery_id]
        row = {"id_of_row": each.delivery_id, **changing_values(each)}
        if each.content is None:
            rows.append(row)
        else:
            sealed = seal_content(key, each.delivery_id, each.content)
            sealed_rows.append(row | {"content_sealed": sealed})
        sent = changes.sent_of(was, each, now)
        if sent is not None:
            values = sent_values(str(customer_key), sent, None)
            sent_rows.append({"id_of_row": each.portal_id, **values})
        event = changes.changed_event(was, each, sent, now)
        if event is not None:
            added.append(NewEvent(each.portal_id, event))
    for statement, values_of_rows in (
        (_UPDATE, rows),
        (_UPDATE, sealed_rows),
        (_UPDATE_PORTAL, sent_rows),
    ):
        if values_of_rows:
            connection.execute(statement, values_of_rows)
    events.add_all(connection, added)
    moved = [each for each in there if before[each.delivery_id][0].state != each.state.value]
    moved.sort(key=_state_of)
    for state, group in groupby(moved, _state_of):
        _show_state(connection, [(each.delivery_id, each.portal_id) for each in group], state)
    for each in there:
        if each.state is DeliveryState.UNDONE:
            _show_newest(connection, each.portal_id)
    return {each.portal_id for each in there}


def mark_sending(
    connection: Connection, delivery_ids: Sequence[str], now: datetime
) -> list[tuple[str, str]]:
    """The (delivery_id, portal_id) of the rows that it changed."""
    rows = _rows(connection, _MARK, delivery_ids, now=to_micros(now))
    marked = [(delivery_id, portal_id) for delivery_id, portal_id in rows]
    _show_state(connection, marked, DeliveryState.SENDING.value)
    return marked


def undo(
    connection: Connection, delivery_ids: Sequence[str], now: datetime, by: str
) -> list[tuple[str, str]]:
    """The (delivery_id, portal_id) of the rows that it changed."""
    rows = _rows(connection, _FIND_TO_UNDO, delivery_ids)
    found = [delivery_of_row(row, lambda *_: None) for row in rows]
    added: list[NewEvent] = []
    for each in found:
        values: dict[str, Any] = {"due_at": None, "finished_at": to_micros(now)}
        if each.state is DeliveryState.WAITING:
            values["state"] = DeliveryState.UNDONE.value
            event = PortalEvent(now, EventKind.SEND_UNDONE, by, changes.detail_of(each))
            added.append(NewEvent(each.portal_id, event))
        connection.execute(_UPDATE, {"id_of_row": each.delivery_id, **values})
        _show_newest(connection, each.portal_id)
    events.add_all(connection, added)
    return [(each.delivery_id, each.portal_id) for each in found]


def _state_of(delivery: Delivery) -> str:
    return delivery.state.value


def _parts(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), IDS_AT_A_TIME):
        yield values[start : start + IDS_AT_A_TIME]


def _rows(
    connection: Connection, statement: Executable, ids: Sequence[str], **values: object
) -> list[Sequence[Any]]:
    return [
        row
        for some in _parts(ids)
        for row in connection.execute(statement, {"ids": some, **values})
    ]


def _show_state(connection: Connection, rows: Sequence[tuple[str, str]], state: str) -> None:
    """Let the portals of these (delivery_id, portal_id) show `state`, if theirs is the newest."""
    for some in _parts(rows):
        values = {
            "ids": [delivery_id for delivery_id, _ in some],
            "portals": [portal_id for _, portal_id in some],
            "shown": state,
        }
        connection.execute(_SHOW_STATE, values)


def _show_newest(connection: Connection, portal_id: str) -> None:
    """Let the portal show its newest delivery that isn't undone, or none."""
    newest = connection.execute(_FIND_NEWEST, {"id_of_row": portal_id}).one_or_none()
    delivery_id, state, channel, addresses = newest or (None, None, None, None)
    update_row(
        connection,
        portal_id,
        delivery_id=delivery_id,
        delivery_state=state,
        delivery_channel=channel,
        delivered_to_sealed=addresses,
    )
