"""Converts portals to and from rows. Standard library only: the first paint reads rows with it.

Times are integer microseconds since 1970 in UTC, which are exact and sort alike everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from seam_portal_desktop.domain.message.delivery import DeliveryState, SendChannel
from seam_portal_desktop.domain.portal.customer_details import NO_DETAILS, CustomerDetails
from seam_portal_desktop.domain.portal.query import fold, search_text
from seam_portal_desktop.domain.portal.record import (
    Channel,
    FailureRecord,
    LinkState,
    Outcome,
    PortalKind,
    PortalRecord,
    Sent,
)
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.domain.workspace import WorkspaceKind

HEAD = "0008"
"""The newest migration's revision."""

KNOWN_REVISIONS = frozenset({"0001", "0002", "0003", "0004", "0005", "0006", "0007", HEAD})
"""Every revision that this program can read or migrate."""

PORTAL_COLUMNS = (
    "portal_id",
    "workspace_id",
    "workspace_kind",
    "customer_key",
    "outcome",
    "requested_at",
    "created_at",
    "expires_at",
    "url_host",
    "seam_request_id",
    "failure_title",
    "failure_message",
    "failure_request_id",
    "previewed_at",
    "sent_at",
    "sent_by",
    "sent_channel",
    "sent_note",
    "revoked_at",
    "kind",
    "renewed_from",
    "renewed_to",
    "client_session_id",
    "twin_of",
    "preview_verdict",
    "preview_concerns",
    "damaged",
    "created_by",
    "preset",
    "delivery_state",
    "delivery_channel",
)
"""The columns that `portal_from_row` reads, but for the four that follow them in a row: the
header of `url_sealed` (or whether there is one), `sent_note_sealed`, `details_sealed` of the
customer, and `delivered_to_sealed`."""


class KeysAtHand(NamedTuple):
    """What the keys tell that are at hand. All are called on the ledger's thread."""

    open_note: Callable[[str, bytes], str | None]
    """Decrypts the note of the portal with this id. None if its key isn't at hand, or never was."""

    link_state: Callable[[bytes], LinkState]
    """The state of a link from the header of its sealed content."""

    open_details: Callable[[str, str, bytes], CustomerDetails]
    """Decrypts what we call the customer with this workspace_id and key. Empty without its key."""

    open_addresses: Callable[[str, bytes], tuple[str, ...]]
    """Decrypts to whom the link of the portal with this id was sent last. Empty without its key."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

FIRST_MICROS = (datetime(1, 1, 3, tzinfo=UTC) - _EPOCH) // _MICROSECOND
LAST_MICROS = (datetime(9999, 12, 29, tzinfo=UTC) - _EPOCH) // _MICROSECOND
"""A time outside of these is damaged. Each can be shown in any time zone."""

ENUMS: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "workspace_kind": WorkspaceKind,
        "outcome": Outcome,
        "sent_channel": Channel,
        "kind": PortalKind,
        "preview_verdict": CheckLevel,
        "delivery_state": DeliveryState,
        "delivery_channel": SendChannel,
    }
)
REQUIRED_TEXTS = (
    "portal_id",
    "workspace_id",
    "workspace_kind",
    "customer_key",
    "outcome",
    "kind",
)
REQUIRED_TIMES = ("requested_at",)
TIMES = (*REQUIRED_TIMES, "created_at", "expires_at", "previewed_at", "sent_at", "revoked_at")
TEXTS = tuple(name for name in PORTAL_COLUMNS if name not in (*TIMES, "damaged"))


class UndecodableText(str):
    """A text of the database that isn't UTF-8, with U+FFFD for each wrong byte."""

    __slots__ = ()


def decode_text(content: bytes) -> str:
    """The driver's decoder. By default it would refuse all rows of a query for one wrong byte."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return UndecodableText(content.decode("utf-8", "replace"))


def to_micros(time: datetime) -> int:
    """Microseconds since 1970 in UTC of an aware `time`."""
    return (time - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware time in UTC, exactly (a float timestamp would round)."""
    return _EPOCH + micros * _MICROSECOND


def is_time(value: object) -> bool:
    """Whether `value` is a time that `from_micros` takes and that can be shown."""
    return type(value) is int and FIRST_MICROS <= value <= LAST_MICROS


def sent_values(customer_key: str, sent: Sent | None, sealed_note: bytes | None) -> dict[str, Any]:
    """The columns that hold the sent state."""
    return {
        "sent_at": None if sent is None else to_micros(sent.at),
        "sent_by": None if sent is None else sent.by,
        "sent_channel": None if sent is None or sent.channel is None else sent.channel.value,
        "sent_note": None,
        "sent_note_sealed": sealed_note,
        "search_text": search_text(customer_key, ""),
    }


def failure_values(failure: FailureRecord | None) -> dict[str, Any]:
    """The columns that hold why a row failed."""
    return {
        "failure_title": failure and failure.title,
        "failure_message": failure and failure.message,
        "failure_request_id": failure and failure.seam_request_id,
    }


def lines(texts: Sequence[str]) -> str | None:
    """`texts`, each of one line, as the text of one column."""
    return "\n".join(texts) or None


def portal_values(portal: PortalRecord) -> dict[str, Any]:
    """All columns of a new `portal` by name, but for its request."""
    return {
        "portal_id": portal.portal_id,
        "workspace_id": portal.workspace_id,
        "workspace_kind": portal.workspace_kind.value,
        "customer_key": portal.customer_key,
        "customer_key_folded": fold(portal.customer_key),
        "search_text": search_text(portal.customer_key, ""),
        "outcome": portal.outcome.value,
        "requested_at": to_micros(portal.requested_at),
        "created_at": None if portal.created_at is None else to_micros(portal.created_at),
        "expires_at": None if portal.expires_at is None else to_micros(portal.expires_at),
        "url_host": portal.url_host,
        "seam_request_id": portal.seam_request_id,
        "previewed_at": None if portal.previewed_at is None else to_micros(portal.previewed_at),
        "revoked_at": None if portal.revoked_at is None else to_micros(portal.revoked_at),
        "kind": portal.kind.value,
        "renewed_from": portal.renewed_from,
        "renewed_to": portal.renewed_to,
        "client_session_id": portal.client_session_id,
        "twin_of": portal.preview_of,
        "preview_verdict": portal.preview_verdict and portal.preview_verdict.value,
        "preview_concerns": lines(portal.preview_concerns),
        "created_by": portal.created_by,
        "created_by_folded": fold(portal.created_by),
        "preset": portal.preset,
        "preset_folded": fold(portal.preset),
        **failure_values(portal.failure),
    }


def unreadable_columns(row: Sequence[Any]) -> list[str]:
    """The names of PORTAL_COLUMNS whose value in `row` can't be what the program wrote."""
    return [
        name
        for name, is_good, value in zip(PORTAL_COLUMNS, _IS_GOOD, row, strict=False)
        if not is_good(value)
    ]


def portal_from_row(row: Sequence[Any], keys: KeysAtHand | None = None) -> PortalRecord:
    """The portal of a row (see PORTAL_COLUMNS).

    A row with an unreadable value gives a record with the outcome damaged, and with what can be
    read. ``sent.note`` is None if there is a note and `keys` can't give it.
    """
    bad = unreadable_columns(row)
    if not bad:
        return _portal(row, keys)
    readable = list(row)
    for name in bad:
        readable[_POSITION[name]] = _replacement(name, row)
    readable[_POSITION["outcome"]] = Outcome.DAMAGED.value
    return _portal(readable, keys)


def _replacement(name: str, row: Sequence[Any]) -> Any:  # noqa: ANN401 - a column's value
    """What is read instead of an unreadable value."""
    if name == "kind":
        is_copy = row[_POSITION["twin_of"]] is not None
        return (PortalKind.SAFE_PREVIEW if is_copy else PortalKind.PORTAL).value
    if name == "workspace_kind":
        return WorkspaceKind.PRODUCTION.value
    if name == "requested_at":
        created = row[_POSITION["created_at"]]
        return created if is_time(created) else 0
    if name in ENUMS or name in TIMES:
        return None
    value = row[_POSITION[name]]
    if isinstance(value, str):
        return str(value)
    return "" if name in REQUIRED_TEXTS else None


def _portal(row: Sequence[Any], keys: KeysAtHand | None) -> PortalRecord:
    (
        portal_id,
        workspace_id,
        workspace_kind,
        customer_key,
        outcome,
        requested_at,
        created_at,
        expires_at,
        url_host,
        seam_request_id,
        failure_title,
        failure_message,
        failure_request_id,
        previewed_at,
        sent_at,
        sent_by,
        sent_channel,
        sent_note,
        revoked_at,
        kind,
        renewed_from,
        renewed_to,
        client_session_id,
        preview_of,
        preview_verdict,
        preview_concerns,
        damaged,
        created_by,
        preset,
        delivery_state,
        delivery_channel,
        url_header,
        sealed_note,
        sealed_details,
        sealed_addresses,
    ) = row
    note: str | None = sent_note or ""
    if sealed_note:
        is_bytes = isinstance(sealed_note, bytes)
        note = keys.open_note(portal_id, sealed_note) if keys is not None and is_bytes else None
    details = NO_DETAILS
    if keys is not None and isinstance(sealed_details, bytes):
        details = keys.open_details(workspace_id, customer_key, sealed_details)
    delivered_to: tuple[str, ...] = ()
    if keys is not None and isinstance(sealed_addresses, bytes):
        delivered_to = keys.open_addresses(portal_id, sealed_addresses)
    link_state = LinkState.KEPT
    if keys is not None and isinstance(url_header, bytes):
        link_state = keys.link_state(url_header)
    return PortalRecord(
        portal_id=portal_id,
        workspace_id=workspace_id,
        workspace_kind=_WORKSPACE_KINDS[workspace_kind],
        customer_key=customer_key,
        outcome=Outcome.DAMAGED if damaged else _OUTCOMES[outcome],
        requested_at=from_micros(requested_at),
        created_at=None if created_at is None else from_micros(created_at),
        expires_at=None if expires_at is None else from_micros(expires_at),
        has_url=url_header is not None and url_header != 0,
        url_host=url_host,
        seam_request_id=seam_request_id,
        failure=None
        if failure_title is None
        else FailureRecord(failure_title, failure_message or "", failure_request_id),
        previewed_at=None if previewed_at is None else from_micros(previewed_at),
        sent=None
        if sent_at is None
        else Sent(from_micros(sent_at), sent_by or "", _CHANNELS[sent_channel], note),
        revoked_at=None if revoked_at is None else from_micros(revoked_at),
        kind=_KINDS[kind],
        renewed_from=renewed_from,
        renewed_to=renewed_to,
        client_session_id=client_session_id,
        preview_of=preview_of,
        preview_verdict=_VERDICTS[preview_verdict],
        preview_concerns=tuple(preview_concerns.split("\n")) if preview_concerns else (),
        link_state=link_state,
        customer_name=details.name,
        tags=details.tags,
        created_by=created_by or "",
        preset=preset or "",
        delivery_state=_DELIVERY_STATES[delivery_state],
        delivery_channel=_SEND_CHANNELS[delivery_channel],
        delivered_to=delivered_to,
    )


_WORKSPACE_KINDS = {kind.value: kind for kind in WorkspaceKind}
_KINDS = {kind.value: kind for kind in PortalKind}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_CHANNELS: dict[str | None, Channel | None] = {channel.value: channel for channel in Channel}
_CHANNELS[None] = None
_VERDICTS: dict[str | None, CheckLevel | None] = {level.value: level for level in CheckLevel}
_VERDICTS[None] = None
_DELIVERY_STATES: dict[str | None, DeliveryState | None] = {
    each.value: each for each in DeliveryState
}
_DELIVERY_STATES[None] = None
_SEND_CHANNELS: dict[str | None, SendChannel | None] = {each.value: each for each in SendChannel}
_SEND_CHANNELS[None] = None
_POSITION = {name: at for at, name in enumerate(PORTAL_COLUMNS)}


def _check_of(name: str) -> Callable[[Any], bool]:
    """The function that tells whether a value of the column can be read."""
    if name == "damaged":
        return lambda value: type(value) is int
    if name in REQUIRED_TIMES:
        return is_time
    if name in TIMES:
        return lambda value: value is None or is_time(value)
    if name in ENUMS:
        values = {each.value for each in ENUMS[name]} | (
            set() if name in REQUIRED_TEXTS else {None}
        )
        return lambda value: (type(value) is str or value is None) and value in values
    if name in REQUIRED_TEXTS:
        return lambda value: type(value) is str
    return lambda value: value is None or type(value) is str


_IS_GOOD = tuple(map(_check_of, PORTAL_COLUMNS))
