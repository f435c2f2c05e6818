"""Converts deliveries to and from rows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import type_coerce
from sqlalchemy.types import NullType

from seam_portal_desktop.adapters.ledger.rows import from_micros, is_time, to_micros
from seam_portal_desktop.adapters.ledger.schema import deliveries
from seam_portal_desktop.domain.message.delivery import (
    Delivery,
    DeliveryContent,
    DeliveryState,
    SendChannel,
)

_log = logging.getLogger(__name__)
_c = deliveries.c

FIELDS = (
    _c.delivery_id,
    _c.portal_id,
    _c.workspace_id,
    _c.channel,
    _c.state,
    _c.at,
    _c.by,
    _c.sender_id,
    _c.template,
    _c.template_version,
    _c.message_id,
    _c.attempts,
    _c.due_at,
    _c.finished_at,
    type_coerce(_c.content_sealed, NullType()),
)
"""The columns that `delivery_of_row` reads."""


def changing_values(delivery: Delivery) -> dict[str, Any]:
    """The columns that a change of `delivery` sets, but for its content."""
    values: dict[str, Any] = {
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "due_at": None if delivery.due_at is None else to_micros(delivery.due_at),
        "finished_at": None if delivery.finished_at is None else to_micros(delivery.finished_at),
    }
    if delivery.content is not None:
        values["reached"] = delivery.content.reached
    return values


def new_values(delivery: Delivery) -> dict[str, Any]:
    """All columns of a new `delivery`, but for what is sealed."""
    return {
        "delivery_id": delivery.delivery_id,
        "portal_id": delivery.portal_id,
        "workspace_id": delivery.workspace_id,
        "channel": delivery.channel.value,
        "at": to_micros(delivery.at),
        "by": delivery.by,
        "sender_id": delivery.sender_id,
        "template": delivery.template,
        "template_version": delivery.template_version,
        "message_id": delivery.message_id,
        **changing_values(delivery),
    }


def delivery_of_row(
    row: Sequence[Any], open_content: Callable[[str, bytes], DeliveryContent | None]
) -> Delivery:
    """The delivery of a row of FIELDS.

    Values that can't be read are replaced. A state that can't be read is MAYBE_SENT.
    """
    (
        delivery_id,
        portal_id,
        workspace_id,
        channel,
        state,
        at,
        by,
        sender_id,
        template,
        version,
        message_id,
        attempts,
        due_at,
        finished_at,
        sealed,
    ) = row
    texts = (delivery_id, portal_id, workspace_id, by, sender_id, template, message_id)
    numbers = (version, attempts)
    is_good = (
        state in _STATES
        and channel in _CHANNELS
        and is_time(at)
        and all(type(text) is str for text in texts)
        and all(type(number) is int for number in numbers)
    )
    if not is_good:
        _log.warning("A delivery of the ledger can't be read whole")
    return Delivery(
        delivery_id=str(delivery_id),
        portal_id=str(portal_id),
        workspace_id=str(workspace_id),
        channel=_CHANNELS.get(channel, SendChannel.SMTP),
        state=_STATES.get(state, DeliveryState.MAYBE_SENT),
        at=from_micros(at if is_time(at) else 0),
        by=_text(by),
        sender_id=_text(sender_id),
        template=_text(template),
        template_version=version if type(version) is int else 0,
        message_id=_text(message_id),
        attempts=attempts if type(attempts) is int else 0,
        due_at=from_micros(due_at) if is_time(due_at) else None,
        finished_at=from_micros(finished_at) if is_time(finished_at) else None,
        content=open_content(str(delivery_id), sealed) if isinstance(sealed, bytes) else None,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


_STATES: dict[Any, DeliveryState] = {each.value: each for each in DeliveryState}
_CHANNELS: dict[Any, SendChannel] = {each.value: each for each in SendChannel}
