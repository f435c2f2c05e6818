"""Contents of deliveries at rest: encrypted as links are, each under a name of its row."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from seam_portal_desktop.adapters.ledger.seal.data_key import DataKey
from seam_portal_desktop.adapters.ledger.seal.names import (
    delivered_to_name,
    delivery_message_name,
    delivery_name,
)
from seam_portal_desktop.domain.message.address import MailAddress, Recipients
from seam_portal_desktop.domain.message.delivery import (
    DeliveryContent,
    RecipientResult,
    RecipientState,
)
from seam_portal_desktop.domain.portal.query import has_recipient

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
_FASTEST = 1
"""A message is compressed while others wait for the ledger."""

_MOST_OPENED = 50_000
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class OpensText(Protocol):
    def __call__(self, name: str, sealed: bytes) -> str | None:
        """The text that was sealed under `name`, or None without its key."""


def seal_content(key: DataKey, delivery_id: str, content: DeliveryContent) -> bytes:
    """All of `content` but its message."""
    lines = content.recipients
    value = {
        "to": _as_lists(lines.to),
        "cc": _as_lists(lines.cc),
        "bcc": _as_lists(lines.bcc),
        "results": [[each.address, each.state.value, each.answer] for each in content.results],
        "subject": content.subject,
        "answer": content.answer,
        "problem": content.problem,
        "override_reason": content.override_reason,
    }
    return key.seal_bytes(delivery_name(delivery_id), _encoded(value))


def seal_message(key: DataKey, delivery_id: str, message: bytes) -> bytes | None:
    """None for an empty message."""
    if not message:
        return None
    return key.seal_bytes(delivery_message_name(delivery_id), zlib.compress(message, _FASTEST))


def seal_addresses(key: DataKey, portal_id: str, content: DeliveryContent) -> bytes:
    """The recipients' addresses, for the portal's row."""
    addresses = [each.address for each in content.recipients.everyone]
    return key.seal_bytes(delivered_to_name(portal_id), _encoded(addresses))


def decode_content(text: str) -> DeliveryContent | None:
    """What `seal_content` sealed. None for anything else."""
    try:
        value = json.loads(text)
        texts = [value[name] for name in ("subject", "answer", "problem", "override_reason")]
        if not all(isinstance(each, str) for each in texts):
            return None
        subject, answer, problem, override_reason = texts
        return DeliveryContent(
            Recipients(*(_as_addresses(value[name]) for name in ("to", "cc", "bcc"))),
            tuple(
                RecipientResult(str(address), RecipientState(state), str(line))
                for address, state, line in value["results"]
            ),
            subject,
            b"",
            answer,
            problem,
            override_reason,
        )
    except _UNREADABLE:
        return None


def decode_message(content: bytes) -> bytes | None:
    """What `seal_message` sealed. None for anything else."""
    try:
        return zlib.decompress(content)
    except zlib.error:
        return None


class AddressReader:
    """Opens the addresses of portals' rows with the keys that are at hand. Its methods are called
    on the ledger's thread."""

    def __init__(self, open_text: OpensText) -> None:
        self._open_text = open_text
        self._opened: dict[bytes, tuple[str, ...]] = {}

    def open(self, portal_id: str, sealed: bytes) -> tuple[str, ...]:
        """Empty without the key."""
        addresses = self._opened.get(sealed)
        if addresses is None:
            text = self._open_text(delivered_to_name(portal_id), sealed)
            if text is None:
                return ()
            if len(self._opened) >= _MOST_OPENED:
                self._opened.clear()
            addresses = self._opened[sealed] = _decoded_addresses(text)
        return addresses

    def ids_of(self, recipients: Iterable[str], rows: Iterable[Sequence[Any]]) -> list[str]:
        """The portal_ids of the rows of (portal_id, sealed addresses) that have a recipient."""
        return [
            portal_id
            for portal_id, sealed in rows
            if isinstance(sealed, bytes) and has_recipient(self.open(portal_id, sealed), recipients)
        ]


def _decoded_addresses(text: str) -> tuple[str, ...]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _as_lists(addresses: Sequence[MailAddress]) -> list[list[str]]:
    return [[each.address, each.name] for each in addresses]


def _as_addresses(value: Sequence[Sequence[str]]) -> tuple[MailAddress, ...]:
    return tuple(MailAddress(str(address), str(name)) for address, name in value)


def _encoded(value: Any) -> bytes:  # noqa: ANN401 - what JSON takes
    return _ENCODER.encode(value).encode("utf-8", "replace")
