"""Converts portals to and from rows. Standard library only: the first paint reads rows with it.

Times are integer microseconds since 1970 in UTC, which are exact and sort alike everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from seam_portal_desktop.domain.portal.query import fold, search_text
from seam_portal_desktop.domain.portal.record import (
    Channel,
    FailureRecord,
    Outcome,
    PortalKind,
    PortalRecord,
    Sent,
)
from seam_portal_desktop.domain.preview.kinds import CheckLevel
from seam_portal_desktop.domain.workspace import WorkspaceKind

HEAD = "0003"
"""The newest migration's revision."""

KNOWN_REVISIONS = frozenset({"0001", "0002", HEAD})
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
)
"""The columns that `portal_from_row` reads; it reads `url_sealed IS NOT NULL` after them."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WORKSPACE_KINDS = {kind.value: kind for kind in WorkspaceKind}
_KINDS = {kind.value: kind for kind in PortalKind}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_CHANNELS: dict[str | None, Channel | None] = {channel.value: channel for channel in Channel}
_CHANNELS[None] = None
_VERDICTS: dict[str | None, CheckLevel | None] = {level.value: level for level in CheckLevel}
_VERDICTS[None] = None


def to_micros(time: datetime) -> int:
    """Microseconds since 1970 in UTC of an aware `time`."""
    return (time - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware time in UTC, exactly (a float timestamp would round)."""
    return _EPOCH + micros * _MICROSECOND


def sent_values(customer_key: str, sent: Sent | None) -> dict[str, Any]:
    """The columns that hold the sent state."""
    return {
        "sent_at": None if sent is None else to_micros(sent.at),
        "sent_by": None if sent is None else sent.by,
        "sent_channel": None if sent is None or sent.channel is None else sent.channel.value,
        "sent_note": None if sent is None else sent.note,
        "search_text": search_text(customer_key, "" if sent is None else sent.note),
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
    """All columns of `portal` by name, but for its request and its sealed URL."""
    return {
        "portal_id": portal.portal_id,
        "workspace_id": portal.workspace_id,
        "workspace_kind": portal.workspace_kind.value,
        "customer_key": portal.customer_key,
        "customer_key_folded": fold(portal.customer_key),
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
        **failure_values(portal.failure),
        **sent_values(portal.customer_key, portal.sent),
    }


def portal_from_row(row: Sequence[Any]) -> PortalRecord:
    """The portal of a row of PORTAL_COLUMNS and the has-URL flag, in that order."""
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
        has_url,
    ) = row
    return PortalRecord(
        portal_id=portal_id,
        workspace_id=workspace_id,
        workspace_kind=_WORKSPACE_KINDS[workspace_kind],
        customer_key=customer_key,
        outcome=_OUTCOMES[outcome],
        requested_at=from_micros(requested_at),
        created_at=None if created_at is None else from_micros(created_at),
        expires_at=None if expires_at is None else from_micros(expires_at),
        has_url=bool(has_url),
        url_host=url_host,
        seam_request_id=seam_request_id,
        failure=None
        if failure_title is None
        else FailureRecord(failure_title, failure_message, failure_request_id),
        previewed_at=None if previewed_at is None else from_micros(previewed_at),
        sent=None
        if sent_at is None
        else Sent(from_micros(sent_at), sent_by, _CHANNELS[sent_channel], sent_note),
        revoked_at=None if revoked_at is None else from_micros(revoked_at),
        kind=_KINDS[kind],
        renewed_from=renewed_from,
        renewed_to=renewed_to,
        client_session_id=client_session_id,
        preview_of=preview_of,
        preview_verdict=_VERDICTS[preview_verdict],
        preview_concerns=tuple(preview_concerns.split("\n")) if preview_concerns else (),
    )
